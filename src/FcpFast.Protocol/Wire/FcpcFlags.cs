using System;

namespace FcpFast.Protocol.Wire;

/// <summary>The flag bits of a control frame.</summary>
/// <remarks>Source: [WIRE §9].</remarks>
[Flags]
public enum FcpcFlags : ushort
{
    /// <summary>No bit set.</summary>
    None = 0,

    /// <summary>Sealed; always set when sealing, asked for when opening.</summary>
    Encrypted = 0x0001,

    /// <summary>Reserved; refused when opening.</summary>
    Compressed = 0x0002,

    /// <summary>Bits that must be zero.</summary>
    Reserved = 0xFFFC,
}
