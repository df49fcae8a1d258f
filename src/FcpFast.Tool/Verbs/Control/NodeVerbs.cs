using System.Collections.Generic;
using System.Collections.Immutable;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using FcpFast.Control.Identities;
using FcpFast.Control.Nodes;
using FcpFast.Control.Records;
using FcpFast.Control.Store;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.State;

namespace FcpFast.Tool.Verbs.Control;

/// <summary><c>fcpfast node …</c></summary>
/// <remarks>Source: DESIGN §4.</remarks>
internal static class NodeVerbs
{
    public static Command Create() => new("node", "A node: its keys, what it asks its owner for, and what it was given.")
    {
        CreateNode(), Request(), Import(), Export(), Show(), Backups.CreateBackup(), Backups.CreateRestore(),
    };

    private static Command CreateNode()
    {
        Argument<string> folder = ControlArguments.NodeFolder();
        Option<NodeId?> name = EndpointArguments.Id<NodeId>("--name", "NODE", "The node's id.", NodeId.Parse);
        var owner = new Option<string>("--owner") { Description = "The owner's card (owner.fcp).", Required = true, HelpName = "FILE" };
        var request = new Option<string>("--request") { Description = "Where to write the request to be attested.", Required = true, HelpName = "FILE" };
        Option<string[]> tags = ControlArguments.Tags("Tags to ask for.");
        Option<string> keyFile = ControlArguments.KeyFile(), passphrase = ControlArguments.PassphraseFile();
        name.Required = true;
        return ControlVerb.Create(
            "create", "Makes a node: keys that never leave its directory, and a request for its owner.", [folder, name, owner, request, tags, keyFile, passphrase], parsed =>
        {
            CryptoProvider crypto = LibsodiumGate.Open();
            FcpStatus status = OwnerCard.Parse(RecordFiles.ReadOne(parsed.GetValue(owner)!, RecordKind.OwnerCard).Cbor.Span, crypto.Signatures, out OwnerCard? card);
            OwnerDesk.Require(status, parsed.GetValue(owner)!, "bring the owner's owner.fcp anew");
            using NodeKeys keys = NodeKeys.Generate(crypto);
            var identity = new StoreIdentity(StoreRole.Node, parsed.GetValue(name)!.Value, card!);
            StoreKeySource source = ControlArguments.StateKey(parsed.GetValue(keyFile), parsed.GetValue(passphrase));
            StateStore store = StateStore.Create(parsed.GetValue(folder)!, identity, keys, source, OwnerDesk.Now, crypto);
            using NodeState node = NodeState.Open(store, crypto);
            return Ask(node, ControlArguments.TagsOf(parsed.GetValue(tags)), false, parsed.GetValue(request)!);
        });
    }

    private static Command Request()
    {
        Argument<string> folder = ControlArguments.NodeFolder();
        var renew = new Option<bool>("--renew") { Description = "Ask with a new encryption key; it is used from its attestation on." };
        Option<string[]> tags = ControlArguments.Tags("Tags to ask for.");
        Option<string> @out = ControlArguments.Out("Where to write the request."), keyFile = ControlArguments.KeyFile(), passphrase = ControlArguments.PassphraseFile();
        return ControlVerb.Create("request", "Asks the owner to attest this node (again).", [folder, renew, tags, @out, keyFile, passphrase], parsed =>
        {
            using NodeState node = Open(parsed.GetValue(folder)!, parsed.GetValue(keyFile), parsed.GetValue(passphrase));
            return Ask(node, ControlArguments.TagsOf(parsed.GetValue(tags)), parsed.GetValue(renew), parsed.GetValue(@out)!);
        });
    }

    private static Command Import()
    {
        Argument<string> folder = ControlArguments.NodeFolder();
        var files = new Argument<string[]>("FILE") { Description = "Record files of the owner.", Arity = ArgumentArity.OneOrMore };
        Option<string> keyFile = ControlArguments.KeyFile(), passphrase = ControlArguments.PassphraseFile();
        EndpointArguments.RefuseOptionsAmong(files);
        return ControlVerb.Create("import", "Judges records and keeps those that count; a running node is handed them.", [folder, files, keyFile, passphrase], parsed =>
        {
            string path = parsed.GetValue(folder)!;
            ControlRecord[] records = [.. parsed.GetValue(files)!.SelectMany(RecordFiles.Read)];
            if (StateStore.IsInUse(path))
            {
                Inbox.Put(path, records);
                return (new JsonObject { ["handed_over"] = records.Length }, $"{records.Length} records handed to the running node; its own output says what it refuses", ExitCodes.Done);
            }

            using NodeState node = Open(path, parsed.GetValue(keyFile), parsed.GetValue(passphrase));
            return Take(node, records);
        });
    }

    private static Command Export()
    {
        Argument<string> folder = ControlArguments.NodeFolder();
        Option<string> @out = ControlArguments.Out("Where to write.");
        return ControlVerb.Create("export", "Writes the records that this node keeps, for another node that cannot be reached.", [folder, @out], parsed =>
        {
            int count = StateReport.Export(parsed.GetValue(folder)!, parsed.GetValue(@out)!);
            return (new JsonObject { ["records"] = count, ["out"] = parsed.GetValue(@out) }, $"{count} records in {parsed.GetValue(@out)}");
        });
    }

    private static Command Show()
    {
        Argument<string> folder = ControlArguments.NodeFolder();
        return ControlVerb.Create("show", "Shows what the node believes, also while it runs; needs no key.", [folder], parsed => StateReport.Of(parsed.GetValue(folder)!));
    }

    internal static NodeState Open(string folder, string? keyFile, string? passphraseFile)
    {
        CryptoProvider crypto = LibsodiumGate.Open();
        return NodeState.Open(StateStore.Open(folder, ControlArguments.StateKey(keyFile, passphraseFile), crypto), crypto);
    }

    private static (JsonObject Report, string Words) Ask(NodeState node, ImmutableArray<string> tags, bool renews, string path)
    {
        FcpStatus status = node.Request(tags, renews, OwnerDesk.Now, out ControlRecord request);
        OwnerDesk.Require(status, "cannot make a request", "bring the owner's owner.fcp anew");
        RecordFiles.Write(path, [request]);
        return (
            new JsonObject { ["node"] = node.Node.ToString(), ["signing_key"] = node.Keys.Public.Signing.ToString(), ["out"] = path },
            $"node {node.Node}, signing key {node.Keys.Public.Signing}\nCarry {path} to the owner: fcpfast owner attest OWNERDIR {path} --out FILE");
    }

    private static (JsonObject Report, string Words, int ExitCode) Take(NodeState node, ControlRecord[] records)
    {
        var refused = new List<(int Number, RecordKind Kind, FcpStatus Status)>();
        int news = 0;
        for (int i = 0; i < records.Length; i++)
        {
            RecordVerdict verdict = node.Take(records[i], OwnerDesk.Now);
            if (verdict.IsNews) news++;
            if (verdict.Status != FcpStatus.Accepted && !verdict.IsNews) refused.Add((i + 1, records[i].Kind, verdict.Status));
        }

        var report = new JsonObject
        {
            ["records"] = records.Length,
            ["new"] = news,
            ["refused"] = new JsonArray([.. refused.Select(static one => (JsonNode)new JsonObject
            {
                ["record"] = one.Number, ["kind"] = one.Kind.ToString(), ["reason"] = FcpStatusNames.NameOf(one.Status),
            })]),
        };
        var words = new StringWriter();
        words.Write($"{records.Length} records, {news} of them new, {refused.Count} refused");
        foreach ((int number, RecordKind kind, FcpStatus status) in refused) words.Write($"\nrefused: record {number}, {kind}: {FcpStatusNames.NameOf(status)}");
        return (report, words.ToString(), refused.Count == 0 ? ExitCodes.Done : ExitCodes.CheckFailed);
    }
}
