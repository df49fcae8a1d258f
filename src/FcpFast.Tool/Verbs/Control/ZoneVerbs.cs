using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Text.Json.Nodes;
using FcpFast.Control.Manifests;
using FcpFast.Control.Nodes;
using FcpFast.Control.Owners;
using FcpFast.Control.Profiles;
using FcpFast.Control.Records;
using FcpFast.Control.Store;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.State;

namespace FcpFast.Tool.Verbs.Control;

/// <summary><c>fcpfast zone …</c></summary>
/// <remarks>Source: DESIGN §4, [WIRE §12.3], [WIRE §12.4], [WIRE §14].</remarks>
internal static class ZoneVerbs
{
    private const string Members = "make sure that every member has an attestation ('fcpfast owner show')";

    public static Command Create() => new("zone", "Zones: members, keys, demands. The owner's verbs write one file that brings any node up to date.")
    {
        CreateZone(), Rotate(), Heal(), Add(), Remove(), Profile(), Show(), Evidence(),
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
        var mode = new Option<string>("--mode") { Description = "How keys come about: by the owner's manifests (manifest), or in an MLS group that heals (mls).", HelpName = "MODE", DefaultValueFactory = static _ => "manifest" };
        mode.AcceptOnlyFromAmong("manifest", "mls");
        Option<NodeId?> coordinator = EndpointArguments.Id<NodeId>("--coordinator", "NODE", "With --mode mls: the member that turns the group's epochs.", NodeId.Parse);
        var noPcs = new Option<bool>("--allow-pathless") { Description = "With --mode mls: accept epochs that heal nobody." };
        ProfileOptions demands = new();
        Option<string> @out = Out(), passphrase = ControlArguments.PassphraseFile();
        Command create = ControlVerb.Create("create", "Makes a zone with its first key; with --mode mls its coordinator begins the group.", [folder, zone, mode, coordinator, noPcs, members, ratchet, overlap, retain, keepIds, wide, .. demands.All, @out, passphrase], parsed =>
        {
            using OwnerState owner = OwnerDesk.Open(parsed.GetValue(folder)!, parsed.GetValue(passphrase));
            var nodes = new List<NodeId>();
            foreach (string text in parsed.GetValue(members)!)
            {
                OwnerDesk.Require(NodeId.Parse(text, out NodeId node), $"--member {text}", "give a node's id");
                nodes.Add(node);
            }

            if (parsed.GetValue(mode) == "mls")
            {
                FcpStatus made = owner.CreateGroupZone(
                    parsed.GetValue(zone), parsed.GetValue(coordinator)!.Value, nodes, demands.ReadMls(parsed, !parsed.GetValue(noPcs)), OwnerDesk.Now, out _);
                OwnerDesk.Require(made, $"cannot make {parsed.GetValue(zone)}", made == FcpStatus.ZoneIdMismatch ? "there is such a zone already: use the other verbs" : Members);
                return TellGroup(owner, parsed.GetValue(zone), parsed.GetValue(@out)!, "is an MLS zone");
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
        Option[] manifestOnly = [ratchet, overlap, retain, keepIds, wide];
        create.Validators.Add(result =>
        {
            bool isMls = result.GetValue(mode) == "mls";
            if (isMls && result.GetResult(coordinator) is null) result.AddError("--mode mls needs --coordinator: the member that begins the group and turns its epochs. 'zone profile' names another later, or nobody.");
            if (!isMls && (result.GetResult(coordinator) ?? result.GetResult(noPcs)) is { Implicit: false }) result.AddError("--coordinator and --allow-pathless go with --mode mls.");
            foreach (Option option in manifestOnly)
            {
                if (isMls && result.GetResult(option) is { Implicit: false }) result.AddError($"{option.Name} does not go with --mode mls: the group turns the keys.");
            }
        });
        return create;
    }

    private static Command Heal()
    {
        Argument<string> folder = ControlArguments.NodeFolder();
        Argument<ZoneId> zone = ControlArguments.Zone();
        Option<string> keyFile = ControlArguments.KeyFile(), passphrase = ControlArguments.PassphraseFile();
        return ControlVerb.Create("heal", "Gives a node fresh keys in an MLS zone: whoever copied its state cannot follow. A running node does it at once.", [folder, zone, keyFile, passphrase], parsed =>
        {
            string path = parsed.GetValue(folder)!;
            ZoneId wanted = parsed.GetValue(zone);
            if (StateStore.IsInUse(path))
            {
                Inbox.Put(path, [HealOrder.Of(wanted)]);
                return (new JsonObject { ["handed_over"] = true, ["zone"] = wanted.ToString() }, $"the running node was told to heal in {wanted}; its own output says when the epoch turns");
            }

            using NodeState node = NodeVerbs.Open(path, parsed.GetValue(keyFile), parsed.GetValue(passphrase));
            OwnerDesk.Require(node.Heal(wanted, OwnerDesk.Now), $"cannot heal in {wanted}", "name an MLS zone that this node is a member of ('fcpfast zone show')");
            return (new JsonObject { ["handed_over"] = false, ["zone"] = wanted.ToString() }, $"the commit is made and stored; it counts once the coordinator of {wanted} has it: start this node, or carry 'fcpfast node export'");
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
            FcpStatus status = owner.Rotate(parsed.GetValue(zone), (ulong)parsed.GetValue(lead), OwnerDesk.Now, out _);
            OwnerDesk.Require(status, $"cannot rotate {parsed.GetValue(zone)}", status == FcpStatus.Downgrade ? "its group turns the keys of an MLS zone: fcpfast zone heal NODEDIR" : Members);
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
            return owner.Find(parsed.GetValue(zone))!.IsOfAGroup
                ? TellGroup(owner, parsed.GetValue(zone), parsed.GetValue(@out)!, $"is to have {parsed.GetValue(node)}")
                : Tell(owner, parsed.GetValue(zone), parsed.GetValue(@out)!, $"has {parsed.GetValue(node)} as a member");
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
            return owner.Find(parsed.GetValue(zone))!.IsOfAGroup
                ? TellGroup(owner, parsed.GetValue(zone), parsed.GetValue(@out)!, $"is to be without {parsed.GetValue(node)}")
                : Tell(owner, parsed.GetValue(zone), parsed.GetValue(@out)!, $"has a new key without {parsed.GetValue(node)}");
        });
    }

    private static Command Profile()
    {
        Argument<string> folder = ControlArguments.OwnerFolder();
        Argument<ZoneId> zone = ControlArguments.Zone();
        ProfileOptions demands = new();
        var ratchet = new Option<bool>("--require-ratchet") { Description = "Refuse manifests whose keys do not turn by epoch." };
        var downgrade = new Option<bool>("--downgrade") { Description = "Say explicitly that the zone demands less than before; without it nodes refuse that." };
        Option<NodeId?> coordinator = EndpointArguments.Id<NodeId>("--coordinator", "NODE", "In an MLS zone: the member that turns the group's epochs from now on.", NodeId.Parse);
        var noCoordinator = new Option<bool>("--no-coordinator")
        {
            Description = "In an MLS zone: no node turns epochs from now on. Only manifests that the owner signs do, which takes a program of the owner's own: no verb makes them.",
        };
        Option<string> @out = Out(), passphrase = ControlArguments.PassphraseFile();
        Command command = ControlVerb.Create("profile", "Says what a zone demands; in force at nodes when they hear of it.", [folder, zone, ratchet, .. demands.All, coordinator, noCoordinator, downgrade, @out, passphrase], parsed =>
        {
            using OwnerState owner = OwnerDesk.Open(parsed.GetValue(folder)!, parsed.GetValue(passphrase));
            Known(owner, parsed.GetValue(zone));
            ZoneId wanted = parsed.GetValue(zone);
            NodeId? turns = parsed.GetValue(coordinator);
            bool isGroup = owner.Find(wanted)!.IsOfAGroup, names = turns is not null || parsed.GetValue(noCoordinator);
            if (names && !isGroup) throw new ToolException($"{wanted} is no MLS zone and has no coordinator", "leave --coordinator and --no-coordinator out");
            if (turns is { } node && !owner.Attestations.Nodes.ContainsKey(node)) throw new ToolException($"{node} has no attestation", "name a member of the group ('fcpfast zone show')");
            HeldProfile? held = owner.Find(wanted)!.Profiles.InForce;
            SecurityTerms terms = isGroup ? demands.ReadMls(parsed, held!.Terms) : demands.Read(parsed, parsed.GetValue(ratchet)) ?? SecurityTerms.Default with { RequireRatchet = parsed.GetValue(ratchet) };
            FcpStatus status = owner.SetProfile(wanted, terms, names ? turns : held?.Coordinator, parsed.GetValue(downgrade), OwnerDesk.Now, out _);
            OwnerDesk.Require(status, $"cannot set the profile of {wanted}", status == FcpStatus.Downgrade ? "say --downgrade if that is meant" : "give terms that keep the bounds");
            return isGroup ? TellGroup(owner, wanted, parsed.GetValue(@out)!, "has a new profile") : Tell(owner, wanted, parsed.GetValue(@out)!, "has a new profile");
        });
        command.Validators.Add(result =>
        {
            if (result.GetValue(coordinator) is not null && result.GetValue(noCoordinator)) result.AddError("--coordinator and --no-coordinator contradict each other.");
        });
        return command;
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

    private static (JsonObject Report, string Words) TellGroup(OwnerState owner, ZoneId zone, string path, string what)
    {
        RecordFiles.Write(path, owner.Export([zone]));
        string[] members = [.. owner.GrantedTo(zone).Select(static member => member.ToString())];
        NodeId? coordinator = owner.Find(zone)!.Profiles.InForce!.Coordinator;
        string next = coordinator is null
            ? $"Its profile names no coordinator: no node turns its epochs, adds or removes; only manifests that the owner signs do, and no verb makes them. Name one with 'fcpfast zone profile --coordinator NODE'.\nCarry {path} to a member (fcpfast node import NODEDIR {path})"
            : $"Carry {path} to {coordinator}, its coordinator (fcpfast node import NODEDIR {path}): that is done once it runs and the others reach it";
        return (
            new JsonObject { ["zone"] = zone.ToString(), ["mode"] = "mls", ["coordinator"] = coordinator?.ToString(), ["members"] = new JsonArray([.. members.Select(static member => (JsonNode)member)]), ["out"] = path },
            $"{zone} {what}; its group is to be {string.Join(", ", members)}\n{next}");
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
