using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Text.Json.Nodes;
using FcpFast.Control.Attestations;
using FcpFast.Control.Identities;
using FcpFast.Control.Owners;
using FcpFast.Control.Records;
using FcpFast.Control.Revocations;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Session;

namespace FcpFast.Tool.Verbs.Control;

/// <summary><c>fcpfast owner …</c></summary>
/// <remarks>Source: DESIGN §4.</remarks>
internal static class OwnerVerbs
{
    private const int DaysMax = 30;
    private const ulong DaySeconds = 86_400;
    private const ulong HourSeconds = 3_600;

    public static Command Create() => new("owner", "The owner: its key, whom it attests, whom it revokes. Works offline; what it makes are files to carry.")
    {
        CreateOwner(), Show(), Attest(), Revoke(), Freshness(), Export(), Import(), Backups.CreateBackup(), Backups.CreateRestore(),
    };

    private static Command CreateOwner()
    {
        Argument<string> folder = ControlArguments.OwnerFolder();
        Option<NodeId?> name = EndpointArguments.Id<NodeId>("--name", "NAME", "How it is named beside its signatures.", NodeId.Parse);
        Option<string> passphrase = ControlArguments.PassphraseFile();
        name.Required = true;
        return ControlVerb.Create("create", "Makes an owner: a key under a passphrase, and owner.fcp, which its nodes need.", [folder, name, passphrase], parsed =>
        {
            string path = parsed.GetValue(folder)!;
            OwnerCard card = OwnerDesk.Create(path, parsed.GetValue(name)!.Value, ControlArguments.ReadPassphrase(parsed.GetValue(passphrase), "New passphrase: "));
            return (
                new JsonObject { ["owner_key"] = card.SigningKey.ToString(), ["directory"] = path },
                $"owner {parsed.GetValue(name)} in {path}\nkey   {card.SigningKey}\nGive {path}/{OwnerDesk.CardFile} to every node; keep {path} offline, and a backup of it elsewhere.");
        });
    }

    private static Command Show()
    {
        Argument<string> folder = ControlArguments.OwnerFolder();
        return ControlVerb.Create("show", "Shows what the owner has signed; needs no passphrase.", [folder], parsed => StateReport.Of(parsed.GetValue(folder)!));
    }

    private static Command Attest()
    {
        Argument<string> folder = ControlArguments.OwnerFolder();
        var requests = new Argument<string[]>("REQUEST") { Description = "Requests of nodes ('fcpfast node request').", Arity = ArgumentArity.OneOrMore };
        Option<int> days = EndpointArguments.Number("--days", "N", "How long it counts.", 1, DaysMax, DaysMax);
        Option<string[]> tags = ControlArguments.Tags("Tags to give instead of those that are asked for.");
        var relay = new Option<bool>("--relay") { Description = "Attest as relays: nodes that pass on what they cannot open." };
        Option<string> @out = ControlArguments.Out("Where to write all attestations, old ones too: every node needs them all.");
        Option<string> passphrase = ControlArguments.PassphraseFile();
        return ControlVerb.Create("attest", "Attests nodes that prove that they hold their keys.", [folder, requests, days, tags, relay, @out, passphrase], parsed =>
        {
            using OwnerState owner = OwnerDesk.Open(parsed.GetValue(folder)!, parsed.GetValue(passphrase));
            var nodes = new List<string>();
            string[] given = [.. parsed.GetValue(tags) ?? [], .. parsed.GetValue(relay) ? [PeerIdentity.RelayTag] : (string[])[]];
            foreach (string file in parsed.GetValue(requests)!)
            {
                ControlRecord request = RecordFiles.ReadOne(file, RecordKind.EnrolmentRequest);
                FcpStatus status = owner.Attest(
                    request.Cbor.Span, given.Length > 0 ? ControlArguments.TagsOf(given) : null, (ulong)parsed.GetValue(days) * DaySeconds, OwnerDesk.Now,
                    out NodeKeyAttestation? attestation);
                OwnerDesk.Require(status, file, "have the node make a new request, with this owner's owner.fcp");
                nodes.Add($"{attestation!.Node}");
            }

            RecordFiles.Write(parsed.GetValue(@out)!, owner.Export([]));
            return (
                new JsonObject { ["attested"] = new JsonArray([.. nodes.Select(static node => (JsonNode)node)]), ["out"] = parsed.GetValue(@out) },
                $"attested {string.Join(", ", nodes)} for {parsed.GetValue(days)} days; carry {parsed.GetValue(@out)} to every node: fcpfast node import NODEDIR {parsed.GetValue(@out)}");
        });
    }

    private static Command Revoke()
    {
        Argument<string> folder = ControlArguments.OwnerFolder();
        Argument<NodeId> node = ControlArguments.Node();
        var reason = new Option<RevocationReason>("--reason")
        {
            Description = "Why, for people: compromised, lost, replaced or retired.",
            HelpName = "REASON",
            Required = true,
            CustomParser = static result =>
            {
                FcpStatus status = RevokedKey.ParseReason(System.Text.Encoding.ASCII.GetBytes(result.Tokens[0].Value), out RevocationReason read);
                if (status != FcpStatus.Accepted) result.AddError($"'{result.Tokens[0].Value}' is not compromised, lost, replaced or retired.");
                return read;
            },
        };
        Option<string> @out = ControlArguments.Out("Where to write the revocation and the new manifests.");
        Option<string> passphrase = ControlArguments.PassphraseFile();
        return ControlVerb.Create("revoke", "Revokes a node's keys, and removes it from every zone.", [folder, node, reason, @out, passphrase], parsed =>
        {
            using OwnerState owner = OwnerDesk.Open(parsed.GetValue(folder)!, parsed.GetValue(passphrase));
            FcpStatus status = owner.Revoke(parsed.GetValue(node), parsed.GetValue(reason), OwnerDesk.Now, out IReadOnlyList<ControlRecord> records);
            OwnerDesk.Require(status, $"cannot revoke {parsed.GetValue(node)}", "name a node that 'fcpfast owner show' lists, and renew the attestations of the zones' other members");
            RecordFiles.Write(parsed.GetValue(@out)!, owner.Export());
            return (
                new JsonObject { ["revoked"] = parsed.GetValue(node).ToString(), ["serial"] = owner.Revocations.Serial, ["zones_rotated"] = records.Count - 1, ["out"] = parsed.GetValue(@out) },
                $"revoked {parsed.GetValue(node)}; {records.Count - 1} zones have new keys. Bring {parsed.GetValue(@out)} to one running node at once: the others hear of it from there");
        });
    }

    private static Command Freshness()
    {
        Argument<string> folder = ControlArguments.OwnerFolder();
        Option<int> hours = EndpointArguments.Number(
            "--max-age", "HOURS", "How old the list may become, from one hour to a year; 0 for any age. As before if left out.", 0, (int)(FreshnessPolicy.MostSeconds / HourSeconds));
        var whenStale = new Option<string>("--when-stale")
        {
            Description = "What nodes do with an older list: 'alarm', or 'refuse' everybody until a newer one comes. As before if left out.", HelpName = "alarm|refuse",
        };
        whenStale.AcceptOnlyFromAmong("alarm", "refuse");
        Option<string> @out = ControlArguments.Out("Where to write the list.");
        Option<string> passphrase = ControlArguments.PassphraseFile();
        return ControlVerb.Create("freshness", "Dates the list of revocations anew, and says how old it may become.", [folder, hours, whenStale, @out, passphrase], parsed =>
        {
            using OwnerState owner = OwnerDesk.Open(parsed.GetValue(folder)!, parsed.GetValue(passphrase));
            FreshnessPolicy before = owner.Revocations.InForce?.Freshness ?? FreshnessPolicy.None;
            ulong seconds = parsed.GetResult(hours) is null ? before.AgeSecondsMax : (ulong)parsed.GetValue(hours) * HourSeconds;
            bool refuses = parsed.GetValue(whenStale) is { } word ? word == "refuse" : before.RefusesWhenStale && seconds > 0;
            FcpStatus status = owner.Refresh(new FreshnessPolicy(seconds, refuses), OwnerDesk.Now, out ControlRecord list);
            OwnerDesk.Require(status, "cannot sign such a list", "with --when-stale refuse, name an age (--max-age HOURS)");
            RecordFiles.Write(parsed.GetValue(@out)!, [list]);
            string limit = seconds == 0 ? "it counts at any age" : $"older than {seconds / HourSeconds} h, nodes {(refuses ? "refuse everybody" : "raise an alarm")}";
            return (
                new JsonObject { ["serial"] = owner.Revocations.Serial, ["max_age_secs"] = seconds, ["when_stale"] = refuses ? "refuse" : "alarm", ["out"] = parsed.GetValue(@out) },
                $"list {owner.Revocations.Serial} is of now; {limit}. Bring {parsed.GetValue(@out)} to one running node");
        });
    }

    private static Command Export()
    {
        Argument<string> folder = ControlArguments.OwnerFolder();
        Option<string> @out = ControlArguments.Out("Where to write.");
        return ControlVerb.Create("export", "Writes everything that nodes need into one file; needs no passphrase.", [folder, @out], parsed =>
        {
            int count = StateReport.Export(parsed.GetValue(folder)!, parsed.GetValue(@out)!);
            return (new JsonObject { ["records"] = count, ["out"] = parsed.GetValue(@out) }, $"{count} records in {parsed.GetValue(@out)}");
        });
    }

    private static Command Import()
    {
        Argument<string> folder = ControlArguments.OwnerFolder();
        var files = new Argument<string[]>("FILE") { Description = "What nodes export ('fcpfast node export').", Arity = ArgumentArity.OneOrMore };
        Option<string> passphrase = ControlArguments.PassphraseFile();
        EndpointArguments.RefuseOptionsAmong(files);
        return ControlVerb.Create("import", "Learns from nodes what this owner signed and has forgotten: after every restore.", [folder, files, passphrase], parsed =>
        {
            using OwnerState owner = OwnerDesk.Open(parsed.GetValue(folder)!, parsed.GetValue(passphrase));
            FcpStatus[] statuses = [.. parsed.GetValue(files)!.SelectMany(RecordFiles.Read).Select(record => owner.TakeBack(record, OwnerDesk.Now))];
            int learnt = statuses.Count(static status => status is FcpStatus.Accepted or FcpStatus.MissingWrappedZoneKey or FcpStatus.ManifestExpired);
            return (
                new JsonObject { ["records"] = statuses.Length, ["known"] = learnt }, $"{statuses.Length} records, {learnt} of them this owner's and known now");
        });
    }
}
