using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using FcpFast.Host;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Transport.Udp;

namespace FcpFast;

/// <summary>What is counted, added up over the shards.</summary>
public sealed partial class FcpEndpoint
{
    /// <summary>Reads all counts, those of each shard between two of its turns.</summary>
    /// <remarks>Errors: <see cref="ObjectDisposedException"/>; what broke the endpoint, if it is broken.</remarks>
    public async Task<FcpEndpointFigures> ReadFiguresAsync()
    {
        FcpEndpointFigures[] shards = await OnShardsAsync(Describe).ConfigureAwait(false);
        return shards.Length == 1 ? shards[0] : Sum(shards);
    }

    private FcpEndpointFigures Describe(Shard shard)
    {
        IReadOnlyList<FcpZoneFigures> zones = shard.Core.DescribeZones();
        IReadOnlyList<FcpPeerFigures> peers = [.. shard.Core.DescribePeers().Select(peer => peer with { Shard = shard.Index })];
        long sent = 0, received = 0, drops = 0;
        foreach (UdpPort port in shard.Host.Ports)
        {
            sent += port.Counters[UdpCount.DatagramsSent];
            received += port.Counters[UdpCount.DatagramsReceived];
            drops += port.SystemDrops;
        }

        return new FcpEndpointFigures
        {
            FramesSent = shard.Core.FramesSent,
            FramesReceived = shard.Core.FramesAccepted,
            FramesOpened = shard.Core.FramesOpened,
            FramesPassedOn = shard.Core.FramesPassedOn,
            FramesForwarded = shard.Core.ForwardCounters.Snapshot(),
            Rekeys = shard.Core.Rekeys,
            DatagramsSent = sent,
            DatagramsReceived = received,
            DatagramsVerified = shard.Core.DatagramsVerified,
            SystemDrops = drops,
            HasWaiting = shard.Host.Ports.Any(static port => port.HasWaiting),
            FramesDropped = shard.Core.Counters.Snapshot(),
            ControlRefused = shard.Core.ControlCounters.Snapshot(),
            Sessions = shard.Core.SessionCount,
            SessionsResumed = shard.Core.SessionsResumed,
            AssemblyBytes = shard.Core.AssemblyBytes,
            Peers = peers,
            Zones = zones,
            NotReady = ReasonsAgainst(shard, zones),
            Shards = [new FcpShardFigures(shard.Index, shard.Core.FramesSent, shard.Core.FramesAccepted, sent, received, drops, shard.Core.SessionCount, peers.Count)],
        };
    }

    /// <summary>Sums of all shards. What hinders the node hinders the first shard, too.</summary>
    private static FcpEndpointFigures Sum(FcpEndpointFigures[] shards) => new()
    {
        FramesSent = shards.Sum(static shard => shard.FramesSent),
        FramesReceived = shards.Sum(static shard => shard.FramesReceived),
        FramesOpened = shards.Sum(static shard => shard.FramesOpened),
        FramesPassedOn = shards.Sum(static shard => shard.FramesPassedOn),
        FramesForwarded = Sum(shards, static shard => shard.FramesForwarded),
        Rekeys = shards.Sum(static shard => shard.Rekeys),
        DatagramsSent = shards.Sum(static shard => shard.DatagramsSent),
        DatagramsReceived = shards.Sum(static shard => shard.DatagramsReceived),
        DatagramsVerified = shards.Sum(static shard => shard.DatagramsVerified),
        SystemDrops = shards.Sum(static shard => shard.SystemDrops),
        HasWaiting = shards.Any(static shard => shard.HasWaiting),
        FramesDropped = Sum(shards, static shard => shard.FramesDropped),
        ControlRefused = Sum(shards, static shard => shard.ControlRefused),
        Sessions = shards.Sum(static shard => shard.Sessions),
        SessionsResumed = shards.Sum(static shard => shard.SessionsResumed),
        AssemblyBytes = shards.Sum(static shard => shard.AssemblyBytes),
        Peers = [.. shards.SelectMany(static shard => shard.Peers)],
        Zones = [.. shards.SelectMany(static shard => shard.Zones).GroupBy(static zone => zone.Zone).Select(Sum)],
        NotReady = shards[0].NotReady,
        Shards = [.. shards.SelectMany(static shard => shard.Shards)],
    };

    /// <summary>Members and keys are every shard's; streams are each one's own.</summary>
    private static FcpZoneFigures Sum(IGrouping<ZoneId, FcpZoneFigures> zone) => zone.First() with
    {
        FramesSealed = zone.Aggregate(0ul, static (sum, one) => sum + one.FramesSealed),
        StreamsOpen = zone.Sum(static one => one.StreamsOpen),
    };

    private static Dictionary<FcpStatus, long> Sum(FcpEndpointFigures[] shards, Func<FcpEndpointFigures, IReadOnlyDictionary<FcpStatus, long>> counts) =>
        shards.SelectMany(counts).GroupBy(static pair => pair.Key).ToDictionary(static one => one.Key, static one => one.Sum(static pair => pair.Value));

    /// <summary>Why this endpoint is not ready; its sockets are bound as long as it runs.</summary>
    private List<string> ReasonsAgainst(Shard shard, IReadOnlyList<FcpZoneFigures> zones)
    {
        var reasons = new List<string>();
        if (shard.IsDraining) reasons.Add("it is being drained");
        if (_replay.Fault is { } fault) reasons.Add($"the replay store: {fault.Message}");
        FcpStatus standing = shard.Directory.Find(Node)?.Judge(shard.Host.Now.UnixSeconds) ?? FcpStatus.InvalidAttestation;
        if (standing != FcpStatus.Accepted) reasons.Add($"its own attestation: {FcpStatusNames.NameOf(standing)}");
        foreach (FcpZoneFigures zone in zones)
        {
            if (zone.ActiveKey is null && zone.Members > 0) reasons.Add($"zone {zone.Zone}: no key of it seals now");
        }

        return reasons;
    }
}
