using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json.Nodes;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace FcpFast.Tool.Reports;

/// <summary>What <c>fcpfast top</c> shows: rates between two looks at a node.</summary>
internal static class TopScreen
{
    /// <summary>The screen for a look, the one before it, and the seconds between them.</summary>
    public static IRenderable Of(JsonObject now, JsonObject before, double seconds)
    {
        List<IRenderable> rows = [new Text(NodeWords.Head(now)), Path(now, before, seconds), Peers(now, before, seconds), Zones(now), Refusals(now, before, seconds)];
        if (now["shards"] is JsonArray { Count: > 1 } shards) rows.Insert(2, Shards(shards, (JsonArray)before["shards"]!, seconds));
        return new Rows(rows);
    }

    private static Text Path(JsonObject now, JsonObject before, double seconds)
    {
        string[] names = ["frames_sent", "frames_received", "frames_opened", "frames_passed_on", "datagrams_received", "system_drops"];
        return new Text(string.Join("   ", names.Select(name => $"{name.Replace('_', ' ')} {Rate(now[name], before[name], seconds)}")));
    }

    private static Table Shards(JsonArray now, JsonArray before, double seconds)
    {
        string[] rates = ["frames_sent", "frames_received", "system_drops"];
        Table table = NewTable("shard", "peers", "sessions", "out frames/s", "in frames/s", "system drops/s");
        foreach ((JsonNode? shard, JsonNode? earlier) in now.Zip(before))
        {
            table.AddRow([Cell(shard!["shard"]), Cell(shard["peers"]), Cell(shard["sessions"]), .. rates.Select(name => new Text(Rate(shard[name], earlier![name], seconds)))]);
        }

        return table;
    }

    private static Table Peers(JsonObject now, JsonObject before, double seconds)
    {
        Table table = NewTable("peer", "state", "suite", "session", "out frames/s", "out", "in frames/s", "in", "lanes");
        Dictionary<string, JsonNode> known = ((JsonArray)before["peers"]!).ToDictionary(static peer => (string)peer!["node"]!, static peer => peer!);
        foreach (JsonNode? peer in (JsonArray)now["peers"]!)
        {
            JsonNode earlier = known.GetValueOrDefault((string)peer!["node"]!, peer);
            table.AddRow(
                Cell(peer["node"]), Cell(peer["state"]), Cell(peer["suite"]), new Text(Age(peer["session_age_seconds"])),
                new Text(Rate(peer["frames_sent"], earlier["frames_sent"], seconds)), new Text(Bits(peer["bytes_sent"], earlier["bytes_sent"], seconds)),
                new Text(Rate(peer["frames_received"], earlier["frames_received"], seconds)), new Text(Bits(peer["bytes_received"], earlier["bytes_received"], seconds)), Cell(peer["lanes"]));
        }

        return table;
    }

    private static Table Zones(JsonObject now)
    {
        Table table = NewTable("zone", "members", "keys", "active key", "key age", "epoch", "streams", "frames sealed");
        foreach (JsonNode? zone in (JsonArray)now["zones"]!)
        {
            table.AddRow(
                Cell(zone!["zone"]), Cell(zone["members"]), Cell(zone["keys"]), Cell(zone["active_key"]), new Text(Age(zone["key_age_seconds"])), Cell(zone["epoch"]), Cell(zone["streams"]),
                Cell(zone["frames_sealed"]));
        }

        return table;
    }

    private static Table Refusals(JsonObject now, JsonObject before, double seconds)
    {
        Table table = NewTable("refused", "a second", "in all");
        Dictionary<string, long> known = NodeWords.Refusals(before).ToDictionary(static pair => pair.Name, static pair => pair.Count);
        foreach ((string name, long count) in NodeWords.Refusals(now))
        {
            table.AddRow(new Text(name), new Text(Number((count - known.GetValueOrDefault(name)) / seconds)), new Text(count.ToString(CultureInfo.InvariantCulture)));
        }

        return table;
    }

    private static Table NewTable(params string[] columns)
    {
        Table table = new Table().Border(TableBorder.Simple);
        foreach (string column in columns) table.AddColumn(new TableColumn(new Text(column)));
        return table;
    }

    private static Text Cell(JsonNode? value) => new(value?.ToString() ?? "-");

    private static string Age(JsonNode? seconds) => seconds is null ? "-" : TimeSpan.FromSeconds((long)(double)seconds).ToString();

    private static string Rate(JsonNode? now, JsonNode? before, double seconds) => Number(((double)(ulong)now! - (ulong)before!) / seconds);

    private static string Bits(JsonNode? now, JsonNode? before, double seconds) => NodeWords.Bits(((double)(ulong)now! - (ulong)before!) / seconds);

    private static string Number(double perSecond) => Math.Max(0, perSecond).ToString("N0", CultureInfo.InvariantCulture);
}
