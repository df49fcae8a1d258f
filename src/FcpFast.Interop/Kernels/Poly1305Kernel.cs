using System.Runtime.Intrinsics;

namespace FcpFast.Interop.Kernels;

/// <summary>The Poly1305 functions of one width, behind pointers so that the code around them is not compiled once a width.</summary>
internal readonly unsafe struct Poly1305Kernel
{
    public static Poly1305Kernel Of128 { get; } = Of<Lanes128, Vector128<uint>>();

    public static Poly1305Kernel Of256 { get; } = Of<Lanes256, Vector256<uint>>();

    public static Poly1305Kernel Of512 { get; } = Of<Lanes512, Vector512<uint>>();

    /// <summary>Messages of one run.</summary>
    public int Lanes { get; private init; }

    /// <summary>Bytes of a vector.</summary>
    public int VectorBytes { get; private init; }

    /// <summary><see cref="Poly1305Lanes.Start"/>.</summary>
    public delegate*<byte*, byte**, bool, void> Start { get; private init; }

    /// <summary><see cref="Poly1305Lanes.Absorb"/>.</summary>
    public delegate*<byte*, bool, byte**, nint, nint, void> Absorb { get; private init; }

    /// <summary><see cref="Poly1305Lanes.Finish"/>.</summary>
    public delegate*<byte*, byte*, void> Finish { get; private init; }

    /// <summary><see cref="Poly1305Lanes.StartRun"/>.</summary>
    public delegate*<byte*, Poly1305Sum*, bool, void> StartRun { get; private init; }

    /// <summary><see cref="Poly1305Lanes.AbsorbRun"/>.</summary>
    public delegate*<byte*, bool, byte*, nint, void> AbsorbRun { get; private init; }

    /// <summary><see cref="Poly1305Lanes.EndRun"/>.</summary>
    public delegate*<byte*, Poly1305Sum*, void> EndRun { get; private init; }

    private static Poly1305Kernel Of<TLanes, T>()
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        // SAFETY: pointers to static methods of this assembly, which live as long as the process.
        return new Poly1305Kernel
        {
            Lanes = 2 * TLanes.Groups,
            VectorBytes = sizeof(T),
            Start = &Poly1305Lanes.Start<TLanes, T>,
            Absorb = &Poly1305Lanes.Absorb<TLanes, T>,
            Finish = &Poly1305Lanes.Finish<TLanes, T>,
            StartRun = &Poly1305Lanes.StartRun<TLanes, T>,
            AbsorbRun = &Poly1305Lanes.AbsorbRun<TLanes, T>,
            EndRun = &Poly1305Lanes.EndRun<TLanes, T>,
        };
    }
}
