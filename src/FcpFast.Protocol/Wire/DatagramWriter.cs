using System;
using System.Buffers.Binary;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Wire;

/// <summary>Writes datagram headers, as MAC input and as they travel.</summary>
/// <remarks>Source: [WIRE §6], <see cref="DatagramLayout"/>.</remarks>
public static class DatagramWriter
{
    /// <summary>Puts the MAC input's 25 bytes right before the frame, over the header.</summary>
    public static void WriteMacPrefix(Span<byte> datagram, SessionId session, Direction direction, FrameSeq seq)
    {
        Span<byte> prefix = datagram.Slice(DatagramLayout.MacInputOffset, DatagramLayout.MacPrefixBytes);
        session.Value.Write(prefix);
        prefix[SessionId.Length] = (byte)direction;
        BinaryPrimitives.WriteUInt64LittleEndian(prefix[(SessionId.Length + 1)..], seq.Value);
    }

    /// <summary>Writes the header as it travels.</summary>
    public static void WriteHeader(Span<byte> datagram, SessionId session, FrameSeq seq, ReadOnlySpan<byte> mac)
    {
        if (mac.Length != CryptoSizes.MacBytes) ThrowHelper.BadArgument(nameof(mac), "a session MAC is 16 bytes");
        session.Value.Write(datagram);
        BinaryPrimitives.WriteUInt64LittleEndian(datagram[DatagramLayout.SeqOffset..], seq.Value);
        mac.CopyTo(datagram[DatagramLayout.MacOffset..]);
    }
}
