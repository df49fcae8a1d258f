using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Replay;

namespace FcpFast.Observation;

/// <summary>An endpoint's state and figures as JSON: what the door of a running node answers, and what reports hold.</summary>
public static class FcpStatusReport
{
    /// <summary>Everything, of one moment.</summary>
    public static JsonObject Of(FcpEndpoint endpoint, FcpEndpointFigures figures)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(figures);
        var report = new JsonObject { ["node"] = endpoint.Node.ToString(), ["address"] = endpoint.Address.ToString(), ["uptime_seconds"] = Math.Round(endpoint.Uptime.TotalSeconds, 3) };
        Describe(endpoint, figures, report);
        report["ready"] = figures.NotReady.Count == 0;
        report["not_ready"] = new JsonArray([.. figures.NotReady.Select(static reason => (JsonNode)reason)]);
        report["assembly_bytes"] = figures.AssemblyBytes;
        report["resident_bytes"] = Environment.WorkingSet;
        report["allocated_bytes"] = GC.GetTotalAllocatedBytes();
        report["collections"] = new JsonArray(GC.CollectionCount(0) - GC.CollectionCount(1), GC.CollectionCount(1) - GC.CollectionCount(2), GC.CollectionCount(2)); // a count of .NET includes the higher ones
        report["gc_pause_seconds"] = Math.Round(GC.GetTotalPauseDuration().TotalSeconds, 4);
        var peers = new JsonArray();
        foreach (FcpPeerFigures peer in figures.Peers) peers.Add((JsonNode)Of(peer));
        var zones = new JsonArray();
        foreach (FcpZoneFigures zone in figures.Zones) zones.Add((JsonNode)Of(zone));
        report["peers"] = peers;
        report["shards"] = new JsonArray([.. figures.Shards.Select(Of)]);
        report["zones"] = zones;
        return report;
    }

    /// <summary>Adds engines and counts to a report.</summary>
    public static void Describe(FcpEndpoint endpoint, FcpEndpointFigures figures, JsonObject report)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(figures);
        ArgumentNullException.ThrowIfNull(report);
        report["engine"] = endpoint.Engine;
        report["mac_engine"] = endpoint.MacEngine;
        report["hash_engine"] = endpoint.HashEngine;
        report["suite"] = endpoint.Suite;
        report["offload"] = endpoint.Offload.IsOn ? "on" : "off";
        report["offload_reason"] = endpoint.Offload.Explanation;
        report["frames_sent"] = figures.FramesSent;
        report["frames_received"] = figures.FramesReceived;
        report["frames_opened"] = figures.FramesOpened;
        report["frames_passed_on"] = figures.FramesPassedOn;
        report["frames_forwarded"] = ByName(figures.FramesForwarded);
        report["rekeys"] = figures.Rekeys;
        report["replay_mode"] = endpoint.Options.ReplayMode == ReplayMode.M1 ? "m1" : "m0";
        report["relayed_replay"] = WordOf(endpoint.Options.RelayedReplay);
        report["sessions"] = figures.Sessions;
        report["sessions_resumed"] = figures.SessionsResumed;
        report["frames_dropped"] = ByName(figures.FramesDropped);
        report["control_refused"] = ByName(figures.ControlRefused);
        report["datagrams_sent"] = figures.DatagramsSent;
        report["datagrams_received"] = figures.DatagramsReceived;
        report["datagrams_verified"] = figures.DatagramsVerified;
        report["system_drops"] = figures.SystemDrops;
    }

    /// <summary>The word for a rule, in reports and options alike.</summary>
    public static string WordOf(RelayedReplayRule rule) => rule == RelayedReplayRule.EpochFence ? "epoch-fence" : "ceilings";

    private static JsonObject Of(FcpPeerFigures peer) => new()
    {
        ["node"] = peer.Node.ToString(),
        ["state"] = peer.State.ToString(),
        ["shard"] = peer.Shard,
        ["connects_to"] = peer.ConnectsTo,
        ["is_relay"] = peer.IsRelay,
        ["suite"] = peer.Suite,
        ["session"] = peer.Session?.ToString(),
        ["session_age_seconds"] = peer.SessionAgeSeconds,
        ["frames_sent"] = peer.Traffic.FramesSent,
        ["frames_received"] = peer.Traffic.FramesReceived,
        ["bytes_sent"] = peer.Traffic.BytesSent,
        ["bytes_received"] = peer.Traffic.BytesReceived,
        ["streams"] = peer.Streams,
        ["lanes"] = peer.Lanes,
        ["is_kept"] = peer.IsKept,
    };

    private static JsonNode Of(FcpShardFigures shard) => new JsonObject
    {
        ["shard"] = shard.Shard,
        ["frames_sent"] = shard.FramesSent,
        ["frames_received"] = shard.FramesReceived,
        ["datagrams_sent"] = shard.DatagramsSent,
        ["datagrams_received"] = shard.DatagramsReceived,
        ["system_drops"] = shard.SystemDrops,
        ["sessions"] = shard.Sessions,
        ["peers"] = shard.Peers,
    };

    private static JsonObject Of(FcpZoneFigures zone) => new()
    {
        ["zone"] = zone.Zone.ToString(),
        ["members"] = zone.Members,
        ["keys"] = zone.Keys,
        ["active_key"] = zone.ActiveKey?.ToString(),
        ["key_age_seconds"] = zone.KeyAgeSeconds,
        ["epoch"] = zone.Epoch,
        ["frames_sealed"] = zone.FramesSealed,
        ["streams"] = zone.StreamsOpen,
    };

    private static JsonObject ByName(IReadOnlyDictionary<FcpStatus, long> counts)
    {
        var named = new JsonObject();
        foreach ((FcpStatus status, long count) in counts) named[FcpStatusNames.NameOf(status)] = count;
        return named;
    }
}
