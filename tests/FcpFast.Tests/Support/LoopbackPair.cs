using System;
using System.Net;
using System.Threading.Tasks;
using FcpFast.Node;

namespace FcpFast.Tests.Support;

/// <summary>Alice, who connects, and bob, who receives, on loopback.</summary>
internal sealed class LoopbackPair : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public LoopbackPair()
    {
        Bob = FcpEndpoint.Open(FcpEndpointOptions.Edge(Fleet.FolderOf("bob")) with { Listen = new IPEndPoint(IPAddress.Loopback, 0), ReceiveInto = Fleet.Received });
        Alice = FcpEndpoint.Open(FcpEndpointOptions.Edge(Fleet.FolderOf("alice")) with
        {
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            AcceptsSessions = false,
            Peers = [new FcpPeer(TestFleet.Id("bob"), Bob.Address)],
        });
    }

    public TestFleet Fleet { get; } = new("alice", "bob");

    public FcpEndpoint Alice { get; }

    public FcpEndpoint Bob { get; }

    /// <summary>Sends a file of so many bytes from alice to bob, whole.</summary>
    public async Task SendAsync(string name, int bytes)
    {
        FcpFileSend send = await Alice.SendFileAsync(Fleet.WriteFile(name, bytes), TestFleet.Zone, TestFleet.Id("bob"));
        Assert.True(await send.Completion.WaitAsync(Patience, TestContext.Current.CancellationToken), send.FailureDetail);
    }

    /// <summary>Waits until bob has proven the way to alice; a short file may have arrived before that.</summary>
    public Task BobIsReadyAsync() => Bob.NextAsync<FcpEndpointEvent.LinkChanged>(Patience, static changed => changed.State == LinkState.Ready);

    public async ValueTask DisposeAsync()
    {
        await Alice.DisposeAsync();
        await Bob.DisposeAsync();
        Fleet.Dispose();
    }
}
