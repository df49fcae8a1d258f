using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Protocol.Wire;
using FcpFast.Transport.Streams;

namespace FcpFast.Transport.Tests.Streams;

/// <summary>Connections, memory and queues have their bounds, and what happens at each.</summary>
public sealed class StreamLimitTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Accept_OneTooManyOfASubscriber_IsClosedAtOnce()
    {
        var inbox = new TestInbox();
        await using var server = new StreamPort(new StreamOptions { ConnectionsPerSubscriberMax = 2 }, inbox.Inbox);
        NetAddress at = server.Listen(RawPeer.Loopback);
        using RawPeer first = await RawPeer.ConnectAsync(at), second = await RawPeer.ConnectAsync(at);
        StreamConnection kept = await inbox.OpenedAsync();
        _ = await inbox.OpenedAsync();
        using RawPeer third = await RawPeer.ConnectAsync(at);
        Assert.True(await third.IsEndedAsync());
        Assert.Equal(1, server.Counters[StreamCount.RefusedForSubscriber]);
        Assert.Equal(2, server.Connections);
        kept.Close();
        _ = await inbox.ClosedAsync(StreamCloseReason.ClosedHere);
        using RawPeer fourth = await RawPeer.ConnectAsync(at);
        _ = await inbox.OpenedAsync(); // the place is free again
    }

    [Fact]
    public async Task Accept_ManyProvenOfASubscriber_LeavesItsPlacesToStrangers()
    {
        var inbox = new TestInbox();
        await using var server = new StreamPort(new StreamOptions { ConnectionsPerSubscriberMax = 1 }, inbox.Inbox);
        NetAddress at = server.Listen(RawPeer.Loopback);
        using RawPeer first = await RawPeer.ConnectAsync(at);
        StreamConnection known = await inbox.OpenedAsync();
        known.MarkProven();
        known.MarkProven(); // a second proof gives no second place
        using RawPeer second = await RawPeer.ConnectAsync(at);
        StreamConnection other = await inbox.OpenedAsync();
        using RawPeer third = await RawPeer.ConnectAsync(at);
        Assert.True(await third.IsEndedAsync());
        Assert.Equal((1, 2), (server.Counters[StreamCount.RefusedForSubscriber], server.Connections));

        known.Close();
        _ = await inbox.ClosedAsync(StreamCloseReason.ClosedHere);
        using RawPeer fourth = await RawPeer.ConnectAsync(at);
        Assert.True(await fourth.IsEndedAsync()); // the place that a proven one had given back is not given back again
        other.Close();
        _ = await inbox.ClosedAsync(StreamCloseReason.ClosedHere);
        other.MarkProven(); // too late to count
        using RawPeer fifth = await RawPeer.ConnectAsync(at), sixth = await RawPeer.ConnectAsync(at);
        _ = await inbox.OpenedAsync();
        Assert.True(await sixth.IsEndedAsync());
    }

    [Fact]
    public async Task Accept_OneTooManyInAll_IsClosedAtOnce()
    {
        var inbox = new TestInbox();
        await using var server = new StreamPort(new StreamOptions { ConnectionsMax = 2 }, inbox.Inbox);
        NetAddress at = server.Listen(RawPeer.Loopback);
        using RawPeer first = await RawPeer.ConnectAsync(at), second = await RawPeer.ConnectAsync(at);
        _ = await inbox.OpenedAsync();
        _ = await inbox.OpenedAsync();
        using RawPeer third = await RawPeer.ConnectAsync(at);
        Assert.True(await third.IsEndedAsync());
        Assert.Equal(1, server.Counters[StreamCount.RefusedForTotal]);
        Assert.Equal(StreamConnectStatus.LimitReached, (await server.ConnectAsync(at, cancellation: Cancellation)).Status);
        Assert.Equal(2, server.Connections);
    }

    [Theory]
    [InlineData(5, 1 << 30)]
    [InlineData(1000, 1_000_000)]
    public async Task Send_PeerReadsNothing_FillsTheQueueAndCloses(int messagesMax, int bytesMax)
    {
        const int MessageBytes = 200_000;
        var inbox = new TestInbox();
        await using var server = new StreamPort(new StreamOptions { OutboundMessagesMax = messagesMax, OutboundBytesMax = bytesMax }, inbox.Inbox);
        using RawPeer peer = await RawPeer.ConnectAsync(server.Listen(RawPeer.Loopback));
        StreamConnection connection = await inbox.OpenedAsync();
        byte[] frame = Messages.Control(MessageBytes - FcpcHeader.OverheadBytes);
        int sent = 0, mostBytes = 0;
        while (connection.Send(StreamMessageKind.Control, frame))
        {
            mostBytes = Math.Max(mostBytes, connection.OutboundBytes);
            Assert.True(++sent < 10_000, "the queue has no end"); // the systems' buffers take a part of it
        }

        _ = await inbox.ClosedAsync(StreamCloseReason.OutboundFull);
        Assert.InRange(mostBytes, MessageBytes, Math.Min(bytesMax, (messagesMax + 1) * MessageBytes)); // one more is being written
        Assert.False(connection.Send(StreamMessageKind.Control, frame));
    }

    [Fact]
    public async Task Receive_InboxFull_WaitsAndLosesNothing()
    {
        const int Count = 500;
        var inbox = new TestInbox(eventsMax: 2);
        await using var server = new StreamPort(new StreamOptions(), inbox.Inbox);
        using RawPeer peer = await RawPeer.ConnectAsync(server.Listen(RawPeer.Loopback));
        _ = await inbox.OpenedAsync();
        Task writing = Task.Run(
            async () =>
            {
                for (int i = 0; i < Count; i++) await peer.WriteAsync(Messages.Control(1000, (ulong)i));
            },
            Cancellation);
        for (int i = 0; i < Count; i++)
        {
            Assert.InRange(inbox.Inbox.Count, 0, 2);
            (StreamMessageKind _, byte[] bytes) = await inbox.MessageAsync();
            Assert.True(Messages.Control(1000, (ulong)i).AsSpan().SequenceEqual(bytes));
        }

        await writing;
    }

    [Fact]
    public async Task Receive_MemoryUsedUp_WaitsUntilMessagesAreDisposed()
    {
        const int Frames = 20;
        var inbox = new TestInbox();
        var options = new StreamOptions { UnprovenBudgetBytes = 4 * 16_384, UnprovenControlBytesMax = 16_384 - FcpcHeader.OverheadBytes };
        await using var server = new StreamPort(options, inbox.Inbox);
        using RawPeer peer = await RawPeer.ConnectAsync(server.Listen(RawPeer.Loopback));
        _ = await inbox.OpenedAsync();
        Task writing = Task.Run(
            async () =>
            {
                for (int i = 0; i < Frames; i++) await peer.WriteAsync(Messages.Control(options.UnprovenControlBytesMax, (ulong)i));
            },
            Cancellation);
        var held = new Queue<StreamMessage>();
        for (int i = 0; i < Frames; i++)
        {
            if (held.Count == 4) held.Dequeue().Dispose();
            StreamEvent next = await inbox.NextAsync();
            Assert.Equal(StreamEventKind.Message, next.Kind);
            held.Enqueue(next.Message!);
            Assert.InRange(server.MessageBytes, 16_384, options.UnprovenBudgetBytes);
        }

        await writing;
        foreach (StreamMessage message in held) message.Dispose();
        Assert.Equal(0, server.MessageBytes);
    }

    [Fact]
    public async Task Receive_StrangersHoldAllTheirMemory_KnownPeersGoOn()
    {
        var inbox = new TestInbox();
        var options = new StreamOptions { UnprovenBudgetBytes = 16_384, UnprovenControlBytesMax = 16_384 - FcpcHeader.OverheadBytes };
        await using var server = new StreamPort(options, inbox.Inbox);
        NetAddress at = server.Listen(RawPeer.Loopback);
        using RawPeer stranger = await RawPeer.ConnectAsync(at);
        _ = await inbox.OpenedAsync();
        await stranger.WriteAsync(Messages.Control(options.UnprovenControlBytesMax));
        using StreamMessage held = (await inbox.NextAsync()).Message!;
        using RawPeer known = await RawPeer.ConnectAsync(at);
        (await inbox.OpenedAsync()).MarkProven();
        await known.WriteAsync(Messages.Control(1_000_000));
        Assert.Equal(1_000_052, (await inbox.MessageAsync()).Bytes.Length);
    }

    [Fact]
    public async Task Connect_NobodyListens_Refused()
    {
        await using var client = new StreamPort(new StreamOptions(), new TestInbox().Inbox);
        using var reserved = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        reserved.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // bound and not listening: nobody else gets the port
        StreamConnectResult result = await client.ConnectAsync(((IPEndPoint)reserved.LocalEndPoint!).ToNetAddress(), cancellation: Cancellation);
        Assert.Equal((StreamConnectStatus.Refused, SocketError.ConnectionRefused), (result.Status, result.Error));
        Assert.False(result.IsConnected);
        Assert.Equal(0, client.Connections);
    }

    [Fact]
    public async Task Connect_NoAnswer_TimesOutOrIsCancelled()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "relies on how Linux treats a full backlog");
        using var deaf = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        deaf.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        deaf.Listen(1);
        var fillers = new List<Socket>();
        try
        {
            for (int i = 0; i < 8; i++)
            {
                var filler = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                fillers.Add(filler);
                using var shortly = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
                try
                {
                    await filler.ConnectAsync(deaf.LocalEndPoint!, shortly.Token);
                }
                catch (OperationCanceledException)
                {
                    break; // nobody answers any more
                }
            }

            NetAddress at = ((IPEndPoint)deaf.LocalEndPoint!).ToNetAddress();
            await using var client = new StreamPort(new StreamOptions { ConnectTimeout = TimeSpan.FromMilliseconds(200) }, new TestInbox().Inbox);
            Assert.Equal(StreamConnectStatus.TimedOut, (await client.ConnectAsync(at, cancellation: Cancellation)).Status);
            Assert.Equal(0, client.Connections);
            await using var patient = new StreamPort(new StreamOptions(), new TestInbox().Inbox);
            using var cancel = new CancellationTokenSource();
            ValueTask<StreamConnectResult> connecting = patient.ConnectAsync(at, cancellation: cancel.Token);
            Assert.Equal(1, patient.Connections);
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await connecting);
            Assert.Equal(0, patient.Connections);
            ValueTask<StreamConnectResult> stopped = patient.ConnectAsync(at, cancellation: Cancellation);
            await patient.DisposeAsync();
            Assert.Equal(StreamConnectStatus.PortStopped, (await stopped).Status);
        }
        finally
        {
            foreach (Socket filler in fillers) filler.Dispose();
        }
    }

    [Fact]
    public async Task Connect_Tag_IsThereFromTheFirstEvent()
    {
        var inbox = new TestInbox();
        await using var server = new StreamPort(new StreamOptions(), new TestInbox().Inbox);
        await using var client = new StreamPort(new StreamOptions(), inbox.Inbox);
        StreamConnectResult result = await client.ConnectAsync(server.Listen(RawPeer.Loopback), "peer seven", Cancellation);
        Assert.True(result.IsConnected);
        Assert.Equal("peer seven", (await inbox.OpenedAsync()).Tag);
    }

    [Fact]
    public void Options_OutOfBounds_Throw()
    {
        var good = new StreamOptions();
        var inbox = new StreamInbox(1);
        foreach (StreamOptions bad in new[]
        {
            good with { ConnectionsMax = 0 }, good with { ConnectionsPerSubscriberMax = 0 }, good with { Backlog = 0 },
            good with { ControlBytesMax = FcpcHeader.CiphertextBytesMax + 1 }, good with { ControlBytesMax = -1 },
            good with { UnprovenControlBytesMax = FcpcHeader.CiphertextBytesMax + 1 }, good with { ControlBytesMax = 100 },
            good with { BudgetBytes = 4 * 1024 * 1024 }, good with { UnprovenBudgetBytes = 16 * 1024 },
            good with { OutboundMessagesMax = 0 }, good with { OutboundBytesMax = 0 }, good with { OutboundBytesMax = (1 << 30) + 1 },
            good with { ConnectTimeout = TimeSpan.Zero }, good with { SendTimeout = TimeSpan.FromDays(2) },
        })
        {
            Assert.Throws<ArgumentException>(() => new StreamPort(bad, inbox));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => new StreamInbox(0));
    }
}
