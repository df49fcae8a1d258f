namespace FcpFast.Protocol.Crypto;

/// <summary>The session MAC suite, by its number on the wire.</summary>
/// <remarks>Source: [WIRE §6].</remarks>
public enum MacSuite : byte
{
    /// <summary>Not chosen; never usable.</summary>
    Unset = 0,

    /// <summary>HMAC-SHA-256, first 16 bytes.</summary>
    HmacSha256 = 1,

    /// <summary>BLAKE3 keyed, first 16 bytes; preferred.</summary>
    Blake3 = 2,
}
