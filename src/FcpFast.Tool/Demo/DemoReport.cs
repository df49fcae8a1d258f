using System;
using System.Linq;
using System.Text.Json.Nodes;

namespace FcpFast.Tool.Demo;

/// <summary>Puts the reports of both processes together.</summary>
/// <remarks>Source: DESIGN §4 (the fields of <c>fcpfast demo --json</c>).</remarks>
internal static class DemoReport
{
    private static readonly string[] SenderFields =
    [
        "goodput_gbps", "payload_bytes", "seconds", "engine", "mac_engine", "hash_engine", "suite", "offload", "offload_reason", "frames_sent",
        "datagrams_sent", "rekeys",
    ];

    private static readonly string[] ReceiverFields =
    [
        "frames_received", "frames_opened", "frames_dropped", "control_refused", "datagrams_received", "datagrams_verified", "system_drops",
        "replays_accepted", "replays_not_judged",
    ];

    private static readonly string[] RelayFields =
    [
        "cpu_seconds", "peak_rss_mib", "rss_mib", "startup_seconds", "frames_received", "frames_passed_on", "frames_forwarded", "frames_dropped",
        "control_refused", "system_drops", "gc_collections", "allocated_bytes",
    ];

    private static readonly string[] ProcessFields =
        ["seconds", "cpu_seconds", "peak_rss_mib", "allocated_bytes", "allocated_bytes_per_frame", "allocated_over_frames", "gc_collections"];

    /// <summary>The report of the demo.</summary>
    /// <param name="sent">The sender's.</param>
    /// <param name="received">The receiver's.</param>
    /// <param name="relayed">The relay's; null if there was none.</param>
    /// <param name="path">The forwarder's; null if there was none.</param>
    public static JsonObject Make(JsonObject sent, JsonObject received, JsonObject? relayed, JsonObject? path)
    {
        var report = new JsonObject();
        Copy(sent, SenderFields, report);
        Copy(received, ReceiverFields, report);
        report["allocated_bytes_per_frame"] = Math.Max((double)sent["allocated_bytes_per_frame"]!, (double)received["allocated_bytes_per_frame"]!);
        report["gc_collections"] = (int)sent["gc_collections"]! + (int)received["gc_collections"]!;
        JsonObject sender = [], receiver = [];
        Copy(sent, ProcessFields, sender);
        Copy(received, ProcessFields, receiver);
        var processes = new JsonObject { ["sender"] = sender, ["receiver"] = receiver };
        report["processes"] = processes;
        if (relayed is not null)
        {
            JsonObject relay = [];
            Copy(relayed, RelayFields, relay);
            processes["relay"] = relay;
        }

        if (path is null) return report;
        report["path"] = path;
        report["adds_up"] = relayed is null ? AddsUp(sent, received, path, besidePath: 0) : AddsUp(sent, relayed, path, Read(received, "datagrams_sent"));
        return report;
    }

    /// <summary>True if everything that the demo checks holds.</summary>
    public static bool IsRight(JsonObject report) =>
        (bool)report["hash_ok"]! && (long)report["replays_accepted"]! == 0 && (long)report["replays_not_judged"]! == 0
        && ((bool?)report["adds_up"]?["ok"] ?? true) && ((bool?)report["rotations"]?["ok"] ?? true)
        && ((bool?)report["group"]?["ok"] ?? true);

    /// <summary>Follows every datagram from the sender to the place where it was accepted or refused.</summary>
    /// <remarks>
    /// Shape: pairs of counts of two programs that must be equal. Copies of what was accepted and changed ones must be refused, each once and
    ///        for a reason; what a full socket buffer dropped at the receiver is known in number only, and so bounds those two pairs.
    /// </remarks>
    /// <param name="sent">The sender's report.</param>
    /// <param name="received">That of the process at the end of the path: the receiver, or a relay.</param>
    /// <param name="path">The forwarder's.</param>
    /// <param name="besidePath">Datagrams that came to that process from elsewhere: a relay's from the receiver.</param>
    private static JsonObject AddsUp(JsonObject sent, JsonObject received, JsonObject path, long besidePath)
    {
        var there = (JsonObject)path["to_receiver"]!;
        long intact = Read(there, "intact"), again = Read(there, "intact_again"), corrupted = Read(there, "corrupted");
        long missing = Read(received, "system_drops") + Read(there, "unsent");
        long came = Read(received, "datagrams_received") - besidePath, verified = Read(received, "datagrams_verified") - besidePath;
        long dropped = ((JsonObject)received["frames_dropped"]!).Sum(static reason => (long)reason.Value!);
        long unopened = Read(received, "frames_received") - Read(received, "frames_opened") - Read(received, "frames_passed_on");
        long acceptedLess = intact - verified, refusedLess = again + corrupted - (came - verified);
        return new JsonObject
        {
            ["sent"] = new JsonArray(Read(sent, "datagrams_sent"), Read(there, "received") + Read(there, "overflowed")),
            ["passed_on"] = new JsonArray(intact + again + corrupted, came + missing),
            ["accepted"] = new JsonArray(intact, verified),
            ["refused"] = new JsonArray(again + corrupted, came - verified),
            ["reasons"] = new JsonArray(came - verified + unopened, dropped),
            ["ok"] = Read(sent, "datagrams_sent") == Read(there, "received") + Read(there, "overflowed")
                && intact + again + corrupted == came + missing && acceptedLess >= 0 && refusedLess >= 0 && dropped == came - verified + unopened,
        };
    }

    private static long Read(JsonObject report, string field) => (long)report[field]!;

    private static void Copy(JsonObject from, string[] fields, JsonObject to)
    {
        foreach (string field in fields) to[field] = from[field]?.DeepClone();
    }
}
