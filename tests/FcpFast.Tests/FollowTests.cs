using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Control.Attestations;
using FcpFast.Control.Nodes;
using FcpFast.Control.Records;
using FcpFast.Control.Revocations;
using FcpFast.Node;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.State;
using FcpFast.Tests.Support;

namespace FcpFast.Tests;

/// <summary>Running nodes follow their owner: keys turn, members come and go, revoked peers are out. [WIRE §12.2], [WIRE §12.3]</summary>
public sealed class FollowTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly OwnedPair _pair = new("alice", "bob");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static ulong Now => (ulong)DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    public void Dispose() => _pair.Dispose();

    [Fact]
    public async Task Rotations_DuringATransfer_LoseNoFrame()
    {
        await using FcpEndpoint bob = Open("bob");
        await using FcpEndpoint alice = Open("alice", bob);
        string file = _pair.WriteFile("large.bin", 48 * 1024 * 1024);
        FcpFileSend send = await alice.SendFileAsync(file, OwnedPair.Zone, OwnedPair.Id("bob"));
        var seen = new HashSet<ZoneKeyId>();
        do
        {
            Assert.Equal(FcpStatus.Accepted, _pair.Owner.Rotate(OwnedPair.Zone, 1, Now, out ControlRecord rotation));
            Assert.Equal(FcpStatus.Accepted, (await alice.TakeAsync([rotation]))[0].Status);
            FcpEndpointEvent.ZoneChanged changed = await bob.NextAsync<FcpEndpointEvent.ZoneChanged>(Patience, static _ => true); // it came over FCPC
            seen.Add(changed.ZoneKey!.Value);
            await Task.WhenAny(send.Completion, Task.Delay(TimeSpan.FromSeconds(1.5), Cancellation)); // the lead, so that keys do turn while frames fly
        }
        while (!send.Completion.IsCompleted || seen.Count < 2);
        Assert.True(await send.Completion.WaitAsync(Patience, Cancellation), send.FailureDetail);
        Assert.Equal(await File.ReadAllBytesAsync(file, Cancellation), await File.ReadAllBytesAsync(Path.Combine(_pair.Received, "large.bin"), Cancellation));
        Dictionary<FcpStatus, long> dropped = new((await bob.ReadFiguresAsync()).FramesDropped);
        foreach (FcpStatus reason in (FcpStatus[])[FcpStatus.UnknownZoneKey, FcpStatus.DecryptFailed, FcpStatus.UnknownSource, FcpStatus.EpochOutOfRange, FcpStatus.ReplayRetired, FcpStatus.ReplayNotDurable])
        {
            Assert.False(dropped.ContainsKey(reason), $"{reason}: {dropped.GetValueOrDefault(reason)} frames");
        }
    }

    [Fact]
    public async Task Revocation_OfAPeer_EndsItsSessionAndKeepsItOut()
    {
        await using FcpEndpoint bob = Open("bob");
        await using FcpEndpoint alice = Open("alice", bob);
        await bob.NextAsync<FcpEndpointEvent.LinkChanged>(Patience, static link => link.State == LinkState.Ready);
        Assert.Equal(FcpStatus.Accepted, _pair.Owner.Revoke(OwnedPair.Id("alice"), RevocationReason.Lost, Now, out IReadOnlyList<ControlRecord> records));
        await bob.TakeAsync(records);
        FcpEndpointEvent.LinkChanged down = await bob.NextAsync<FcpEndpointEvent.LinkChanged>(Patience, static link => link.State == LinkState.Down);
        Assert.Equal(OwnedPair.Id("alice"), down.Peer);
        for (DateTime end = DateTime.UtcNow + Patience; !(await bob.ReadFiguresAsync()).ControlRefused.ContainsKey(FcpStatus.AttestationRevoked);)
        {
            Assert.True(DateTime.UtcNow < end, "alice's next Hello was not refused in time");
            await Task.Delay(50, Cancellation);
        }

        Assert.False(bob.IsMember(OwnedPair.Zone, OwnedPair.Id("alice")));
    }

    [Fact]
    public async Task Inbox_ARecordFile_IsTakenWhileRunning()
    {
        await using FcpEndpoint bob = Open("bob");
        Assert.Equal(FcpStatus.Accepted, _pair.Owner.Rotate(OwnedPair.Zone, 0, Now, out ControlRecord rotation));
        Inbox.Put(_pair.FolderOf("bob"), [rotation]);
        FcpEndpointEvent.ZoneChanged changed = await bob.NextAsync<FcpEndpointEvent.ZoneChanged>(Patience, static _ => true);
        Assert.True(changed.IsMember);
        Assert.Equal(_pair.Owner.Find(OwnedPair.Zone)!.Current!.ZoneKeyId, changed.ZoneKey);
        for (DateTime end = DateTime.UtcNow + Patience; Directory.GetFiles(Path.Combine(_pair.FolderOf("bob"), Inbox.Folder)).Length > 0;)
        {
            Assert.True(DateTime.UtcNow < end, "the file that was taken was not removed in time"); // it is, behind the event
            await Task.Delay(50, Cancellation);
        }
    }

    [Fact]
    public async Task Equivocation_AtARunningNode_RaisesAnAlarmAndKeepsTheKey()
    {
        await using FcpEndpoint bob = Open("bob");
        IReadOnlyList<ControlRecord> rivals = _pair.Equivocate(Now);
        IReadOnlyList<RecordVerdict> verdicts = await bob.TakeAsync(rivals);
        Assert.Equal([FcpStatus.Accepted, FcpStatus.ManifestEquivocation], verdicts.Select(static verdict => verdict.Status));
        FcpEndpointEvent.AlarmRaised alarm = await bob.NextAsync<FcpEndpointEvent.AlarmRaised>(Patience, static raised => raised.Alarm.Kind == NodeAlarmKind.Equivocation);
        Assert.Equal(OwnedPair.Zone, alarm.Alarm.Zone);
        Assert.Contains(OwnedPair.Zone, bob.Zones);
    }

    [Fact]
    public async Task Newcomer_AttestedWhileRunning_GetsInAndReceives()
    {
        _pair.MakeNode("carol"); // alice and bob have not heard of it
        await using FcpEndpoint carol = Open("carol");
        await using FcpEndpoint alice = Open("alice", carol);
        NodeKeyAttestation attestation = _pair.Owner.Attestations.Nodes[OwnedPair.Id("carol")];
        Assert.Equal(FcpStatus.Accepted, _pair.Owner.Add(OwnedPair.Zone, OwnedPair.Id("carol"), readsPast: true, Now, out ControlRecord rewrap));
        await alice.TakeAsync([ControlRecord.Of(RecordKind.Attestation, attestation.Encoded.Span), rewrap]);
        await alice.NextAsync<FcpEndpointEvent.LinkChanged>(Patience, static link => link.State == LinkState.Ready);
        FcpFileSend send = await alice.SendFileAsync(_pair.WriteFile("hello.bin", 100_000), OwnedPair.Zone, OwnedPair.Id("carol"));
        Assert.True(await send.Completion.WaitAsync(Patience, Cancellation), send.FailureDetail);
    }

    [Fact]
    public async Task TakeAsync_OfAClosedEndpoint_FailsAtOnce()
    {
        FcpEndpoint bob = Open("bob");
        Assert.Equal(FcpStatus.Accepted, _pair.Owner.Rotate(OwnedPair.Zone, 0, Now, out ControlRecord rotation));
        Task<IReadOnlyList<RecordVerdict>>[] raced = [.. Enumerable.Range(0, 50).Select(_ => bob.TakeAsync([rotation]))];
        await bob.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => bob.TakeAsync([rotation]).WaitAsync(Patience, Cancellation));
        foreach (Task<IReadOnlyList<RecordVerdict>> one in raced)
        {
            await Task.WhenAny(one).WaitAsync(Patience, Cancellation); // taken, or told that it was not
        }
    }

    [Fact]
    public async Task Drain_WithAFileUnderWay_WaitsForItAndTakesNoMore()
    {
        await using FcpEndpoint bob = Open("bob");
        await using FcpEndpoint alice = Open("alice", bob);
        string file = _pair.WriteFile("drained.bin", 4 * 1024 * 1024);
        FcpFileSend send = await alice.SendFileAsync(file, OwnedPair.Zone, OwnedPair.Id("bob"));
        await alice.DrainAsync(Cancellation).WaitAsync(Patience, Cancellation);
        Assert.True(send.Completion.IsCompletedSuccessfully && await send.Completion);
        await Assert.ThrowsAsync<InvalidOperationException>(() => alice.SendFileAsync(file, OwnedPair.Zone, OwnedPair.Id("bob")));
    }

    private FcpEndpoint Open(string name, FcpEndpoint? connectsTo = null) => FcpEndpoint.Open(FcpEndpointOptions.Edge(_pair.FolderOf(name)) with
    {
        Listen = new IPEndPoint(IPAddress.Loopback, 0),
        AcceptsSessions = connectsTo is null,
        ReceiveInto = _pair.Received,
        Peers = connectsTo is null ? [] : [new FcpPeer(connectsTo.Node, connectsTo.Address)],
    });
}
