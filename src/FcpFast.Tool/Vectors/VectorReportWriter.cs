using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;

namespace FcpFast.Tool.Vectors;

/// <summary>Shows a report as text, a line per family, and as JSON.</summary>
internal static class VectorReportWriter
{
    /// <summary>A line per family, failures below it; then what could not be judged, and the sums.</summary>
    public static void WriteText(VectorReport report, TextWriter output)
    {
        int passed = 0, failed = 0, notYet = 0, unknown = 0;
        foreach ((string name, VectorFamilyReport family) in report.Families)
        {
            int familyNotYet = family.NotYet.Values.Sum(), familyUnknown = family.Unknown.Values.Sum();
            string counts = string.Create(
                CultureInfo.InvariantCulture,
                $"passed {family.Passed,4}  failed {family.Failures.Count,3}  not yet {familyNotYet,3}  unknown {familyUnknown,3}");
            output.WriteLine($"{name,-18} {counts}{List("not yet", family.NotYet)}{List("unknown", family.Unknown)}");
            foreach ((string vector, string reason) in family.Failures) output.WriteLine($"  {vector}: {reason}");
            passed += family.Passed;
            failed += family.Failures.Count;
            notYet += familyNotYet;
            unknown += familyUnknown;
        }

        foreach ((string file, string reason) in report.Unjudged) output.WriteLine($"not judged: {file}: {reason}");
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"all: passed {passed}, failed {failed}, not yet {notYet}, unknown {unknown}, files not judged {report.Unjudged.Count}"));
    }

    /// <summary>The report as one object.</summary>
    public static JsonObject ToJson(VectorReport report) => new()
    {
        ["ok"] = report.IsClean,
        ["families"] = new JsonObject(report.Families.Select(static pair => KeyValuePair.Create(pair.Key, (JsonNode?)ToJson(pair.Value)))),
        ["unjudged"] = new JsonArray([.. report.Unjudged.Select(static entry => Pair("file", entry.File, entry.Reason))]),
    };

    private static JsonObject ToJson(VectorFamilyReport family) => new()
    {
        ["passed"] = family.Passed,
        ["failed"] = family.Failures.Count,
        ["not_yet"] = Counts(family.NotYet),
        ["unknown"] = Counts(family.Unknown),
        ["failures"] = new JsonArray([.. family.Failures.Select(static failure => Pair("name", failure.Name, failure.Reason))]),
    };

    private static JsonObject Counts(SortedDictionary<string, int> counts) =>
        new(counts.Select(static pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));

    private static JsonObject Pair(string key, string value, string reason) => new JsonObject { [key] = value, ["reason"] = reason };

    private static string List(string title, SortedDictionary<string, int> counts) => counts.Count == 0
        ? ""
        : $"  {title}: {string.Join(", ", counts.Select(static pair => $"{pair.Key} {pair.Value}"))}";
}
