using System;
using System.Text.Json.Nodes;

namespace FcpFast.Tool.Demo;

/// <summary>Puts the reports of both processes together.</summary>
/// <remarks>Source: DESIGN §4 (the fields of <c>fcpfast demo --json</c>).</remarks>
internal static class DemoReport
{
    private static readonly string[] ProcessFields =
        ["seconds", "cpu_seconds", "peak_rss_mib", "allocated_bytes", "allocated_bytes_per_frame", "gc_collections"];

    /// <summary>The report of the demo.</summary>
    /// <param name="sent">The sender's.</param>
    /// <param name="received">The receiver's.</param>
    /// <param name="path">The forwarder's; null if there was none.</param>
    public static JsonObject Make(JsonObject sent, JsonObject received, JsonObject? path)
    {
        var report = new JsonObject
        {
            ["goodput_gbps"] = sent["goodput_gbps"]!.DeepClone(),
            ["payload_bytes"] = sent["payload_bytes"]!.DeepClone(),
            ["seconds"] = sent["seconds"]!.DeepClone(),
            ["frames_sent"] = sent["frames_sent"]!.DeepClone(),
            ["frames_received"] = received["frames_received"]!.DeepClone(),
            ["frames_opened"] = received["frames_opened"]!.DeepClone(),
            ["frames_dropped"] = received["frames_dropped"]!.DeepClone(),
            ["replays_accepted"] = received["replays_accepted"]!.DeepClone(),
            ["replays_not_judged"] = received["replays_not_judged"]!.DeepClone(),
            ["allocated_bytes_per_frame"] = Larger(sent, received, "allocated_bytes_per_frame"),
            ["gc_collections"] = Sum(sent, received, "gc_collections"),
            ["engine"] = sent["engine"]!.DeepClone(),
            ["suite"] = sent["suite"]!.DeepClone(),
            ["offload"] = sent["offload"]!.DeepClone(),
            ["datagrams_sent"] = sent["datagrams_sent"]!.DeepClone(),
            ["datagrams_received"] = received["datagrams_received"]!.DeepClone(),
            ["system_drops"] = received["system_drops"]!.DeepClone(),
            ["processes"] = new JsonObject { ["sender"] = Process(sent), ["receiver"] = Process(received) },
        };
        if (path is null) return report;
        report["path"] = path;
        report["adds_up"] = AddsUp(received, (JsonObject)path["to_receiver"]!);
        return report;
    }

    /// <summary>Every datagram that the path let through is accounted for at the receiver: intact ones accepted once, copies and changed ones refused.</summary>
    private static JsonObject AddsUp(JsonObject received, JsonObject path)
    {
        var dropped = (JsonObject)received["frames_dropped"]!;
        long intact = (long)path["intact"]!, again = (long)path["intact_again"]!, corrupted = (long)path["corrupted"]!;
        long verified = (long)received["datagrams_verified"]!, refusedAsCopies = 0, refusedAsChanged = 0;
        foreach ((string name, JsonNode? count) in dropped)
        {
            if (name is "ReplayDuplicate" or "ReplayTooOld") refusedAsCopies += (long)count!;
            if (name is "InvalidSignature" or "InvalidMagic" or "UnsupportedVersion" or "UnknownFlags" or "InvalidSymbolSize" or "LengthMismatch"
                or "FrameSizeMismatch" or "SeqMismatch" or "UnknownSession" or "TooManySymbols" or "SymbolSizeOutOfRange" or "NoSymbols"
                or "NotEncrypted" or "InvalidEsi" or "InvalidK" or "EpochOutOfRange" or "DuplicateEsi" or "TooShort")
            {
                refusedAsChanged += (long)count!;
            }
        }

        return new JsonObject
        {
            ["intact"] = new JsonArray(intact, verified),
            ["copies"] = new JsonArray(again, refusedAsCopies),
            ["changed"] = new JsonArray(corrupted, refusedAsChanged),
            ["ok"] = intact == verified && again == refusedAsCopies && corrupted == refusedAsChanged,
        };
    }

    private static JsonObject Process(JsonObject report)
    {
        var process = new JsonObject();
        foreach (string field in ProcessFields) process[field] = report[field]?.DeepClone();
        return process;
    }

    private static double Larger(JsonObject sent, JsonObject received, string field) => Math.Max((double)sent[field]!, (double)received[field]!);

    private static int Sum(JsonObject sent, JsonObject received, string field) => (int)sent[field]! + (int)received[field]!;
}
