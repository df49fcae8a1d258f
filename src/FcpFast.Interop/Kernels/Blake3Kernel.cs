using System.Runtime.Intrinsics;

namespace FcpFast.Interop.Kernels;

/// <summary>The BLAKE3 functions of one width, behind pointers so that the code around it is not compiled once a width.</summary>
internal readonly unsafe struct Blake3Kernel
{
    public static Blake3Kernel Of128 { get; } = Of<Lanes128, Vector128<uint>>();

    public static Blake3Kernel Of256 { get; } = Of<Lanes256, Vector256<uint>>();

    public static Blake3Kernel Of512 { get; } = Of<Lanes512, Vector512<uint>>();

    /// <summary>Chunks or parents of one pass.</summary>
    public int Lanes { get; private init; }

    /// <summary><see cref="Blake3Pass.Compress"/>.</summary>
    public delegate*<Blake3Jobs*, uint*, uint, uint, bool, void> Compress { get; private init; }

    /// <summary><see cref="Blake3Pass.HashEven"/>.</summary>
    public delegate*<LaneInputs*, byte*, uint*, uint, byte*, void> HashEven { get; private init; }

    private static Blake3Kernel Of<TLanes, T>()
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        // SAFETY: pointers to static methods of this assembly, which live as long as the process.
        return new Blake3Kernel
        {
            Lanes = 4 * TLanes.Groups,
            Compress = &Blake3Pass.Compress<TLanes, T>,
            HashEven = &Blake3Pass.HashEven<TLanes, T>,
        };
    }
}
