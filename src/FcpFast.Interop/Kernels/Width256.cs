namespace FcpFast.Interop.Kernels;

/// <summary>Kernels of 256 bits.</summary>
public readonly struct Width256 : IKernelWidth
{
    /// <inheritdoc/>
    public static int Bits => 256;

    /// <inheritdoc/>
    public static bool IsSupported => Lanes256.IsSupported;

    /// <inheritdoc/>
    static WidthKernels IKernelWidth.Kernels => WidthKernels.Of256;
}
