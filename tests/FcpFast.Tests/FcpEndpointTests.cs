using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Node;
using FcpFast.Protocol.Ids;
using FcpFast.Tests.Support;

namespace FcpFast.Tests;

/// <summary>Two endpoints with real sockets on loopback.</summary>
public sealed class FcpEndpointTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TestFleet _fleet = new("alice", "bob");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _fleet.Dispose();

    [Fact]
    public async Task ReadFiguresAsync_AfterATransfer_AccountForEveryDatagramAndFrame()
    {
        await using FcpEndpoint bob = OpenBob(audit: null);
        await using FcpEndpoint alice = OpenAlice(bob);
        string file = _fleet.WriteFile("sent.bin", 300_000);
        FcpFileSend send = await alice.SendFileAsync(file, TestFleet.Zone, TestFleet.Id("bob"));
        Assert.True(await send.Completion.WaitAsync(Patience, Cancellation), send.FailureDetail);
        Assert.Equal(await File.ReadAllBytesAsync(file, Cancellation), await File.ReadAllBytesAsync(Path.Combine(_fleet.Received, "sent.bin"), Cancellation));
        FcpEndpointFigures figures = await bob.ReadFiguresAsync();
        Assert.Equal(
            figures.DatagramsReceived + figures.FramesReceived - figures.DatagramsVerified - figures.FramesOpened, figures.FramesDropped.Values.Sum());
        Assert.InRange(figures.FramesOpened, 300_000 / 1024, figures.FramesReceived);
        Assert.InRange((await alice.ReadFiguresAsync()).FramesSent, figures.FramesOpened, long.MaxValue);
    }

    [Fact]
    public async Task Events_TheShardBreaks_EndWithItsReason()
    {
        await using FcpEndpoint bob = OpenBob(new BreakingAudit());
        await using FcpEndpoint alice = OpenAlice(bob);
        FcpFileSend send = await alice.SendFileAsync(_fleet.WriteFile("sent.bin", 300_000), TestFleet.Zone, TestFleet.Id("bob"));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(Patience);
        InvalidOperationException reason = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await foreach (FcpEndpointEvent happened in bob.Events.ReadAllAsync(patience.Token)) Assert.IsNotType<FcpEndpointEvent.FileReceived>(happened);
        });
        Assert.Equal(BreakingAudit.Reason, reason.Message);
        Assert.Equal(BreakingAudit.Reason, (await Assert.ThrowsAsync<InvalidOperationException>(bob.ReadFiguresAsync)).Message);
        Assert.False(send.Completion.IsCompleted);
    }

    [Fact]
    public async Task ReadFiguresAsync_AfterDisposal_Throws()
    {
        FcpEndpoint bob = OpenBob(audit: null);
        await bob.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(bob.ReadFiguresAsync);
    }

    [Fact]
    public async Task SendFileAsync_NoSuchFileStrangerOrZone_IsTheCallersError()
    {
        await using FcpEndpoint bob = OpenBob(audit: null);
        await using FcpEndpoint alice = OpenAlice(bob);
        NodeId to = TestFleet.Id("bob");
        await Assert.ThrowsAsync<FileNotFoundException>(() => alice.SendFileAsync(Path.Combine(_fleet.Root, "none"), TestFleet.Zone, to));
        string file = _fleet.WriteFile("sent.bin", 10);
        await Assert.ThrowsAsync<ArgumentException>(() => alice.SendFileAsync(file, TestFleet.Zone, TestFleet.Id("mallory")));
        Assert.Equal(Protocol.Diagnostics.FcpStatus.Accepted, ZoneId.Parse("z:other", out ZoneId other));
        await Assert.ThrowsAsync<ArgumentException>(() => alice.SendFileAsync(file, other, to));
        FcpFileSend send = await alice.SendFileAsync(file, TestFleet.Zone, to);
        Assert.True(await send.Completion.WaitAsync(Patience, Cancellation), send.FailureDetail); // none of it broke the endpoint
    }

    private FcpEndpoint OpenBob(IFrameAudit? audit) => FcpEndpoint.Open(FcpEndpointOptions.Edge(_fleet.FolderOf("bob")) with
    {
        Listen = new IPEndPoint(IPAddress.Loopback, 0),
        ReceiveInto = _fleet.Received,
        Audit = audit,
    });

    private FcpEndpoint OpenAlice(FcpEndpoint bob) => FcpEndpoint.Open(FcpEndpointOptions.Edge(_fleet.FolderOf("alice")) with
    {
        Listen = new IPEndPoint(IPAddress.Loopback, 0),
        AcceptsSessions = false,
        Peers = [new FcpPeer(TestFleet.Id("bob"), bob.Address)],
    });
}
