using System;

namespace FcpFast.Protocol.Wire;

/// <summary>The flag bits of an FCPS frame.</summary>
/// <remarks>Source: [WIRE §4.2]. No combination of known bits is refused.</remarks>
[Flags]
public enum FrameFlags : ushort
{
    /// <summary>No bit set.</summary>
    None = 0,

    /// <summary>The sender asks for an acknowledgement.</summary>
    RequiresAck = 0x0001,

    /// <summary>The object is compressed with zstd; never set here and not delivered.</summary>
    Compressed = 0x0002,

    /// <summary>The symbols are sealed; the data plane carries no others.</summary>
    Encrypted = 0x0004,

    /// <summary>An answer; on a probe, its echo.</summary>
    Response = 0x0008,

    /// <summary>An error.</summary>
    Error = 0x0010,

    /// <summary>Part of a stream.</summary>
    Streaming = 0x0020,

    /// <summary>The last part of a stream.</summary>
    StreamEnd = 0x0040,

    /// <summary>A capability token is present.</summary>
    HasCapToken = 0x0080,

    /// <summary>The frame crosses zones.</summary>
    ZoneCrossing = 0x0100,

    /// <summary>To be sent before others.</summary>
    Priority = 0x0200,

    /// <summary>Set on every frame of the symbol plane.</summary>
    RaptorQ = 0x0400,

    /// <summary>Control plane; without symbols, a probe.</summary>
    ControlPlane = 0x0800,

    /// <summary>What frames of symbols carry unless said otherwise.</summary>
    Default = RaptorQ | Encrypted,

    /// <summary>Bits that must be zero.</summary>
    Reserved = 0xF000,
}
