using System;
using System.Buffers;
using System.Collections.Generic;
using System.Threading.Tasks;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Wire;
using FcpFast.Transport.Streams;

namespace FcpFast.Transport.Tests.Streams;

/// <summary>[WIRE §9] on a stream.</summary>
public sealed class StreamFramingTests
{
    private const int ControlBytesMax = 1000;

    private static FcpStatus Parse(byte[] source, out StreamHead head, out bool needsMore) =>
        StreamFraming.ParseHead(new ReadOnlySequence<byte>(source), ControlBytesMax, out head, out needsMore);

    [Fact]
    public void ParseHead_Handshake_IsKnownByItsLength()
    {
        byte[] stream = Messages.Framed(StreamMessageKind.Handshake, Messages.Handshake(300));
        for (int length = 0; length <= stream.Length; length++)
        {
            FcpStatus status = Parse(stream[..length], out StreamHead head, out bool needsMore);
            Assert.Equal(length < 4, needsMore);
            Assert.Equal(length < 4 ? FcpStatus.TooShort : FcpStatus.Accepted, status);
            Assert.Equal(length < 4 ? default : new StreamHead(StreamMessageKind.Handshake, 4, 300), head);
        }
    }

    [Fact]
    public void ParseHead_Control_IsKnownByItsHeader()
    {
        byte[] stream = Messages.Control(ControlBytesMax);
        for (int length = 0; length <= stream.Length; length++)
        {
            FcpStatus status = Parse(stream[..length], out StreamHead head, out bool needsMore);
            Assert.Equal(length < 36, needsMore);
            Assert.Equal(length < 36 ? FcpStatus.TooShort : FcpStatus.Accepted, status);
            Assert.Equal(length < 36 ? default : new StreamHead(StreamMessageKind.Control, 0, ControlBytesMax + 52), head);
        }
    }

    public static IEnumerable<TheoryDataRow<byte[], FcpStatus>> Refused()
    {
        static byte[] Header(int offset, params byte[] bytes)
        {
            byte[] frame = Messages.Control(10);
            bytes.CopyTo(frame, offset);
            return frame;
        }

        yield return new([0, 0, 0, 0], FcpStatus.TooShort); // a message of no bytes
        yield return new([0x01, 0x40, 0, 0], FcpStatus.PayloadTooLarge); // 16,385
        yield return new([0xff, 0xff, 0xff, 0xff], FcpStatus.PayloadTooLarge);
        yield return new("GET / HTTP/1.1\r\n"u8.ToArray(), FcpStatus.PayloadTooLarge);
        yield return new("FCPS"u8.ToArray(), FcpStatus.PayloadTooLarge); // a frame of the other kind
        yield return new([0x16, 0x03, 0x01, 0x02, 0x00], FcpStatus.PayloadTooLarge); // TLS
        yield return new(Header(4, 2), FcpStatus.UnsupportedVersion);
        yield return new(Header(30, 5), FcpStatus.UnknownFlags);
        yield return new(Header(32, 0xe9, 0x03), FcpStatus.PayloadTooLarge); // 1,001
        yield return new(Header(32, 0xff, 0xff, 0xff, 0xff), FcpStatus.PayloadTooLarge);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void ParseHead_AnythingElse_IsRefused(byte[] stream, FcpStatus expected)
    {
        Assert.Equal(expected, Parse(stream, out StreamHead head, out bool needsMore));
        Assert.Equal(default, head);
        Assert.False(needsMore);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16_384)]
    public void ParseHead_LengthAtItsBounds_IsTaken(int bytes)
    {
        Assert.Equal(FcpStatus.Accepted, Parse(Messages.Framed(StreamMessageKind.Handshake, new byte[bytes]), out StreamHead head, out _));
        Assert.Equal(bytes, head.MessageBytes);
    }

    [Fact]
    public void Require_NoMessage_Throws()
    {
        byte[] wrongLength = [.. Messages.Control(10), 0];
        Assert.Throws<ArgumentException>(() => StreamFraming.Require(StreamMessageKind.Handshake, []));
        Assert.Throws<ArgumentException>(() => StreamFraming.Require(StreamMessageKind.Handshake, new byte[16_385]));
        Assert.Throws<ArgumentException>(() => StreamFraming.Require(StreamMessageKind.Control, wrongLength));
        Assert.Throws<ArgumentException>(() => StreamFraming.Require(StreamMessageKind.Control, new byte[60]));
        Assert.Throws<ArgumentException>(() => StreamFraming.Require(StreamMessageKind.Undecided, new byte[60]));
        StreamFraming.Require(StreamMessageKind.Handshake, new byte[16_384]);
        StreamFraming.Require(StreamMessageKind.Control, Messages.Control(FcpcHeader.CiphertextBytesMax));
    }

    [Fact]
    public async Task Read_SplitAnywhere_GivesTheSameMessages()
    {
        (StreamMessageKind Kind, byte[] Bytes)[] messages = Messages.Mixed();
        byte[] stream = Messages.Framed(messages);
        var inbox = new TestInbox();
        await using var port = new StreamPort(new StreamOptions { ConnectionsPerSubscriberMax = 1024 }, inbox.Inbox);
        for (int split = 0; split <= stream.Length; split++)
        {
            var peer = new PipedPeer(port);
            _ = await inbox.OpenedAsync();
            await peer.WriteAsync(stream.AsMemory(0, split));
            await peer.WriteAsync(stream.AsMemory(split));
            await peer.CloseAsync();
            await RequireAsync(inbox, messages, $"split at {split}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(35)]
    [InlineData(37)]
    public async Task Read_InPieces_GivesTheSameMessages(int pieceBytes)
    {
        (StreamMessageKind Kind, byte[] Bytes)[] messages = Messages.Mixed();
        byte[] stream = Messages.Framed(messages);
        var inbox = new TestInbox();
        await using var port = new StreamPort(new StreamOptions(), inbox.Inbox);
        var peer = new PipedPeer(port);
        _ = await inbox.OpenedAsync();
        for (int offset = 0; offset < stream.Length; offset += pieceBytes)
        {
            await peer.WriteAsync(stream.AsMemory(offset, Math.Min(pieceBytes, stream.Length - offset)));
        }

        await peer.CloseAsync();
        await RequireAsync(inbox, messages, $"pieces of {pieceBytes}");
    }

    [Fact]
    public async Task Read_CutAnywhere_GivesWhatIsWholeAndSaysTruncated()
    {
        (StreamMessageKind Kind, byte[] Bytes)[] messages = Messages.Mixed();
        byte[] stream = Messages.Framed(messages);
        var inbox = new TestInbox();
        await using var port = new StreamPort(new StreamOptions { ConnectionsPerSubscriberMax = 1024 }, inbox.Inbox);
        for (int cut = 0; cut < stream.Length; cut++)
        {
            var whole = new List<(StreamMessageKind, byte[])>();
            int wholeBytes = 0;
            foreach ((StreamMessageKind kind, byte[] bytes) in messages)
            {
                int framed = Messages.Framed(kind, bytes).Length;
                if (wholeBytes + framed > cut) break;
                wholeBytes += framed;
                whole.Add((kind, bytes));
            }

            var peer = new PipedPeer(port);
            _ = await inbox.OpenedAsync();
            await peer.WriteAsync(stream.AsMemory(0, cut));
            await peer.CloseAsync();
            StreamCloseReason reason = cut == wholeBytes ? StreamCloseReason.PeerClosed : StreamCloseReason.Truncated;
            await RequireAsync(inbox, [.. whole], $"cut at {cut}", reason);
        }

        Assert.Equal(0, port.MessageBytes);
    }

    private static async Task RequireAsync(
        TestInbox inbox, (StreamMessageKind Kind, byte[] Bytes)[] messages, string where, StreamCloseReason end = StreamCloseReason.PeerClosed)
    {
        foreach ((StreamMessageKind kind, byte[] bytes) in messages)
        {
            (StreamMessageKind gotKind, byte[] gotBytes) = await inbox.MessageAsync();
            Assert.True(kind == gotKind && bytes.AsSpan().SequenceEqual(gotBytes), where);
        }

        _ = await inbox.ClosedAsync(end);
    }
}
