namespace FcpFast.Interop.Kernels;

/// <summary>Kernels of 512 bits.</summary>
public readonly struct Width512 : IKernelWidth
{
    /// <inheritdoc/>
    public static int Bits => 512;

    /// <inheritdoc/>
    public static bool IsSupported => Lanes512.IsSupported;

    /// <inheritdoc/>
    static WidthKernels IKernelWidth.Kernels => WidthKernels.Of512;
}
