using System.Buffers.Binary;
using System.Linq;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Wire;
using FcpFast.Transport.Streams;

namespace FcpFast.Transport.Tests.Streams;

/// <summary>Messages for the tests, and how they stand on the stream.</summary>
internal static class Messages
{
    /// <summary>A control frame of so much ciphertext.</summary>
    public static byte[] Control(int ciphertextBytes, ulong seq = 1)
    {
        byte[] frame = new byte[FcpcHeader.OverheadBytes + ciphertextBytes];
        for (int i = 0; i < frame.Length; i++) frame[i] = unchecked((byte)((i * 7) + (int)seq));
        new FcpcHeader(new SessionId(new Bytes16(seq, ~seq)), new FrameSeq(seq), FcpcFlags.Encrypted, (uint)ciphertextBytes).Write(frame);
        return frame;
    }

    /// <summary>The bytes of a handshake message, without its length.</summary>
    public static byte[] Handshake(int bytes, int seed = 0)
    {
        byte[] message = new byte[bytes];
        for (int i = 0; i < bytes; i++) message[i] = unchecked((byte)((i * 13) + seed));
        return message;
    }

    /// <summary>As it stands on the stream.</summary>
    public static byte[] Framed(StreamMessageKind kind, byte[] message)
    {
        if (kind == StreamMessageKind.Control) return message;
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, message.Length);
        return [.. length, .. message];
    }

    /// <summary>Both kinds, short and shorter, in turn.</summary>
    public static (StreamMessageKind Kind, byte[] Bytes)[] Mixed() =>
    [
        (StreamMessageKind.Handshake, Handshake(1)),
        (StreamMessageKind.Control, Control(0, 1)),
        (StreamMessageKind.Handshake, "FCPC: not a frame, since a length stands before it"u8.ToArray()),
        (StreamMessageKind.Control, Control(5, 2)),
        (StreamMessageKind.Control, Control(33, 3)),
        (StreamMessageKind.Handshake, Handshake(40, 9)),
    ];

    public static byte[] Framed((StreamMessageKind Kind, byte[] Bytes)[] messages) =>
        [.. messages.SelectMany(static message => Framed(message.Kind, message.Bytes))];
}
