using FcpFast.Interop.Kernels;

namespace FcpFast.Interop.Tests.Kernels;

/// <summary>The widths that this processor has; a test of another one is skipped by name.</summary>
internal static class Widths
{
    public static T Require<TWidth, T>(T engine)
        where TWidth : struct, IKernelWidth
    {
        Assert.SkipUnless(TWidth.IsSupported, $"This processor has no vectors of {TWidth.Bits} bits.");
        return engine;
    }

    /// <summary>The engine of the widest vectors there are.</summary>
    public static T Widest<T>(T of128, T of256, T of512) => Width512.IsSupported ? of512 : Width256.IsSupported ? of256 : of128;
}
