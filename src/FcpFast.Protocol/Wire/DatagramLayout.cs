namespace FcpFast.Protocol.Wire;

/// <summary>Where the fields of a datagram stand, and its MAC input in the same memory.</summary>
/// <remarks>
/// <code>
/// offset size field
///      0   16 session_id
///     16    8 seq, u64 LE
///     24   16 mac
///     40      frame
///
/// MAC input: session_id (16), direction (1), seq (8), frame. Those 25 bytes fit exactly before the frame, from offset 15 on,
/// so a MAC is computed over contiguous memory: the header is put in that form, and afterwards in its form on the wire.
/// </code>
/// Source: [WIRE §6].
/// </remarks>
public static class DatagramLayout
{
    /// <summary>Bytes before the frame.</summary>
    public const int HeaderBytes = 40;

    /// <summary>Bytes of the MAC input before the frame.</summary>
    public const int MacPrefixBytes = 25;

    /// <summary>Where the MAC input starts in the datagram.</summary>
    public const int MacInputOffset = HeaderBytes - MacPrefixBytes;

    internal const int SeqOffset = 16;
    internal const int MacOffset = 24;
}
