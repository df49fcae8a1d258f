namespace FcpFast.Transport.Streams;

/// <summary>What travels on a stream.</summary>
/// <remarks>Source: [WIRE §9].</remarks>
public enum StreamMessageKind
{
    /// <summary>No decision was taken: a defect if it is ever seen.</summary>
    Undecided = 0,

    /// <summary>The CBOR of a handshake message, which on the stream follows its length.</summary>
    Handshake,

    /// <summary>A whole control frame: header, ciphertext, tag.</summary>
    Control,
}
