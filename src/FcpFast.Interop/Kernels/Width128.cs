namespace FcpFast.Interop.Kernels;

/// <summary>Kernels of 128 bits.</summary>
public readonly struct Width128 : IKernelWidth
{
    /// <inheritdoc/>
    public static int Bits => 128;

    /// <inheritdoc/>
    public static bool IsSupported => Lanes128.IsSupported;

    /// <inheritdoc/>
    static WidthKernels IKernelWidth.Kernels => WidthKernels.Of128;
}
