using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Linq;
using System.Threading.Tasks;
using FcpFast.Node;
using FcpFast.Observation;
using FcpFast.Tests.Support;

namespace FcpFast.Tests.Observation;

/// <summary>[WIRE §20]: the names that the specification demands, and figures of peers and zones, as a listener sees them.</summary>
public sealed class FcpMeterTests
{
    [Fact]
    public async Task Meter_AfterATransfer_ShowsTheFiguresOfTheEndpoint()
    {
        await using var pair = new LoopbackPair();
        using var alice = new FcpMeter(pair.Alice);
        using var bob = new FcpMeter(pair.Bob);
        await pair.SendAsync("sent.bin", 300_000);
        await pair.BobIsReadyAsync();
        Dictionary<string, double> seen = Collect("bob");
        FcpEndpointFigures figures = await pair.Bob.ReadFiguresAsync();

        Assert.InRange(seen["fcps_datagrams_rx_total{}"], 300_000 / 1024, figures.DatagramsReceived);
        Assert.Equal(0, seen["fcps_datagrams_mac_fail_total{}"]);
        Assert.Equal(0, seen["fcps_symbols_aead_fail_total{}"]);
        Assert.InRange(seen["fcps_replay_drop_total{}"], 0, figures.DatagramsReceived);
        Assert.InRange(seen["fcpfast_frames_opened_total{}"], 300_000 / 1024, figures.FramesOpened);
        Assert.InRange(seen["fcpfast_peer_frames_total{direction=in,peer=alice}"], 300_000 / 1024, figures.FramesReceived + figures.DatagramsReceived);
        Assert.InRange(seen["fcpfast_peer_bytes_total{direction=in,peer=alice}"], 300_000, double.MaxValue);
        Assert.Equal((double)(int)LinkState.Ready, seen["fcpfast_peer_state{peer=alice}"]);
        Assert.InRange(seen["fcpfast_peer_session_age_seconds{peer=alice}"], 0, 600);
        Assert.Equal(2, seen["fcpfast_zone_members{zone=z:test}"]);
        Assert.Equal(1, seen["fcpfast_zone_keys{zone=z:test}"]);
        Assert.Equal(1, seen["fcpfast_sessions{}"]);
        Assert.InRange(Collect("alice")["fcpfast_peer_frames_total{direction=out,peer=bob}"], 300_000 / 1024, double.MaxValue);
        Assert.Contains(Collect("bob").Keys, static key => key.StartsWith("fcpfast_refused_total{path=control,reason=", StringComparison.Ordinal)); // the Hello that was asked for its cookie
    }

    [Fact]
    public async Task Meter_OfAnEndpointThatIsClosed_ShowsItsLastFigures()
    {
        await using var pair = new LoopbackPair();
        using var meter = new FcpMeter(pair.Bob);
        await pair.SendAsync("sent.bin", 10_000);
        double before = Collect("bob")["fcps_datagrams_rx_total{}"];
        await pair.Bob.DisposeAsync();
        Assert.InRange(Collect("bob")["fcps_datagrams_rx_total{}"], before, before + 100);
        meter.Dispose();
        Assert.Empty(Collect("bob"));
    }

    private static Dictionary<string, double> Collect(string node)
    {
        var seen = new Dictionary<string, double>();
        using var listener = new MeterListener { InstrumentPublished = static (instrument, listener) => Listen(instrument, listener) };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.Start();
        listener.RecordObservableInstruments();
        return seen;

        void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            Dictionary<string, string> named = tags.ToArray().ToDictionary(static tag => tag.Key, static tag => tag.Value!.ToString()!);
            if (named["node"] != node) return;
            seen.Add($"{instrument.Name}{{{string.Join(',', named.Where(static tag => tag.Key != "node").OrderBy(static tag => tag.Key).Select(static tag => $"{tag.Key}={tag.Value}"))}}}", value);
        }
    }

    private static void Listen(Instrument instrument, MeterListener listener)
    {
        if (instrument.Meter.Name == FcpMeter.Name) listener.EnableMeasurementEvents(instrument);
    }
}
