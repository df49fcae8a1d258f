using FcpFast.Interop.Kernels;
using FcpFast.Interop.Libsodium;
using FcpFast.Node;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Host;

/// <summary>From the engines chosen at start to a core that is compiled for them.</summary>
internal static class Engine
{
    /// <summary>The seams, with the engines in them.</summary>
    public static CryptoProvider Bind(CryptoProvider crypto, EngineSelection engines) =>
        crypto with { Aead = engines.Aead, Mac = engines.Mac, Blake3 = engines.Blake3 };

    /// <summary>A core that runs on the engines.</summary>
    public static INodeCore NewCore(EngineSelection engines, NodeParts parts, NodeOptions options, Instant now) =>
        (engines.AeadBits == 0 ? engines.MacBits : engines.AeadBits) switch
        {
            512 => NewCore<Width512>(engines, parts, options, now),
            256 => NewCore<Width256>(engines, parts, options, now),
            128 => NewCore<Width128>(engines, parts, options, now),
            _ => new NodeCore<LibsodiumAead, PortableMac>(parts, options, now),
        };

    private static INodeCore NewCore<TWidth>(EngineSelection engines, NodeParts parts, NodeOptions options, Instant now)
        where TWidth : struct, IKernelWidth => (engines.AeadBits > 0, engines.MacBits > 0) switch
        {
            (true, true) => new NodeCore<WideAead<TWidth>, WideMac<TWidth>>(parts, options, now),
            (true, false) => new NodeCore<WideAead<TWidth>, PortableMac>(parts, options, now),
            _ => new NodeCore<LibsodiumAead, WideMac<TWidth>>(parts, options, now),
        };
}
