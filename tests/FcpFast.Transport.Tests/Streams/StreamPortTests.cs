using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Wire;
using FcpFast.Transport.Streams;

namespace FcpFast.Transport.Tests.Streams;

/// <summary>Connections over real loopback sockets.</summary>
public sealed class StreamPortTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static async Task<StreamConnection> ConnectAsync(StreamPort port, NetAddress to)
    {
        StreamConnectResult result = await port.ConnectAsync(to, cancellation: Cancellation);
        Assert.True(result.IsConnected, $"{result.Status} {result.Error}");
        return result.Connection;
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task SendAndReceive_BothWaysAndKinds_ArriveInOrder(string loopback)
    {
        var clientInbox = new TestInbox();
        var serverInbox = new TestInbox();
        await using var server = new StreamPort(new StreamOptions(), serverInbox.Inbox);
        await using var client = new StreamPort(new StreamOptions(), clientInbox.Inbox);
        NetAddress at;
        try
        {
            at = server.Listen(new IPEndPoint(IPAddress.Parse(loopback), 0).ToNetAddress());
        }
        catch (SocketException e) when (loopback == "::1")
        {
            Assert.Skip($"no IPv6 loopback here ({e.SocketErrorCode})");
            return;
        }

        StreamConnection outgoing = await ConnectAsync(client, at);
        StreamConnection incoming = await serverInbox.OpenedAsync();
        Assert.Same(outgoing, await clientInbox.OpenedAsync());
        Assert.Equal((false, true, true, false), (outgoing.IsAccepted, outgoing.IsProven, incoming.IsAccepted, incoming.IsProven));
        Assert.Equal(at, outgoing.Remote);
        Assert.Equal(at with { Port = incoming.Remote.Port }, incoming.Remote);
        incoming.MarkProven();
        (StreamMessageKind Kind, byte[] Bytes)[] messages =
        [
            .. Messages.Mixed(), (StreamMessageKind.Handshake, Messages.Handshake(16_384)), (StreamMessageKind.Control, Messages.Control(300_000)),
        ];
        foreach ((StreamMessageKind kind, byte[] bytes) in messages)
        {
            Assert.True(outgoing.Send(kind, bytes));
            Assert.True(incoming.Send(kind, bytes));
        }

        foreach (TestInbox inbox in new[] { serverInbox, clientInbox })
        {
            foreach ((StreamMessageKind kind, byte[] bytes) in messages)
            {
                (StreamMessageKind gotKind, byte[] gotBytes) = await inbox.MessageAsync();
                Assert.Equal(kind, gotKind);
                Assert.True(bytes.AsSpan().SequenceEqual(gotBytes));
            }
        }

        outgoing.Close();
        _ = await clientInbox.ClosedAsync(StreamCloseReason.ClosedHere);
        _ = await serverInbox.NextAsync(); // closed or reset, as the systems race
        Assert.Equal(messages.Length, server.Counters[StreamCount.MessagesReceived]);
        Assert.Equal(messages.Sum(static message => message.Bytes.Length), client.Counters[StreamCount.BytesSent]);
        Assert.Equal((1, 1), (server.Counters[StreamCount.Accepted], client.Counters[StreamCount.Connected]));
        Assert.Equal((0, 0), (server.MessageBytes, client.MessageBytes));
        Assert.False(outgoing.Send(StreamMessageKind.Handshake, [1]));
    }

    [Fact]
    public async Task Receive_LargestControlFrame_ArrivesWhole()
    {
        var inbox = new TestInbox();
        await using var server = new StreamPort(new StreamOptions(), inbox.Inbox);
        using RawPeer peer = await RawPeer.ConnectAsync(server.Listen(RawPeer.Loopback));
        (await inbox.OpenedAsync()).MarkProven();
        byte[] frame = Messages.Control(FcpcHeader.CiphertextBytesMax);
        Task writing = peer.WriteAsync(frame);
        (StreamMessageKind kind, byte[] bytes) = await inbox.MessageAsync();
        await writing;
        Assert.Equal(StreamMessageKind.Control, kind);
        Assert.True(frame.AsSpan().SequenceEqual(bytes));
    }

    [Fact]
    public async Task Receive_OddPieces_ArriveWhole()
    {
        const int Seed = 20_260_729, Rounds = 40;
        var random = new Random(Seed);
        var inbox = new TestInbox();
        await using var server = new StreamPort(new StreamOptions(), inbox.Inbox);
        using RawPeer peer = await RawPeer.ConnectAsync(server.Listen(RawPeer.Loopback));
        (await inbox.OpenedAsync()).MarkProven();
        var messages = new List<(StreamMessageKind Kind, byte[] Bytes)>();
        for (int i = 0; i < Rounds; i++)
        {
            messages.Add(random.Next(2) == 0
                ? (StreamMessageKind.Handshake, Messages.Handshake(random.Next(1, 16_385), i))
                : (StreamMessageKind.Control, Messages.Control(random.Next(0, 100_000), (ulong)i + 1)));
        }

        byte[] stream = Messages.Framed([.. messages]);
        Task writing = Task.Run(
            async () =>
            {
                for (int offset = 0; offset < stream.Length;)
                {
                    int piece = Math.Min(random.Next(4) == 0 ? random.Next(1, 9) : random.Next(1, 20_000), stream.Length - offset);
                    await peer.WriteAsync(stream.AsMemory(offset, piece));
                    offset += piece;
                }
            },
            Cancellation);
        foreach ((StreamMessageKind kind, byte[] bytes) in messages)
        {
            (StreamMessageKind gotKind, byte[] gotBytes) = await inbox.MessageAsync();
            Assert.True(kind == gotKind && bytes.AsSpan().SequenceEqual(gotBytes), $"seed {Seed}");
        }

        await writing;
    }

    public static IEnumerable<TheoryDataRow<byte[], FcpStatus>> Garbage()
    {
        byte[] version = Messages.Control(10), flags = Messages.Control(10);
        version[4] = 2;
        flags[30] = 5;
        yield return new("GET / HTTP/1.1\r\n\r\n"u8.ToArray(), FcpStatus.PayloadTooLarge);
        yield return new([0, 0, 0, 0], FcpStatus.TooShort);
        yield return new([1, 0x40, 0, 0], FcpStatus.PayloadTooLarge);
        yield return new(version, FcpStatus.UnsupportedVersion);
        yield return new(flags, FcpStatus.UnknownFlags);
        yield return new([.. Messages.Framed(StreamMessageKind.Control, Messages.Control((16 * 1024) + 1))[..36]], FcpStatus.PayloadTooLarge);
    }

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task Receive_Garbage_ClosesTheConnection(byte[] garbage, FcpStatus refusal)
    {
        var inbox = new TestInbox();
        await using var server = new StreamPort(new StreamOptions(), inbox.Inbox);
        using RawPeer peer = await RawPeer.ConnectAsync(server.Listen(RawPeer.Loopback));
        _ = await inbox.OpenedAsync();
        await peer.WriteAsync(Messages.Framed(StreamMessageKind.Handshake, Messages.Handshake(10)));
        _ = await inbox.MessageAsync();
        await peer.WriteAsync(garbage);
        Assert.Equal(refusal, (await inbox.ClosedAsync(StreamCloseReason.Malformed)).Refusal);
        Assert.True(await peer.IsEndedAsync());
        Assert.Equal(1, server.Counters[StreamCloseReason.Malformed]);
        Assert.Equal((0, 0L), (server.Connections, server.MessageBytes));
    }

    [Fact]
    public async Task Receive_ControlFrameOfAStranger_IsShorterThanOfAKnownPeer()
    {
        var inbox = new TestInbox();
        await using var server = new StreamPort(new StreamOptions { UnprovenControlBytesMax = 1000, ControlBytesMax = 2000 }, inbox.Inbox);
        NetAddress at = server.Listen(RawPeer.Loopback);
        using RawPeer peer = await RawPeer.ConnectAsync(at);
        StreamConnection connection = await inbox.OpenedAsync();
        await peer.WriteAsync(Messages.Control(1000));
        _ = await inbox.MessageAsync();
        connection.MarkProven();
        await peer.WriteAsync(Messages.Control(2000));
        _ = await inbox.MessageAsync();
        await peer.WriteAsync(Messages.Control(2001));
        _ = await inbox.ClosedAsync(StreamCloseReason.Malformed);
        using RawPeer stranger = await RawPeer.ConnectAsync(at);
        _ = await inbox.OpenedAsync();
        await stranger.WriteAsync(Messages.Control(1001));
        _ = await inbox.ClosedAsync(StreamCloseReason.Malformed);
    }

    [Theory]
    [InlineData(0, StreamCloseReason.PeerClosed)]
    [InlineData(3, StreamCloseReason.Truncated)]
    [InlineData(35, StreamCloseReason.Truncated)]
    [InlineData(60, StreamCloseReason.Truncated)]
    public async Task Receive_PeerClosesItsHalf_EndsTheWhole(int bytes, StreamCloseReason reason)
    {
        var inbox = new TestInbox();
        await using var server = new StreamPort(new StreamOptions(), inbox.Inbox);
        using RawPeer peer = await RawPeer.ConnectAsync(server.Listen(RawPeer.Loopback));
        _ = await inbox.OpenedAsync();
        await peer.WriteAsync(Messages.Control(100).AsMemory(0, bytes));
        peer.Socket.Shutdown(SocketShutdown.Send);
        _ = await inbox.ClosedAsync(reason);
        Assert.True(await peer.IsEndedAsync());
    }

    [Fact]
    public async Task Receive_PeerResets_Ends()
    {
        var inbox = new TestInbox();
        await using var server = new StreamPort(new StreamOptions(), inbox.Inbox);
        RawPeer peer = await RawPeer.ConnectAsync(server.Listen(RawPeer.Loopback));
        _ = await inbox.OpenedAsync();
        peer.Socket.LingerState = new LingerOption(true, 0);
        peer.Dispose();
        _ = await inbox.ClosedAsync(StreamCloseReason.PeerReset);
    }

    [Fact]
    public async Task FinishSending_Queued_ArrivesBeforeTheEnd()
    {
        var inbox = new TestInbox();
        await using var server = new StreamPort(new StreamOptions(), inbox.Inbox);
        using RawPeer peer = await RawPeer.ConnectAsync(server.Listen(RawPeer.Loopback));
        StreamConnection connection = await inbox.OpenedAsync();
        byte[] frame = Messages.Control(3_000_000);
        Assert.True(connection.Send(StreamMessageKind.Control, frame));
        connection.FinishSending();
        Assert.False(connection.Send(StreamMessageKind.Control, frame));
        byte[] received = new byte[frame.Length + 1];
        int bytes = 0;
        while (true)
        {
            int more = await peer.Socket.ReceiveAsync(received.AsMemory(bytes), SocketFlags.None, Cancellation);
            if (more == 0) break;
            bytes += more;
        }

        Assert.True(frame.AsSpan().SequenceEqual(received.AsSpan(0, bytes)));
        Assert.Equal(StreamCloseReason.Open, connection.CloseReason);
        peer.Dispose();
        _ = await inbox.ClosedAsync(StreamCloseReason.PeerClosed);
    }

    [Fact]
    public async Task Handler_Throws_ClosesTheConnectionAndKeepsTheFault()
    {
        var fault = new InvalidCastException("a defect of the handler");
        var handler = new FaultyHandler(fault);
        await using var server = new StreamPort(new StreamOptions(), handler);
        using RawPeer peer = await RawPeer.ConnectAsync(server.Listen(RawPeer.Loopback));
        await peer.WriteAsync(Messages.Control(100));
        Assert.True(await peer.IsEndedAsync());
        await handler.Closed.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
        Assert.Same(fault, server.HandlerFault);
        Assert.Equal(1, server.Counters[StreamCloseReason.HandlerFailed]);
        Assert.Equal(0, server.MessageBytes);
    }

    [Fact]
    public async Task Dispose_Connections_AreClosedAndNothingFollows()
    {
        var inbox = new TestInbox();
        var server = new StreamPort(new StreamOptions(), inbox.Inbox);
        NetAddress at = server.Listen(RawPeer.Loopback);
        using RawPeer first = await RawPeer.ConnectAsync(at), second = await RawPeer.ConnectAsync(at);
        StreamConnection[] connections = [await inbox.OpenedAsync(), await inbox.OpenedAsync()];
        await server.DisposeAsync();
        await server.DisposeAsync();
        Assert.All(connections, static connection => Assert.Equal(StreamCloseReason.PortStopped, connection.CloseReason));
        Assert.True(await first.IsEndedAsync());
        Assert.True(await second.IsEndedAsync());
        Assert.Equal(0, server.Connections);
        Assert.Equal(StreamConnectStatus.PortStopped, (await server.ConnectAsync(at, cancellation: Cancellation)).Status);
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await Assert.ThrowsAsync<SocketException>(async () => await probe.ConnectAsync(at.ToEndPoint(), Cancellation));
    }

    [Fact]
    public async Task Dispose_HandlerStuck_Returns()
    {
        var inbox = new TestInbox(eventsMax: 1); // nobody takes from it
        var server = new StreamPort(new StreamOptions(), inbox.Inbox);
        NetAddress at = server.Listen(RawPeer.Loopback);
        using RawPeer first = await RawPeer.ConnectAsync(at), second = await RawPeer.ConnectAsync(at);
        await first.WriteAsync(Messages.Control(10));
        await server.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
        Assert.Equal(0, server.MessageBytes);
    }

    [Fact]
    public async Task Listen_Twice_Throws()
    {
        await using var server = new StreamPort(new StreamOptions(), new TestInbox().Inbox);
        _ = server.Listen(RawPeer.Loopback);
        Assert.Throws<InvalidOperationException>(() => server.Listen(RawPeer.Loopback));
        Assert.Throws<ArgumentException>(() => server.Listen(default));
    }

    [Fact]
    public async Task Message_AfterDispose_IsNotUsable()
    {
        var inbox = new TestInbox();
        await using var server = new StreamPort(new StreamOptions(), inbox.Inbox);
        using RawPeer peer = await RawPeer.ConnectAsync(server.Listen(RawPeer.Loopback));
        _ = await inbox.OpenedAsync();
        await peer.WriteAsync(Messages.Control(100));
        StreamMessage message = (await inbox.NextAsync()).Message!;
        Assert.Equal(256, server.MessageBytes); // 152, as the pool hands it out
        message.Dispose();
        message.Dispose();
        Assert.Equal(0, server.MessageBytes);
        Assert.Throws<InvalidOperationException>(() => message.Bytes.Length);
    }

    private sealed class FaultyHandler(Exception fault) : IStreamHandler
    {
        public TaskCompletionSource Closed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ValueTask OpenedAsync(StreamConnection connection, CancellationToken cancellation) => default;

        public ValueTask MessageAsync(StreamConnection connection, StreamMessage message, CancellationToken cancellation) => throw fault;

        public ValueTask ClosedAsync(StreamConnection connection, CancellationToken cancellation)
        {
            Closed.SetResult();
            return default;
        }
    }
}
