using System;
using System.Collections.Generic;
using FcpFast.Control.Nodes;
using FcpFast.Control.Records;
using FcpFast.Control.Store;
using FcpFast.Control.Tests.Support;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Tests.Nodes;

/// <summary>A change that cannot be stored is not used, and the node goes on with what was acknowledged. [REPLAY §5.3]</summary>
public sealed class StoreFailureTests : IExchangePort, IDisposable
{
    private const ulong Now = TestZone.Now;

    private readonly OwnedFleet _fleet = new("alice");
    private readonly List<NodeAlarm> _alarms = [];

    public void Dispose() => _fleet.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Take_TheStoreFails_UsesNothingAndTakesItLater(bool failsAfterWriting)
    {
        _fleet.CreateZone(null, "alice");
        ZoneKeyId before = _fleet["alice"].Zones[OwnedFleet.Zone].State.Current!.ZoneKeyId;
        _fleet["alice"].Dispose();
        var store = new FailingStore(StateStore.Open(_fleet.FolderOf("alice"), new StoreKeySource.KeyFile(), _fleet.Crypto)) { FailsAfterWriting = failsAfterWriting };
        using NodeState node = NodeState.Open(store, _fleet.Crypto);
        var exchange = new RecordExchange(node, this);
        Assert.Equal(FcpStatus.Accepted, _fleet.Owner.Rotate(OwnedFleet.Zone, 0, Now, out ControlRecord rotation));
        store.Fails = true;
        RecordVerdict verdict = exchange.Take(rotation, Now);
        Assert.Equal(FcpStatus.NotDurable, verdict.Status);
        Assert.Equal(NodeAlarmKind.StoreFailed, Assert.Single(_alarms).Kind);
        Assert.Contains("make room", _alarms[0].Detail, StringComparison.Ordinal);
        Assert.Equal(before, node.Zones[OwnedFleet.Zone].State.Current!.ZoneKeyId);
        Assert.Single(node.Zones[OwnedFleet.Zone].Ring.ZoneKeys);
        store.Fails = false;
        Assert.Equal(FcpStatus.Accepted, exchange.Take(rotation, Now + 1).Status); // anew, or known if it had been written after all
        Assert.NotEqual(before, node.Zones[OwnedFleet.Zone].State.Current!.ZoneKeyId);
        Assert.Equal(2, node.Zones[OwnedFleet.Zone].Ring.ZoneKeys.Count);
    }

    void IExchangePort.Send(NodeId to, ReadOnlyMemory<byte> payload)
    {
    }

    void IExchangePort.ZoneChanged(ZoneId zone)
    {
    }

    void IExchangePort.PeersChanged()
    {
    }

    void IExchangePort.Raise(NodeAlarm alarm) => _alarms.Add(alarm);
}
