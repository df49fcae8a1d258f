using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Threading.Tasks;
using FcpFast.Control.Nodes;
using FcpFast.Control.Records;
using FcpFast.Node;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Tests.Support;
using Microsoft.Data.Sqlite;

namespace FcpFast.Tests;

/// <summary>A node whose control plane can do nothing honours no revocation: after a bounded time it ends all sessions, until it can.</summary>
public sealed class ControlSilenceTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly OwnedPair _pair = new("alice", "bob");

    public void Dispose() => _pair.Dispose();

    [Fact]
    public async Task Store_ThatTakesNoChange_EndsAllSessionsUntilItDoes()
    {
        await using FcpEndpoint bob = Open("bob");
        await using FcpEndpoint alice = Open("alice", bob);
        await bob.NextAsync<FcpEndpointEvent.LinkChanged>(Patience, static link => link.State == LinkState.Ready);
        Assert.Equal(FcpStatus.Accepted, _pair.Owner.Rotate(OwnedPair.Zone, 1, (ulong)DateTimeOffset.UtcNow.ToUnixTimeSeconds(), out ControlRecord rotation));
        Task<IReadOnlyList<RecordVerdict>> taking;
        using (var other = new SqliteConnection($"Data Source={Path.Combine(_pair.FolderOf("bob"), "state.db")};Pooling=False"))
        {
            other.Open();
            using SqliteTransaction held = other.BeginTransaction(deferred: false); // nobody else may write
            taking = bob.TakeAsync([rotation]);
            FcpEndpointEvent.AlarmRaised alarm = await bob.NextAsync<FcpEndpointEvent.AlarmRaised>(Patience, static raised => raised.Alarm.Kind == NodeAlarmKind.ControlSilent);
            Assert.Contains("no revocation would be honoured", alarm.Alarm.Detail, StringComparison.Ordinal);
            FcpEndpointEvent.LinkChanged down = await alice.NextAsync<FcpEndpointEvent.LinkChanged>(Patience, static link => link.State == LinkState.Down);
            Assert.Equal(OwnedPair.Id("bob"), down.Peer);
            held.Rollback();
        }

        Assert.NotNull(await taking.WaitAsync(Patience, TestContext.Current.CancellationToken)); // stored after all, or told as not durable
        await alice.NextAsync<FcpEndpointEvent.LinkChanged>(Patience, static link => link.State == LinkState.Ready);
    }

    private FcpEndpoint Open(string name, FcpEndpoint? connectsTo = null) => FcpEndpoint.Open(FcpEndpointOptions.Edge(_pair.FolderOf(name)) with
    {
        Listen = new IPEndPoint(IPAddress.Loopback, 0),
        AcceptsSessions = connectsTo is null,
        ReceiveInto = _pair.Received,
        Peers = connectsTo is null ? [] : [new FcpPeer(connectsTo.Node, connectsTo.Address)],
        ControlSilenceMax = name == "bob" ? TimeSpan.FromSeconds(4) : TimeSpan.FromMinutes(10),
    });
}
