using System.Collections.Generic;
using System.Runtime.Intrinsics;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Interop.Kernels;

/// <summary>The engines of one width.</summary>
internal sealed record EngineWidth(int Bits, IAeadEngine Aead, IMacEngine Mac, IBlake3Engine Blake3)
{
    /// <summary>Those that this processor has vectors for, the widest first; without any vectors, the kernels are right but slow.</summary>
    public static IReadOnlyList<EngineWidth> Supported()
    {
        var widths = new List<EngineWidth>();
        if (Width512.IsSupported) widths.Add(Of<Width512>());
        if (Width256.IsSupported) widths.Add(Of<Width256>());
        if (Width128.IsSupported && Vector128.IsHardwareAccelerated) widths.Add(Of<Width128>());
        return widths;
    }

    private static EngineWidth Of<TWidth>()
        where TWidth : struct, IKernelWidth => new(TWidth.Bits, default(WideAead<TWidth>), default(WideMac<TWidth>), new WideBlake3<TWidth>());
}
