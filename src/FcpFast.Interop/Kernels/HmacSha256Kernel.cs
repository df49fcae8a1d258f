using System.Runtime.Intrinsics;

namespace FcpFast.Interop.Kernels;

/// <summary>The HMAC-SHA-256 functions of one width, behind pointers so that the code around them is not compiled once a width.</summary>
internal readonly unsafe struct HmacSha256Kernel
{
    public static HmacSha256Kernel Of128 { get; } = Of<Lanes128, Vector128<uint>>();

    public static HmacSha256Kernel Of256 { get; } = Of<Lanes256, Vector256<uint>>();

    public static HmacSha256Kernel Of512 { get; } = Of<Lanes512, Vector512<uint>>();

    /// <summary>Messages of one pass.</summary>
    public int Lanes { get; private init; }

    /// <summary><see cref="HmacSha256Pass.Compute"/>.</summary>
    public delegate*<LaneInputs*, uint*, byte*, void> Compute { get; private init; }

    /// <summary><see cref="HmacSha256Pass.KeyStates"/>.</summary>
    public delegate*<byte**, uint*, void> KeyStates { get; private init; }

    private static HmacSha256Kernel Of<TLanes, T>()
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        // SAFETY: pointers to static methods of this assembly, which live as long as the process.
        return new HmacSha256Kernel
        {
            Lanes = 4 * TLanes.Groups,
            Compute = &HmacSha256Pass.Compute<TLanes, T>,
            KeyStates = &HmacSha256Pass.KeyStates<TLanes, T>,
        };
    }
}
