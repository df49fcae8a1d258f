using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace FcpFast.Tool.Bench.Runs;

/// <summary>What a run of the ladder found.</summary>
/// <param name="Machine">Where and how it was measured.</param>
/// <param name="Rows">The figures.</param>
/// <param name="Skipped">What was not measured: name, reason and remedy.</param>
internal sealed record BenchReport(JsonObject Machine, IReadOnlyList<BenchRow> Rows, IReadOnlyList<string> Skipped)
{
    private const int TableColumns = 150;

    /// <summary>The report as JSON.</summary>
    public JsonObject ToJson() => new()
    {
        ["machine"] = Machine.DeepClone(),
        ["rows"] = new JsonArray([.. Rows.Select(static row => (JsonNode)row.ToJson())]),
        ["skipped"] = new JsonArray([.. Skipped.Select(static words => (JsonNode)words)]),
    };

    /// <summary>Writes the report as a table.</summary>
    public void Write(TextWriter output)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = Math.Max(console.Profile.Width, TableColumns); // a figure that is cut off is none
        string ratio = Rows.FirstOrDefault(static row => row.Ratio is not null)?.RatioTo ?? BenchRunner.RatioBase;
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns("step", "engine", "suite", "traffic");
        foreach (string name in new[] { "payload", "batch", "ns/frame", "± %", "GB/s", "bytes allocated/frame", $"× {ratio}" })
        {
            table.AddColumn(new TableColumn(name).RightAligned());
        }

        string last = "";
        foreach (BenchRow row in Rows)
        {
            string rung = row.Case.Rung.Words;
            if (last.Length > 0 && rung != last) table.AddEmptyRow();
            last = rung;
            table.AddRow(
                row.Case.Step, Markup.Escape(row.Engine), (int)row.Case.Suite is > 0 and int suite ? Format($"{suite}") : "", row.Case.TrafficName,
                Format($"{row.Case.PayloadBytes}"), Format($"{row.Case.Batch}"), Format($"{row.NanosecondsPerFrame:F1}"), Format($"{row.SpreadPercent:F1}"),
                Format($"{row.GigabytesPerSecond:F3}"), Format($"{row.AllocatedBytesPerFrame:F1}"), row.Ratio is { } times ? Format($"{times:F2}") : "");
        }

        console.Write(table);
        console.WriteLine($"{Machine["cpu"]}, {Machine["cores"]} cores, {Machine["os"]}, {Machine["runtime"]}, {Machine["gc"]} GC, vectors of {Machine["vector_bits"]} bits");
        console.WriteLine($"{Machine["libraries"]}; medians of {Machine["rounds"]} rounds, contenders in turns; load before: {Machine["load_before"]}");
        foreach (string words in Skipped) console.WriteLine($"skipped: {words}");
    }

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
