using System.Runtime.Intrinsics;

namespace FcpFast.Interop.Kernels;

/// <summary>The ChaCha20 functions of one width, behind pointers so that the code around them is not compiled once a width.</summary>
internal readonly unsafe struct ChaCha20Kernel
{
    public static ChaCha20Kernel Of128 { get; } = Of<Lanes128, Vector128<uint>>();

    public static ChaCha20Kernel Of256 { get; } = Of<Lanes256, Vector256<uint>>();

    public static ChaCha20Kernel Of512 { get; } = Of<Lanes512, Vector512<uint>>();

    /// <summary>Blocks of one pass.</summary>
    public int Lanes { get; private init; }

    /// <summary>True if block 0 costs next to nothing beside a pass, so that no lane need be spent on it.</summary>
    public bool HasRoomBeside { get; private init; }

    /// <summary><see cref="ChaCha20Pass.Combine"/>.</summary>
    public delegate*<byte*, byte**, byte**, void> Combine { get; private init; }

    /// <summary><see cref="ChaCha20Pass.CombineRun{TLanes, T}(uint*, byte*, nint, byte*)"/>.</summary>
    public delegate*<uint*, byte*, nint, byte*, void> CombineRun { get; private init; }

    /// <summary><see cref="ChaCha20Pass.CombineRunAndFirst"/>.</summary>
    public delegate*<uint*, byte*, nint, byte*, byte*, void> CombineRunAndFirst { get; private init; }

    /// <summary><see cref="ChaCha20Pass.FirstBlocks"/>.</summary>
    public delegate*<byte*, byte*, byte*, byte*, byte*, byte**, void> FirstBlocks { get; private init; }

    /// <summary><see cref="ChaCha20Pass.DeriveSubkeys"/>.</summary>
    public delegate*<byte*, byte*, void> DeriveSubkeys { get; private init; }

    private static ChaCha20Kernel Of<TLanes, T>()
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        // SAFETY: pointers to static methods of this assembly, which live as long as the process.
        return new ChaCha20Kernel
        {
            Lanes = 4 * TLanes.Groups,
            HasRoomBeside = TLanes.RegistersAreMany,
            Combine = &ChaCha20Pass.Combine<TLanes, T>,
            CombineRun = &ChaCha20Pass.CombineRun<TLanes, T>,
            CombineRunAndFirst = &ChaCha20Pass.CombineRunAndFirst<TLanes, T>,
            FirstBlocks = &ChaCha20Pass.FirstBlocks<TLanes, T>,
            DeriveSubkeys = &ChaCha20Pass.DeriveSubkeys<TLanes, T>,
        };
    }
}
