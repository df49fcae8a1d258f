using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Text.Json.Nodes;
using FcpFast.Control.Manifests;
using FcpFast.Control.Owners;
using FcpFast.Control.Profiles;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;

namespace FcpFast.Tool.Verbs.Control;

/// <summary><c>fcpfast zone …</c></summary>
/// <remarks>Source: DESIGN §4, [WIRE §12.3], [WIRE §12.4], [WIRE §14].</remarks>
internal static class ZoneVerbs
{
    private const string Members = "make sure that every member has an attestation ('fcpfast owner show')";

    public static Command Create() => new("zone", "Zones: members, keys, demands. The owner's verbs write one file that brings any node up to date.")
    {
        CreateZone(), Rotate(), Add(), Remove(), Profile(), Show(), Evidence(),
    };

    private static Command CreateZone()
    {
        Argument<string> folder = ControlArguments.OwnerFolder();
        Argument<ZoneId> zone = ControlArguments.Zone();
        var members = new Option<string[]>("--member") { Description = "A member; several by repeating.", Required = true, HelpName = "NODE" };
        var ratchet = new Option<bool>("--ratchet") { Description = "Let keys turn by epoch, and erase those of past epochs." };
        Option<int> overlap = EndpointArguments.Number("--overlap", "SECONDS", "How long an outgoing key still opens.", 0, (int)RekeyPolicy.OverlapSecondsMax, (int)RekeyPolicy.OverlapSecondsDefault);
        Option<int> retain = EndpointArguments.Number("--retain", "EPOCHS", "How many past epochs of 300 s still open.", 0, (int)RekeyPolicy.RetainEpochsMax, (int)EpochSchedule.RetainEpochsDefault);
        var keepIds = new Option<bool>("--keep-object-ids") { Description = "Keep the object-id key when a member is removed: object ids stay, and the removed node can still compute them." };
        var wide = new Option<bool>("--xchacha") { Description = "XChaCha20-Poly1305 instead of ChaCha20-Poly1305." };
        ProfileOptions demands = new();
        Option<string> @out = Out(), passphrase = ControlArguments.PassphraseFile();
        return ControlVerb.Create("create", "Makes a zone with its first key.", [folder, zone, members, ratchet, overlap, retain, keepIds, wide, .. demands.All, @out, passphrase], parsed =>
        {
            using OwnerState owner = OwnerDesk.Open(parsed.GetValue(folder)!, parsed.GetValue(passphrase));
            var nodes = new List<NodeId>();
            foreach (string text in parsed.GetValue(members)!)
            {
                OwnerDesk.Require(NodeId.Parse(text, out NodeId node), $"--member {text}", "give a node's id");
                nodes.Add(node);
            }

            var policy = new RekeyPolicy
            {
                EpochRatchet = parsed.GetValue(ratchet), OverlapWindowSeconds = (ulong)parsed.GetValue(overlap), RetainEpochs = (uint)parsed.GetValue(retain),
                RewrapOnMembershipChange = true, RotateObjectIdKeyOnMembershipChange = !parsed.GetValue(keepIds),
            };
            var terms = new ZoneTerms(
                parsed.GetValue(wide) ? AeadAlgorithm.XChaCha20Poly1305 : AeadAlgorithm.ChaCha20Poly1305, policy, demands.Read(parsed, parsed.GetValue(ratchet)));
            FcpStatus status = owner.CreateZone(parsed.GetValue(zone), nodes, terms, OwnerDesk.Now, out _);
            OwnerDesk.Require(status, $"cannot make {parsed.GetValue(zone)}", status == FcpStatus.ZoneIdMismatch ? "there is such a zone already: use the other verbs" : Members);
            return Tell(owner, parsed.GetValue(zone), parsed.GetValue(@out)!, "has its first key");
        });
    }

    private static Command Rotate()
    {
        Argument<string> folder = ControlArguments.OwnerFolder();
        Argument<ZoneId> zone = ControlArguments.Zone();
        Option<int> lead = EndpointArguments.Number(
            "--lead", "SECONDS", "How far ahead the new key begins, so that no node lags.", 0, (int)OwnerState.LeadSecondsMax, (int)ManifestDraft.LeadSecondsDefault);
        Option<string> @out = Out(), passphrase = ControlArguments.PassphraseFile();
        return ControlVerb.Create("rotate", "Gives a zone a new key; the old one opens for the overlap. Heals a zone after a contradiction.", [folder, zone, lead, @out, passphrase], parsed =>
        {
            using OwnerState owner = OwnerDesk.Open(parsed.GetValue(folder)!, parsed.GetValue(passphrase));
            Known(owner, parsed.GetValue(zone));
            OwnerDesk.Require(owner.Rotate(parsed.GetValue(zone), (ulong)parsed.GetValue(lead), OwnerDesk.Now, out _), $"cannot rotate {parsed.GetValue(zone)}", Members);
            return Tell(owner, parsed.GetValue(zone), parsed.GetValue(@out)!, "has a new key");
        });
    }

    private static Command Add()
    {
        Argument<string> folder = ControlArguments.OwnerFolder();
        Argument<ZoneId> zone = ControlArguments.Zone();
        Argument<NodeId> node = ControlArguments.Node();
        var noPast = new Option<bool>("--no-past") { Description = "Rotate, so that the newcomer cannot read what was sealed before." };
        Option<string> @out = Out(), passphrase = ControlArguments.PassphraseFile();
        return ControlVerb.Create("add", "Takes a node into a zone.", [folder, zone, node, noPast, @out, passphrase], parsed =>
        {
            using OwnerState owner = OwnerDesk.Open(parsed.GetValue(folder)!, parsed.GetValue(passphrase));
            Known(owner, parsed.GetValue(zone));
            FcpStatus status = owner.Add(parsed.GetValue(zone), parsed.GetValue(node), !parsed.GetValue(noPast), OwnerDesk.Now, out _);
            OwnerDesk.Require(status, $"cannot add {parsed.GetValue(node)}", Members);
            return Tell(owner, parsed.GetValue(zone), parsed.GetValue(@out)!, $"has {parsed.GetValue(node)} as a member");
        });
    }

    private static Command Remove()
    {
        Argument<string> folder = ControlArguments.OwnerFolder();
        Argument<ZoneId> zone = ControlArguments.Zone();
        Argument<NodeId> node = ControlArguments.Node();
        Option<string> @out = Out(), passphrase = ControlArguments.PassphraseFile();
        return ControlVerb.Create("remove", "Removes a node from a zone: the others get a new key.", [folder, zone, node, @out, passphrase], parsed =>
        {
            using OwnerState owner = OwnerDesk.Open(parsed.GetValue(folder)!, parsed.GetValue(passphrase));
            Known(owner, parsed.GetValue(zone));
            FcpStatus status = owner.Remove(parsed.GetValue(zone), parsed.GetValue(node), OwnerDesk.Now, out _);
            OwnerDesk.Require(status, $"cannot remove {parsed.GetValue(node)}", status == FcpStatus.NotMember ? "name a member ('fcpfast zone show')" : Members);
            return Tell(owner, parsed.GetValue(zone), parsed.GetValue(@out)!, $"has a new key without {parsed.GetValue(node)}");
        });
    }

    private static Command Profile()
    {
        Argument<string> folder = ControlArguments.OwnerFolder();
        Argument<ZoneId> zone = ControlArguments.Zone();
        ProfileOptions demands = new();
        var ratchet = new Option<bool>("--require-ratchet") { Description = "Refuse manifests whose keys do not turn by epoch." };
        var downgrade = new Option<bool>("--downgrade") { Description = "Say explicitly that the zone demands less than before; without it nodes refuse that." };
        Option<string> @out = Out(), passphrase = ControlArguments.PassphraseFile();
        return ControlVerb.Create("profile", "Says what a zone demands; in force at nodes when they hear of it.", [folder, zone, ratchet, .. demands.All, downgrade, @out, passphrase], parsed =>
        {
            using OwnerState owner = OwnerDesk.Open(parsed.GetValue(folder)!, parsed.GetValue(passphrase));
            Known(owner, parsed.GetValue(zone));
            SecurityTerms terms = demands.Read(parsed, parsed.GetValue(ratchet)) ?? SecurityTerms.Default with { RequireRatchet = parsed.GetValue(ratchet) };
            FcpStatus status = owner.SetProfile(parsed.GetValue(zone), terms, parsed.GetValue(downgrade), OwnerDesk.Now, out _);
            OwnerDesk.Require(status, $"cannot set the profile of {parsed.GetValue(zone)}", status == FcpStatus.Downgrade ? "say --downgrade if that is meant" : "give terms that keep the bounds");
            return Tell(owner, parsed.GetValue(zone), parsed.GetValue(@out)!, "has a new profile");
        });
    }

    private static Command Show()
    {
        Argument<string> folder = ControlArguments.AnyFolder();
        var zone = new Option<string>("--zone") { Description = "Only this zone.", HelpName = "ZONE" };
        return ControlVerb.Create("show", "Shows zones as an owner or a node knows them.", [folder, zone], parsed => StateReport.OfZones(parsed.GetValue(folder)!, parsed.GetValue(zone)));
    }

    private static Command Evidence()
    {
        Argument<string> folder = ControlArguments.AnyFolder();
        Argument<ZoneId> zone = ControlArguments.Zone();
        Option<string> @out = ControlArguments.Out("Where to write the proof.");
        return ControlVerb.Create("evidence", "Writes manifests that contradict each other as a proof for anybody ('fcpfast manifest verify').", [folder, zone, @out], parsed =>
        {
            int count = StateReport.ExportEvidence(parsed.GetValue(folder)!, parsed.GetValue(zone), parsed.GetValue(@out)!);
            return (new JsonObject { ["manifests"] = count, ["out"] = parsed.GetValue(@out) }, $"{count} manifests that contradict each other in {parsed.GetValue(@out)}");
        });
    }

    private static Option<string> Out() => ControlArguments.Out("Where to write all that a node needs of this zone.");

    private static void Known(OwnerState owner, ZoneId zone)
    {
        if (owner.Find(zone) is not null) return;
        string known = string.Join(", ", owner.Zones.Select(static one => one.Zone));
        throw new ToolException($"there is no zone {zone}", known.Length > 0 ? $"name one of {known}" : "make it first: fcpfast zone create");
    }

    private static (JsonObject Report, string Words) Tell(OwnerState owner, ZoneId zone, string path, string what)
    {
        RecordFiles.Write(path, owner.Export([zone]));
        ManifestRecord current = owner.Find(zone)!.Current!;
        return (
            new JsonObject
            {
                ["zone"] = zone.ToString(),
                ["zone_key"] = current.ZoneKeyId.ToString(),
                ["valid_from"] = current.Order.ValidFromUnixSeconds,
                ["members"] = new JsonArray([.. current.Members.Select(static member => (JsonNode)member.ToString())]),
                ["out"] = path,
            },
            $"{zone} {what}: {current.ZoneKeyId}, for {string.Join(", ", current.Members)}\nCarry {path} to a node: fcpfast node import NODEDIR {path}; running nodes tell each other");
    }
}
