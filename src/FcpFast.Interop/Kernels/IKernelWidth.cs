namespace FcpFast.Interop.Kernels;

/// <summary>A width of the kernels, as a type parameter of the engines: <see cref="Width128"/>, <see cref="Width256"/> or <see cref="Width512"/>.</summary>
public interface IKernelWidth
{
    /// <summary>Bits of the vectors.</summary>
    static abstract int Bits { get; }

    /// <summary>True if this processor has vectors of that width.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>The kernels of that width.</summary>
    internal static abstract WidthKernels Kernels { get; }
}
