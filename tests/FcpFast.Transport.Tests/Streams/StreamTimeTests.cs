using System;
using System.IO.Pipelines;
using System.Threading.Tasks;
using FcpFast.Transport.Streams;

namespace FcpFast.Transport.Tests.Streams;

/// <summary>Slow peers are given their time and no more.</summary>
public sealed class StreamTimeTests
{
    private static readonly StreamOptions Options = new()
    {
        FirstMessageTimeout = TimeSpan.FromSeconds(10),
        ProofTimeout = TimeSpan.FromSeconds(30),
        MessageTimeout = TimeSpan.FromSeconds(20),
        SendTimeout = TimeSpan.FromSeconds(15),
    };

    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1); // the port looks four times a second

    private static readonly byte[] Hello = Messages.Framed(StreamMessageKind.Handshake, Messages.Handshake(50));

    [Fact]
    public async Task FirstMessage_NeverBegun_Ends()
    {
        var time = new ManualTime();
        var inbox = new TestInbox();
        await using var port = new StreamPort(Options, inbox.Inbox, time);
        _ = new PipedPeer(port);
        _ = await inbox.OpenedAsync();
        time.Advance(Options.FirstMessageTimeout - Slack);
        Assert.Equal(0, inbox.Inbox.Count);
        time.Advance(Slack * 2);
        _ = await inbox.ClosedAsync(StreamCloseReason.FirstMessageTimedOut);
    }

    [Fact]
    public async Task FirstMessage_InDrops_IsNotProlonged()
    {
        var time = new ManualTime();
        var inbox = new TestInbox();
        await using var port = new StreamPort(Options, inbox.Inbox, time);
        var peer = new PipedPeer(port);
        _ = await inbox.OpenedAsync();
        for (int i = 0; i < 9; i++)
        {
            await peer.WriteAsync(Hello.AsMemory(i, 1));
            time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(StreamCloseReason.Open, peer.Connection.CloseReason);
        }

        time.Advance(TimeSpan.FromSeconds(2));
        _ = await inbox.ClosedAsync(StreamCloseReason.FirstMessageTimedOut);
        Assert.Equal(0, port.MessageBytes);
    }

    [Fact]
    public async Task Proof_NeverGiven_Ends()
    {
        var time = new ManualTime();
        var inbox = new TestInbox();
        await using var port = new StreamPort(Options, inbox.Inbox, time);
        var peer = new PipedPeer(port);
        _ = await inbox.OpenedAsync();
        await peer.WriteAsync(Hello);
        _ = await inbox.MessageAsync();
        time.Advance(Options.ProofTimeout - Slack);
        Assert.Equal(StreamCloseReason.Open, peer.Connection.CloseReason);
        time.Advance(Slack * 2);
        _ = await inbox.ClosedAsync(StreamCloseReason.ProofTimedOut);
    }

    [Fact]
    public async Task Proven_Idle_StaysForEver()
    {
        var time = new ManualTime();
        var inbox = new TestInbox();
        await using var port = new StreamPort(Options, inbox.Inbox, time);
        var peer = new PipedPeer(port);
        _ = await inbox.OpenedAsync();
        await peer.WriteAsync(Hello);
        _ = await inbox.MessageAsync();
        peer.Connection.MarkProven();
        time.Advance(TimeSpan.FromHours(1));
        await peer.WriteAsync(Hello);
        _ = await inbox.MessageAsync();
        Assert.Equal(StreamCloseReason.Open, peer.Connection.CloseReason);
    }

    [Theory]
    [InlineData(2)] // within the length
    [InlineData(30)] // within the message
    public async Task Message_BegunAndNotFinished_Ends(int bytes)
    {
        var time = new ManualTime();
        var inbox = new TestInbox();
        await using var port = new StreamPort(Options, inbox.Inbox, time);
        var peer = new PipedPeer(port);
        _ = await inbox.OpenedAsync();
        await peer.WriteAsync(Hello);
        _ = await inbox.MessageAsync();
        peer.Connection.MarkProven();
        time.Advance(TimeSpan.FromHours(1));
        await peer.WriteAsync(Hello.AsMemory(0, bytes));
        time.Advance(Options.MessageTimeout - Slack);
        Assert.Equal(StreamCloseReason.Open, peer.Connection.CloseReason);
        time.Advance(Slack * 2);
        _ = await inbox.ClosedAsync(StreamCloseReason.MessageTimedOut);
        Assert.Equal(0, port.MessageBytes);
    }

    [Fact]
    public async Task Message_InDrops_IsNotProlonged()
    {
        var time = new ManualTime();
        var inbox = new TestInbox();
        await using var port = new StreamPort(Options, inbox.Inbox, time);
        var peer = new PipedPeer(port);
        _ = await inbox.OpenedAsync();
        await peer.WriteAsync(Hello);
        _ = await inbox.MessageAsync();
        peer.Connection.MarkProven();
        byte[] frame = Messages.Control(100);
        for (int i = 0; i < 19; i++)
        {
            await peer.WriteAsync(frame.AsMemory(i, 1));
            time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(StreamCloseReason.Open, peer.Connection.CloseReason);
        }

        time.Advance(TimeSpan.FromSeconds(2));
        _ = await inbox.ClosedAsync(StreamCloseReason.MessageTimedOut);
    }

    [Fact]
    public async Task Send_PeerTakesNothing_Ends()
    {
        var time = new ManualTime();
        var inbox = new TestInbox();
        await using var port = new StreamPort(Options, inbox.Inbox, time);
        var peer = new PipedPeer(port);
        _ = await inbox.OpenedAsync();
        peer.Connection.MarkProven();
        await peer.WriteAsync(Hello);
        _ = await inbox.MessageAsync();
        Assert.True(peer.Connection.Send(StreamMessageKind.Control, Messages.Control(100)));
        ReadResult read = await peer.Received.ReadAsync(TestContext.Current.CancellationToken); // the write is under way
        peer.Received.AdvanceTo(read.Buffer.Start, read.Buffer.Start);
        time.Advance(Options.SendTimeout - Slack);
        Assert.Equal(StreamCloseReason.Open, peer.Connection.CloseReason);
        time.Advance(Slack * 2);
        _ = await inbox.ClosedAsync(StreamCloseReason.SendTimedOut);
    }

    [Fact]
    public async Task FinishSending_PeerDoesNotClose_EndsAfterTheTimeOfASend()
    {
        var time = new ManualTime();
        var inbox = new TestInbox();
        await using var port = new StreamPort(Options, inbox.Inbox, time);
        var peer = new PipedPeer(port);
        _ = await inbox.OpenedAsync();
        peer.Connection.MarkProven();
        await peer.WriteAsync(Hello);
        _ = await inbox.MessageAsync();
        peer.Connection.FinishSending();
        Assert.True((await peer.Received.ReadAsync(TestContext.Current.CancellationToken)).IsCompleted);
        time.Advance(Options.SendTimeout + Slack);
        _ = await inbox.ClosedAsync(StreamCloseReason.ClosedHere);
    }
}
