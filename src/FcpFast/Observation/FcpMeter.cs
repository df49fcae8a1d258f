using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Linq;
using System.Threading;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Observation;

/// <summary>An endpoint's figures as a meter of .NET, for whatever listens to meters: OpenTelemetry, dotnet-counters, a Prometheus exporter.</summary>
/// <remarks>
/// Shape:   every instrument is read when it is asked for; the data path counts nothing more for it. README.md of this project lists the names.
/// Threads: any; a reader waits for the endpoint's thread to finish its turn, at most a second, and is then shown what it was shown before.
/// Cost:    nothing while nobody listens.
/// Source:  [WIRE §20].
/// </remarks>
public sealed class FcpMeter : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string Name = "FcpFast";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    // One collection asks for every instrument in a row: they are of one moment.
    private static readonly TimeSpan SameMoment = TimeSpan.FromMilliseconds(100);

    private static readonly FcpStatus[] Replays =
    [
        FcpStatus.ReplayZero, FcpStatus.ReplayDuplicate, FcpStatus.ReplayTooOld, FcpStatus.ReplayRetired, FcpStatus.ReplayInstanceTaken, FcpStatus.ReplayLaneLimit,
        FcpStatus.ReplayFenced,
    ];

    private readonly Lock _reading = new();
    private readonly FcpEndpoint _endpoint;
    private readonly Meter _meter;
    private readonly KeyValuePair<string, object?> _node;
    private FcpEndpointFigures? _figures;
    private long _readAt;

    /// <summary>Shows an endpoint's figures until it is disposed of.</summary>
    /// <param name="endpoint">The endpoint; it stays the caller's.</param>
    public FcpMeter(FcpEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        _endpoint = endpoint;
        _meter = new Meter(Name);
        _node = new KeyValuePair<string, object?>("node", endpoint.Node.ToString());
        AddRequired();
        AddPath();
        AddPeers();
        AddZones();
        AddShards();
    }

    /// <summary>Ends the instruments.</summary>
    public void Dispose() => _meter.Dispose();

    private static long Sum(FcpEndpointFigures figures, params ReadOnlySpan<FcpStatus> reasons)
    {
        long sum = 0;
        foreach (FcpStatus reason in reasons) sum += figures.FramesDropped.GetValueOrDefault(reason);
        return sum;
    }

    /// <summary>The names that the specification demands.</summary>
    private void AddRequired()
    {
        Count("fcps_datagrams_rx_total", "Datagrams that came.", static figures => figures.DatagramsReceived);
        Count("fcps_datagrams_mac_fail_total", "Datagrams whose MAC did not verify.", static figures => Sum(figures, FcpStatus.InvalidSignature));
        Count("fcps_symbols_aead_fail_total", "Frames with a symbol that did not open.", static figures => Sum(figures, FcpStatus.DecryptFailed));
        Count("fcps_replay_drop_total", "Frames that a replay window refused.", static figures => Sum(figures, Replays));
    }

    private void AddPath()
    {
        CountEach("fcpfast_refused_total", "What was refused, by the name of the reason.", figures =>
        [
            .. figures.FramesDropped.Select(pair => Of(pair.Value, ("reason", FcpStatusNames.NameOf(pair.Key)), ("path", "data"))),
            .. figures.ControlRefused.Select(pair => Of(pair.Value, ("reason", FcpStatusNames.NameOf(pair.Key)), ("path", "control"))),
        ]);
        CountEach("fcpfast_forwarded_total", "Frames on their way out of a relay, once for each peer, by what became of them.", figures =>
            figures.FramesForwarded.Select(pair => Of(pair.Value, ("result", FcpStatusNames.NameOf(pair.Key)))));
        Count("fcpfast_frames_sent_total", "Frames sealed and handed to the socket.", static figures => figures.FramesSent);
        Count("fcpfast_frames_received_total", "Frames that verified and were fresh.", static figures => figures.FramesReceived);
        Count("fcpfast_frames_opened_total", "Frames whose symbols opened and were wanted.", static figures => figures.FramesOpened);
        Count("fcpfast_frames_passed_on_total", "Frames of zones that are only passed on.", static figures => figures.FramesPassedOn);
        Count("fcpfast_datagrams_tx_total", "Datagrams that the system took for sending.", static figures => figures.DatagramsSent);
        Count("fcpfast_system_drops_total", "Datagrams that the system dropped because the socket's buffer was full.", static figures => figures.SystemDrops);
        Count("fcpfast_rekeys_total", "Sessions that replaced one in use.", static figures => figures.Rekeys);
        Gauge("fcpfast_ready", "1 while the endpoint may be given something new, else 0.", null, static figures => figures.NotReady.Count == 0 ? 1 : 0);
        Gauge("fcpfast_sessions", "Sessions with state.", null, static figures => figures.Sessions);
        Gauge("fcpfast_assembly_bytes", "Bytes of chunks that are being put together.", "By", static figures => figures.AssemblyBytes);
    }

    private void AddPeers()
    {
        CountEach("fcpfast_peer_frames_total", "Frames of a peer's sessions.", figures => figures.Peers.SelectMany(peer => (Measurement<long>[])
        [
            Of((long)peer.Traffic.FramesSent, ("peer", peer.Node), ("direction", "out")), Of((long)peer.Traffic.FramesReceived, ("peer", peer.Node), ("direction", "in")),
        ]));
        CountEach("fcpfast_peer_bytes_total", "Bytes of the frames of a peer's sessions.", figures => figures.Peers.SelectMany(peer => (Measurement<long>[])
        [
            Of((long)peer.Traffic.BytesSent, ("peer", peer.Node), ("direction", "out")), Of((long)peer.Traffic.BytesReceived, ("peer", peer.Node), ("direction", "in")),
        ]));
        GaugeEach("fcpfast_peer_state", "0 down, 1 connecting, 2 established, 3 ready.", null, figures => figures.Peers.Select(peer => Of((double)(int)peer.State, ("peer", peer.Node))));
        GaugeEach("fcpfast_peer_session_age_seconds", "How old the session in use is.", "s", figures =>
            figures.Peers.Where(static peer => peer.SessionAgeSeconds is not null).Select(peer => Of(peer.SessionAgeSeconds!.Value, ("peer", peer.Node))));
        GaugeEach("fcpfast_peer_lanes", "Streams that came in on the session in use.", null, figures => figures.Peers.Select(peer => Of((double)peer.Lanes, ("peer", peer.Node))));
        GaugeEach("fcpfast_peer_streams", "Streams that are sealed for the peer.", null, figures => figures.Peers.Select(peer => Of((double)peer.Streams, ("peer", peer.Node))));
    }

    private void AddZones()
    {
        GaugeEach("fcpfast_zone_members", "Members by the manifest in force.", null, figures => figures.Zones.Select(zone => Of((double)zone.Members, ("zone", zone.Zone))));
        GaugeEach("fcpfast_zone_keys", "Zone keys that open.", null, figures => figures.Zones.Select(zone => Of((double)zone.Keys, ("zone", zone.Zone))));
        GaugeEach("fcpfast_zone_epoch", "The highest epoch reached.", null, figures => figures.Zones.Select(zone => Of((double)zone.Epoch, ("zone", zone.Zone))));
        GaugeEach("fcpfast_zone_streams", "Streams that are sealed for the zone.", null, figures => figures.Zones.Select(zone => Of((double)zone.StreamsOpen, ("zone", zone.Zone))));
        GaugeEach("fcpfast_zone_key_age_seconds", "Since when the key seals that seals now; nothing while none may.", "s", figures =>
            figures.Zones.Where(static zone => zone.KeyAgeSeconds is not null).Select(zone => Of(zone.KeyAgeSeconds!.Value, ("zone", zone.Zone))));
    }

    /// <summary>Whether the shards share the load evenly; their sums are the endpoint's.</summary>
    private void AddShards()
    {
        CountEach("fcpfast_shard_frames_total", "Frames that a shard sealed, and that verified and were fresh in it.", figures => figures.Shards.SelectMany(shard => (Measurement<long>[])
        [
            Of(shard.FramesSent, ("shard", shard.Shard), ("direction", "out")), Of(shard.FramesReceived, ("shard", shard.Shard), ("direction", "in")),
        ]));
        CountEach("fcpfast_shard_system_drops_total", "Datagrams that the system dropped because a buffer of the shard's sockets was full.", figures =>
            figures.Shards.Select(shard => Of(shard.SystemDrops, ("shard", shard.Shard))));
        GaugeEach("fcpfast_shard_sessions", "Sessions with state.", null, figures => figures.Shards.Select(shard => Of((double)shard.Sessions, ("shard", shard.Shard))));
        GaugeEach("fcpfast_shard_peers", "Peers that the shard owns.", null, figures => figures.Shards.Select(shard => Of((double)shard.Peers, ("shard", shard.Shard))));
    }

    private void Count(string name, string description, Func<FcpEndpointFigures, long> read) => CountEach(name, description, figures => [Of(read(figures))]);

    private void CountEach(string name, string description, Func<FcpEndpointFigures, IEnumerable<Measurement<long>>> read) =>
        _meter.CreateObservableCounter(name, () => Read() is { } figures ? read(figures) : [], null, description);

    private void Gauge(string name, string description, string? unit, Func<FcpEndpointFigures, double> read) => GaugeEach(name, description, unit, figures => [Of(read(figures))]);

    private void GaugeEach(string name, string description, string? unit, Func<FcpEndpointFigures, IEnumerable<Measurement<double>>> read) =>
        _meter.CreateObservableGauge(name, () => Read() is { } figures ? read(figures) : [], unit, description);

    private Measurement<T> Of<T>(T value, params ReadOnlySpan<(string Name, object Value)> tags)
        where T : struct
    {
        var list = new KeyValuePair<string, object?>[tags.Length + 1];
        list[0] = _node;
        for (int i = 0; i < tags.Length; i++) list[i + 1] = new KeyValuePair<string, object?>(tags[i].Name, tags[i].Value.ToString());
        return new Measurement<T>(value, list);
    }

    private FcpEndpointFigures? Read()
    {
        lock (_reading)
        {
            if (_figures is not null && Stopwatch.GetElapsedTime(_readAt) < SameMoment) return _figures;
            try
            {
                System.Threading.Tasks.Task<FcpEndpointFigures> reading = _endpoint.ReadFiguresAsync();
                if (reading.Wait(Patience)) _figures = reading.Result;
            }
#pragma warning disable CA1031 // a broken or closed endpoint tells its reason elsewhere; its last figures stay
            catch (Exception)
            {
                return _figures;
            }
#pragma warning restore CA1031

            _readAt = Stopwatch.GetTimestamp();
            return _figures;
        }
    }
}
