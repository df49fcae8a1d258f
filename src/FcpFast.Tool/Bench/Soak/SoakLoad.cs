using System;
using System.Buffers;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Net;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Files;
using FcpFast.Protocol.Ids;
using FcpFast.Tool.Demo.Gateways;
using FcpFast.Tool.Verbs;
using HdrHistogram;

namespace FcpFast.Tool.Bench.Soak;

/// <summary>Many peers in one process: each sends one object after the other to the gateway, at a pace or as fast as they arrive.</summary>
/// <param name="fleet">Where the peers' states are.</param>
/// <param name="names">The peers.</param>
/// <param name="ways">Whom each connects to, and where.</param>
/// <param name="to">The gateway.</param>
/// <param name="streams">Where a tally a second is told.</param>
internal sealed class SoakLoad(GatewayFleet fleet, string[] names, FcpPeer[] ways, NodeId to, ToolStreams streams)
{
    private static readonly TimeSpan LastObjectMax = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private readonly LongHistogram _latency = NewHistogram();
    private long _started;
    private long _arrived;
    private long _refused;

    /// <summary>A histogram of microseconds, up to ten minutes, to three digits.</summary>
    public static LongHistogram NewHistogram() => new(1, 600_000_000, 3);

    /// <summary>Sends until it is told to end; then waits for what is under way.</summary>
    public async Task<JsonObject> RunAsync(int objectBytes, double secondsBetween, int rekeyAfterSeconds, CancellationToken cancellation)
    {
        var endpoints = new List<FcpEndpoint>();
        try
        {
            foreach (string name in names)
            {
                endpoints.Add(FcpEndpoint.Open(FcpEndpointOptions.Edge(fleet.StateOf(name)) with
                {
                    Listen = new IPEndPoint(IPAddress.Loopback, 0), AcceptsSessions = false, Peers = ways, AssemblyBytes = 1024 * 1024, Source = new FileSourceOptions(512 * 1024, 64 * 1024, 2),
                    RekeyAfter = EndpointArguments.Limits(rekeyAfterSeconds),
                }));
            }

            byte[] content = new byte[objectBytes];
            new Random(1).NextBytes(content);
            await streams.TellAsync("listening", new JsonObject { ["peers"] = endpoints.Count });
            Task[] sending = [.. endpoints.Select((endpoint, i) => SendAsync(endpoint, names[i], content, secondsBetween, secondsBetween * i / endpoints.Count, cancellation))];
            while (!cancellation.IsCancellationRequested)
            {
                await Task.Delay(1000, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await streams.TellAsync("tally", Tally());
            }

            await Task.WhenAll(sending);
            JsonObject report = Tally();
            var sent = new JsonObject();
            foreach (FcpEndpoint endpoint in endpoints) sent[endpoint.Node.ToString()] = SentTo((await endpoint.ReadFiguresAsync()).Peers);
            report["frames_sent"] = sent;
            return report;
        }
        finally
        {
            foreach (FcpEndpoint endpoint in endpoints) await endpoint.DisposeAsync();
        }
    }

    private static JsonObject SentTo(IReadOnlyList<FcpPeerFigures> peers)
    {
        var sent = new JsonObject();
        foreach (FcpPeerFigures peer in peers) sent[peer.Node.ToString()] = peer.Traffic.FramesSent;
        return sent;
    }

    private async Task SendAsync(FcpEndpoint endpoint, string name, byte[] content, double secondsBetween, double firstAfter, CancellationToken cancellation)
    {
        GatewayFleet.ParseZone(out ZoneId zone);
        var clock = Stopwatch.StartNew();
        for (double due = firstAfter; !cancellation.IsCancellationRequested; due = Math.Max(due + secondsBetween, clock.Elapsed.TotalSeconds - secondsBetween))
        {
            double wait = due - clock.Elapsed.TotalSeconds;
            if (wait > 0) await Task.Delay(TimeSpan.FromSeconds(wait), cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellation.IsCancellationRequested) return;
            long begun = Stopwatch.GetTimestamp();
            Interlocked.Increment(ref _started);
            FcpFileSend send = await endpoint.SendObjectAsync($"{name}.bin", new ReadOnlySequence<byte>(content), zone, to);
            bool arrived;
            try
            {
                Task<bool> completion = send.Completion;
                if (await Task.WhenAny(completion, Task.Delay(Timeout.Infinite, cancellation)) != completion) await completion.WaitAsync(LastObjectMax, CancellationToken.None);
                arrived = await completion;
            }
            catch (TimeoutException)
            {
                return; // told by the difference between started and arrived
            }

            if (arrived) Note(Stopwatch.GetElapsedTime(begun));
            else Interlocked.Increment(ref _refused);
        }
    }

    private void Note(TimeSpan latency)
    {
        lock (_gate)
        {
            _arrived++;
            _latency.RecordValue(Math.Clamp((long)latency.TotalMicroseconds, 1, 600_000_000));
        }
    }

    /// <summary>The counts so far, and the latencies since the last tally.</summary>
    private JsonObject Tally()
    {
        lock (_gate)
        {
            var latency = new JsonArray();
            foreach (var value in _latency.RecordedValues()) latency.Add((JsonNode)new JsonArray(value.ValueIteratedTo, value.CountAtValueIteratedTo));
            _latency.Reset();
            return new JsonObject { ["started"] = Interlocked.Read(ref _started), ["arrived"] = _arrived, ["refused"] = Interlocked.Read(ref _refused), ["latency"] = latency };
        }
    }
}
