using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using FcpFast.Control.Attestations;
using FcpFast.Control.Evidence;
using FcpFast.Control.Manifests;
using FcpFast.Control.Records;
using FcpFast.Control.Revocations;
using FcpFast.Control.Store;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Ids;

namespace FcpFast.Tool.Verbs.Control;

/// <summary>What is public in a state directory, as JSON and in words.</summary>
internal static class StateReport
{
    public static (JsonObject Report, string Words) Of(string folder)
    {
        using StateStore store = StateStore.OpenPublic(folder, LibsodiumGate.Open());
        using StoredState state = store.Load();
        var report = new JsonObject
        {
            ["role"] = state.Identity.Role == StoreRole.Owner ? "owner" : "node",
            ["name"] = state.Identity.Name.ToString(),
            ["owner_key"] = state.Identity.Owner.SigningKey.ToString(),
            ["in_use"] = StateStore.IsInUse(folder),
            ["generation"] = state.Generation,
            ["encryption_key_since"] = state.EncryptionSinceUnixSeconds,
            ["revocation_serial"] = state.Revocations.Serial,
            ["revocations_issued_at"] = state.Revocations.InForce?.IssuedAtUnixSeconds,
            ["revocations_max_age_secs"] = state.Revocations.InForce?.Freshness.AgeSecondsMax ?? 0,
            ["revocations_when_stale"] = state.Revocations.InForce?.Freshness.RefusesWhenStale == true ? "refuse" : "alarm",
            ["attestations"] = new JsonArray([.. Ordered(state).Select(one => (JsonNode)ToJson(one, state))]),
            ["revoked"] = new JsonArray([.. (state.Revocations.InForce?.Revoked ?? []).Select(static key => (JsonNode)new JsonObject
            {
                ["node"] = key.Node.ToString(), ["signing_key"] = key.SigningKey.ToString(), ["reason"] = RevokedKey.ReasonText(key.Reason), ["at"] = key.RevokedAtUnixSeconds,
            })]),
            ["zones"] = new JsonArray([.. state.Zones.Select(static zone => (JsonNode)ToJson(zone.State))]),
        };
        var words = new StringWriter(CultureInfo.InvariantCulture);
        words.WriteLine($"{report["role"]} {state.Identity.Name}{(StateStore.IsInUse(folder) ? ", running" : "")}");
        words.WriteLine($"owner key {state.Identity.Owner.SigningKey}");
        words.WriteLine($"attestations: {state.Attestations.Nodes.Count}, revocation list {state.Revocations.Serial}");
        foreach (NodeKeyAttestation one in Ordered(state)) words.WriteLine($"  {one.Node,-24} until {Time(one.ExpiresAtUnixSeconds)}  {string.Join(' ', one.Tags)}{Standing(one, state)}");
        WriteZones(state.Zones, words);
        return (report, words.ToString().TrimEnd());
    }

    public static (JsonObject Report, string Words) OfZones(string folder, string? only)
    {
        using StateStore store = StateStore.OpenPublic(folder, LibsodiumGate.Open());
        using StoredState state = store.Load();
        StoredZone[] zones = [.. state.Zones.Where(zone => only is null || zone.State.Zone.ToString() == only)];
        if (zones.Length == 0 && only is not null) throw new ToolException($"there is no zone {only} in {folder}", "leave --zone out to see which there are");
        var words = new StringWriter(CultureInfo.InvariantCulture);
        WriteZones(zones, words);
        return (new JsonObject { ["zones"] = new JsonArray([.. zones.Select(static zone => (JsonNode)ToJson(zone.State))]) }, words.ToString().TrimEnd());
    }

    /// <summary>Writes every public record of a directory into a file; returns how many.</summary>
    public static int Export(string folder, string path)
    {
        using StateStore store = StateStore.OpenPublic(folder, LibsodiumGate.Open());
        using StoredState state = store.Load();
        List<ControlRecord> records = [.. Ordered(state).Select(static one => ControlRecord.Of(RecordKind.Attestation, one.Encoded.Span))];
        if (state.Revocations.InForce is { } list) records.Add(ControlRecord.Of(RecordKind.Revocations, list.Encoded.Span));
        foreach (StoredZone zone in state.Zones) records.AddRange(store.ReadRecords(zone.State.Zone, null, int.MaxValue));
        RecordFiles.Write(path, records);
        return records.Count;
    }

    /// <summary>Writes the evidence of a zone into a file; returns how many manifests it has.</summary>
    public static int ExportEvidence(string folder, ZoneId zone, string path)
    {
        using StateStore store = StateStore.OpenPublic(folder, LibsodiumGate.Open());
        using StoredState state = store.Load();
        byte[][] manifests = [.. store.ReadEvidence(zone).Take(EquivocationEvidence.CountMax)];
        if (manifests.Length < 2) throw new ToolException($"there is no evidence of {zone} in {folder}", "ask the node that raised the alarm");
        RecordFiles.Write(path, [ControlRecord.Of(RecordKind.Evidence, EquivocationEvidence.Write(zone, state.Identity.Owner.SigningKey, manifests))]);
        return manifests.Length;
    }

    public static string Time(ulong unixSeconds) => unixSeconds > long.MaxValue / 10_000_000
        ? ControlArguments.Text(unixSeconds)
        : DateTime.UnixEpoch.AddSeconds(Math.Min(unixSeconds, 250_000_000_000)).ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static IEnumerable<NodeKeyAttestation> Ordered(StoredState state) => state.Attestations.Nodes.Values.OrderBy(static one => one.Node.ToString(), StringComparer.Ordinal);

    private static string Standing(NodeKeyAttestation one, StoredState state) =>
        state.Revocations.IsRevoked(one.Keys.Signing) ? "  REVOKED" : one.ExpiresAtUnixSeconds <= OwnerDesk.Now ? "  EXPIRED" : "";

    private static JsonObject ToJson(NodeKeyAttestation one, StoredState state) => new()
    {
        ["node"] = one.Node.ToString(),
        ["signing_key"] = one.Keys.Signing.ToString(),
        ["encryption_key"] = one.Keys.Encryption.ToString(),
        ["issued_at"] = one.IssuedAtUnixSeconds,
        ["expires_at"] = one.ExpiresAtUnixSeconds,
        ["tags"] = new JsonArray([.. one.Tags.Select(static tag => (JsonNode)tag)]),
        ["revoked"] = state.Revocations.IsRevoked(one.Keys.Signing),
    };

    private static JsonObject ToJson(ZoneState zone)
    {
        ManifestRecord? current = zone.Current;
        var json = new JsonObject
        {
            ["zone"] = zone.Zone.ToString(),
            ["manifests"] = zone.Manifests.Accepted.Length,
            ["evidence"] = zone.Manifests.Evidence.Length,
            ["members"] = new JsonArray([.. zone.Members.Select(static member => (JsonNode)member.ToString())]),
            ["profile_revision"] = zone.Profiles.InForce?.Revision,
            ["min_suite"] = (int)zone.Profiles.Terms.MinSuite,
            ["require_ratchet"] = zone.Profiles.Terms.RequireRatchet,
            ["max_epoch_secs"] = zone.Profiles.Terms.MaxEpochSeconds,
        };
        if (current is null) return json;
        json["zone_key"] = current.ZoneKeyId.ToString();
        json["previous_zone_key"] = current.PreviousZoneKeyId?.ToString();
        json["object_id_key"] = current.ObjectIdKeyId.ToString();
        json["valid_from"] = current.Order.ValidFromUnixSeconds;
        json["digest"] = current.Digest.ToString();
        json["has_keys"] = current.HasKeys;
        json["ratchet"] = current.Policy.EpochRatchet;
        json["overlap_secs"] = current.Policy.OverlapSeconds;
        json["retain_epochs"] = current.Policy.EpochsRetained;
        return json;
    }

    private static void WriteZones(IReadOnlyCollection<StoredZone> zones, StringWriter words)
    {
        words.WriteLine($"zones: {zones.Count}");
        foreach (ZoneState zone in zones.Select(static zone => zone.State))
        {
            string demands = $"min suite {(int)zone.Profiles.Terms.MinSuite}{(zone.Profiles.Terms.RequireRatchet ? ", ratchet" : "")}";
            words.WriteLine($"  {zone.Zone,-24} key {zone.Current?.ZoneKeyId.ToString() ?? "none"} from {Time(zone.Current?.Order.ValidFromUnixSeconds ?? 0)}, {zone.Manifests.Accepted.Length} manifests, {demands}");
            words.WriteLine($"  {"",-24} members {string.Join(", ", zone.Members)}");
            if (zone.Manifests.AwaitsHealing) words.WriteLine($"  {"",-24} CONTRADICTED: {zone.Manifests.Evidence.Length} manifests are not used; the owner's next rotation heals it");
        }
    }
}
