namespace FcpFast.Protocol.Wire;

/// <summary>Bounds of what travels on the data plane.</summary>
/// <remarks>Source: [WIRE §1], [WIRE §4.4], [WIRE §7.1].</remarks>
public static class WireLimits
{
    /// <summary>The largest datagram when nothing else was agreed: the whole UDP payload.</summary>
    public const int DatagramBytesDefault = 1200;

    /// <summary>The smallest limit that a peer may ask for.</summary>
    public const int DatagramBytesMin = 576;

    /// <summary>The largest UDP payload over IPv4.</summary>
    public const int DatagramBytesMax = 65_507;

    /// <summary>The largest frame.</summary>
    public const int FrameBytesMax = 4 * 1024 * 1024;

    /// <summary>Symbols in a frame.</summary>
    public const int SymbolsPerFrameMax = 256;

    /// <summary>The smallest symbol of the data plane.</summary>
    public const int SymbolBytesMin = 256;

    /// <summary>The largest symbol of the data plane.</summary>
    public const int SymbolBytesMax = 16_384;

    /// <summary>Symbol sizes are multiples of this. [WIRE §18]</summary>
    public const int SymbolAlignmentBytes = 8;

    /// <summary>ESIs stay below this. [RFC 6330 §4.4.1.3]</summary>
    public const uint EsiLimit = 1u << 24;
}
