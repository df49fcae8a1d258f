namespace FcpFast.Protocol.Cbor;

/// <summary>Bounds of encoded objects, in bytes.</summary>
public static class CborLimits
{
    /// <summary>Containers that may be nested.</summary>
    public const int NestingMax = 16;

    /// <summary>A handshake message. [WIRE §7.2]</summary>
    public const int HandshakeBytesMax = 16 * 1024;

    /// <summary>An attestation. [WIRE §15]</summary>
    public const int AttestationBytesMax = 8 * 1024;

    /// <summary>A manifest or security profile. [WIRE §11.5]</summary>
    public const int ManifestBytesMax = 16 * 1024 * 1024;

    /// <summary>The plaintext of a control message. [WIRE §9]</summary>
    public const int ControlPayloadBytesMax = 4 * 1024 * 1024;

    /// <summary>Any canonical object. [WIRE §1]</summary>
    public const int ObjectBytesMax = 64 * 1024 * 1024;
}
