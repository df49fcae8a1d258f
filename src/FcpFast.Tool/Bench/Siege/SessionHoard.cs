using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading;
using FcpFast.Protocol.Batch;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;
using FcpFast.Transport.Udp;

namespace FcpFast.Tool.Bench.Siege;

/// <summary>Many sessions with real keys, each made by a whole handshake and with some lanes open, held by one node.</summary>
internal static class SessionHoard
{
    private const double Mebibyte = 1024 * 1024;

    /// <summary>Makes them and tells what they take.</summary>
    /// <remarks>
    /// Units:  <c>resident_mib</c> is the whole process, runtime, its files and compiled code included, once garbage of the handshakes is
    ///         collected: it is bounded. <c>private_mib</c> is without the pages of files, which all processes share (where the system tells them
    ///         apart). <c>bytes_more_per_busy_lane</c> is what a lane takes once its window has its full ring.
    /// Errors: throws if a session did not come up or a lane did not open.
    /// </remarks>
    public static JsonObject Measure(BenchEngine engine, int sessions, CancellationToken cancellation)
    {
        var now = new Instant(Instant.TicksPerSecond, 1_700_000_000); // time stands still: no session is asked whether it lives
        byte[] slab = GC.AllocateArray<byte>(BatchLimits.SlabBytes, pinned: true);
        long before = Collected();
        using var node = new SiegeNode(engine, sessions, now);
        long configured = Collected();
        for (int i = 0; i < sessions; i++)
        {
            if (i % 64 == 0) cancellation.ThrowIfCancellationRequested();
            using var peer = new SiegePeer(node, i, now);
            while (!peer.Step(now))
            {
                // a Hello, and another one with the cookie
            }

            peer.OpenLanes(SiegeBounds.LanesPerSession, now);
            SendProbes(node, slab, now);
        }

        Invariant.Require(node.LinksUp == sessions, $"{sessions} sessions are up, not {node.LinksUp}");
        long lanes = node.Core.DatagramsVerified;
        Invariant.Require(lanes == (long)sessions * SiegeBounds.LanesPerSession, $"every frame verified, not {lanes} of them");
        long after = Collected();
        double resident = Environment.WorkingSet / Mebibyte, privately = resident - (SharedFileBytes() / Mebibyte);
        return new JsonObject
        {
            ["sessions"] = sessions,
            ["lanes"] = lanes,
            ["resident_mib"] = Math.Round(resident, 1),
            ["resident_mib_max"] = SiegeBounds.ResidentMebibytesMax,
            ["private_mib"] = Math.Round(privately, 1),
            ["managed_bytes_per_peer_on_file"] = (configured - before) / sessions,
            ["managed_bytes_per_session"] = (after - configured) / sessions,
            ["bytes_more_per_busy_lane"] = BytesMorePerBusyLane(),
            ["ok"] = resident < SiegeBounds.ResidentMebibytesMax,
        };
    }

    /// <summary>What the node asks its peers by datagram: of every probe it remembers something.</summary>
    private static void SendProbes(SiegeNode node, byte[] slab, Instant now)
    {
        node.Core.Tick(now);
        while (node.Core.FillDatagrams(slab, UdpPort.DatagramsPerRunMax, now, out _, out _) > 0)
        {
            // they go nowhere
        }
    }

    /// <summary>Resident pages of files; 0 where the system does not tell.</summary>
    private static long SharedFileBytes()
    {
        const string Name = "RssFile:";
        if (!OperatingSystem.IsLinux()) return 0;
        string? line = File.ReadLines("/proc/self/status").FirstOrDefault(static line => line.StartsWith(Name, StringComparison.Ordinal));
        return line is null ? 0 : 1024 * long.Parse(line[Name.Length..].Replace("kB", "", StringComparison.Ordinal), NumberStyles.Any, CultureInfo.InvariantCulture);
    }

    private static int BytesMorePerBusyLane()
    {
        var window = new ReplayWindow(ReplayWindow.WidthFramesDefault);
        int before = window.RingBytes;
        window.CommitRun(new FrameSeq(1), ReplayWindow.WidthFramesDefault);
        return window.RingBytes - before;
    }

    private static long Collected()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return GC.GetTotalMemory(forceFullCollection: false);
    }
}
