using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using FcpFast.Control.Evidence;
using FcpFast.Control.Manifests;
using FcpFast.Control.Records;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Tool.Verbs.Control;

/// <summary><c>fcpfast manifest …</c></summary>
/// <remarks>Source: DESIGN §4; [WIRE §11.2], [WIRE §12.2].</remarks>
internal static class ManifestVerbs
{
    public static Command Create() => new("manifest", "Record files: what is in them, and whether evidence proves what it says.") { Show(), Verify() };

    private static Command Show()
    {
        var file = new Argument<string>("FILE") { Description = "A record file (.fcp)." };
        return ControlVerb.Create("show", "Lists the records of a file; nothing in it is judged or believed.", [file], parsed =>
        {
            IReadOnlyList<ControlRecord> records = RecordFiles.Read(parsed.GetValue(file)!);
            var words = new StringWriter(CultureInfo.InvariantCulture);
            var list = new JsonArray();
            foreach (ControlRecord record in records)
            {
                JsonObject shown = Describe(record);
                list.Add((JsonNode)shown);
                words.WriteLine(string.Join("  ", shown.Select(static pair => $"{pair.Key} {pair.Value}")));
            }

            return (new JsonObject { ["records"] = list }, words.ToString().TrimEnd());
        });
    }

    private static Command Verify()
    {
        var file = new Argument<string>("FILE") { Description = "Evidence ('fcpfast zone evidence')." };
        return ControlVerb.Create("verify", "Verifies, from the file alone, that an owner signed manifests that contradict each other.", [file], parsed =>
        {
            ControlRecord record = RecordFiles.ReadOne(parsed.GetValue(file)!, RecordKind.Evidence);
            FcpStatus status = EquivocationEvidence.Verify(record.Cbor.Span, LibsodiumGate.Open().Signatures, out EquivocationEvidence? evidence);
            if (status != FcpStatus.Accepted)
            {
                return (new JsonObject { ["proves"] = false, ["reason"] = FcpStatusNames.NameOf(status) }, $"it proves nothing: {FcpStatusNames.NameOf(status)}", ExitCodes.CheckFailed);
            }

            return (
                new JsonObject
                {
                    ["proves"] = true, ["zone"] = evidence!.Zone.ToString(), ["owner_key"] = evidence.Owner.ToString(),
                    ["manifests"] = new JsonArray([.. evidence.Records.Select(static one => (JsonNode)one.Digest.ToString())]),
                },
                $"the holder of {evidence.Owner} signed {evidence.Records.Length} manifests of {evidence.Zone} that contradict each other", ExitCodes.Done);
        });
    }

    private static JsonObject Describe(ControlRecord record)
    {
        var shown = new JsonObject { ["kind"] = record.Kind.ToString(), ["bytes"] = record.Payload.Length };
        if (record.Kind != RecordKind.Manifest || ZoneKeyManifest.Parse(record.Cbor.Span, out ZoneKeyManifest? manifest) != FcpStatus.Accepted) return shown;
        shown["zone"] = manifest!.Zone.ToString();
        shown["zone_key"] = manifest.ZoneKeyId.ToString();
        shown["previous"] = manifest.PreviousZoneKeyId?.ToString();
        shown["valid_from"] = StateReport.Time(manifest.ValidFromUnixSeconds);
        shown["members"] = manifest.Recipients().Length;
        shown["digest"] = manifest.Digest.ToString();
        return shown;
    }
}
