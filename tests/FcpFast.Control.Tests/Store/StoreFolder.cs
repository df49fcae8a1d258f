using System;
using System.IO;
using System.Linq;
using System.Text;
using FcpFast.Control.Identities;
using FcpFast.Control.Manifests;
using FcpFast.Control.Store;
using FcpFast.Control.Tests.Support;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;

namespace FcpFast.Control.Tests.Store;

/// <summary>A directory of its own for a store, and what a store holds in words.</summary>
internal sealed class StoreFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("fcpfast-store-").FullName;

    public string Path => System.IO.Path.Combine(Root, "state");

    public string Database => System.IO.Path.Combine(Path, "state.db");

    public StateStore Create(TestZone test, StoreKeySource? source = null) => StateStore.Create(
        Path, IdentityOf(test), test.Keys, source ?? new StoreKeySource.KeyFile(), TestZone.Now, test.Crypto);

    public StateStore Open(TestZone test, StoreKeySource? source = null) => StateStore.Open(Path, source ?? new StoreKeySource.KeyFile(), test.Crypto);

    /// <summary>The files as they lie now, under another name: what a process that was killed leaves behind.</summary>
    public string Copy(string name)
    {
        string copy = System.IO.Path.Combine(Root, name);
        Directory.CreateDirectory(copy);
        foreach (string file in Directory.GetFiles(Path).Where(static file => !file.EndsWith("-shm", StringComparison.Ordinal) && !file.EndsWith("lock", StringComparison.Ordinal)))
        {
            File.Copy(file, System.IO.Path.Combine(copy, System.IO.Path.GetFileName(file)));
        }

        return copy;
    }

    /// <summary>True if the bytes stand in any file of the store.</summary>
    public bool Contains(byte[] bytes) => Directory.GetFiles(Path).Where(static file => !file.EndsWith("lock", StringComparison.Ordinal)).Any(file =>
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] content = new byte[stream.Length];
        int read = stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false); // the store may shorten its log meanwhile
        return content.AsSpan(0, read).IndexOf(bytes) >= 0;
    });

    public void Dispose() => Directory.Delete(Root, recursive: true);

    public static StoreIdentity IdentityOf(TestZone test) => new(StoreRole.Node, test.Node, new OwnerCard(test.Owner.PublicKey, test.Owner.AgreementKey));

    /// <summary>A change by a manifest, with the keys that it brought.</summary>
    public static ZoneChange Step(TestZone test, ZoneState? before, ZoneKeyManifest manifest, ZoneKeyRing ring, ulong now)
    {
        using ManifestOutcome outcome = test.Judge(manifest, before ?? test.Fresh, now);
        ZoneKeyInstaller.Apply(outcome, ring, test.Crypto, now, []);
        return new ZoneChange(before, outcome.State) { Ring = ring.ToImage(test.Crypto.Vault), Record = manifest.Encoded };
    }

    /// <summary>Everything in a state, keys in hex.</summary>
    public static string Describe(StoredState state)
    {
        var text = new StringBuilder();
        text.AppendLine(FormattableString.Invariant($"{state.Identity} {state.EncryptionSinceUnixSeconds} {state.Generation} {state.LastStart} {state.Revocations.Serial}"));
        if (state.Keys is { } keys)
        {
            foreach (SecretKey? key in (SecretKey?[])[keys.Signing, keys.Encryption, keys.Issuance, keys.PreviousEncryption, keys.NextEncryption]) text.AppendLine(HexOf(key));
        }

        foreach (string node in state.Attestations.Nodes.Values.Select(static one => Convert.ToHexString(one.Encoded.Span)).Order()) text.AppendLine(node);
        foreach (StoredZone zone in state.Zones)
        {
            text.AppendLine(Describe(zone.State));
            text.AppendLine(Describe(zone.Ring));
        }

        return text.ToString();
    }

    public static string Describe(ZoneState state)
    {
        var text = new StringBuilder();
        ManifestHistory history = state.Manifests;
        text.AppendLine(FormattableString.Invariant(
            $"{state.Zone} {state.Owner} {history.Floor} {history.AwaitsHealing} {state.Profiles.InForce} {string.Join(',', state.Profiles.Known)}"));
        foreach (ManifestRecord record in history.Accepted) text.AppendLine(FormattableString.Invariant($"accepted {record with { Members = [] }} {string.Join(',', record.Members)}"));
        foreach (ManifestRecord record in history.Evidence) text.AppendLine(FormattableString.Invariant($"evidence {record with { Members = [] }} {string.Join(',', record.Members)}"));
        foreach (string named in history.Named.Select(static digest => digest.ToString()).Order()) text.AppendLine(named);
        foreach (ZoneKeyFacts facts in state.ZoneKeys) text.AppendLine(facts.ToString());
        foreach (ObjectIdKeyFacts facts in state.ObjectIdKeys) text.AppendLine(facts.ToString());
        return text.Replace("System.Collections.Immutable.ImmutableArray`1[FcpFast.Protocol.Ids.NodeId]", "").ToString();
    }

    public static string Describe(ZoneKeyRingImage ring)
    {
        var text = new StringBuilder();
        text.AppendLine(FormattableString.Invariant($"{ring.Zone} {ring.Active} {ring.MaySeal} {ring.RetainEpochs} {ring.HighEpoch}"));
        foreach (ZoneKeyImage key in ring.ZoneKeys)
        {
            text.AppendLine(FormattableString.Invariant($"{key.Id} {key.Algorithm} {key.SealsFromUnixSeconds} {key.ErasedAtUnixSeconds} {HexOf(key.Key)}"));
            if (key.Epochs is not { } chain) continue;
            text.AppendLine(FormattableString.Invariant($"{chain.First} {chain.RetainEpochs} {chain.High} {chain.ChainEpoch} {HexOf(chain.ChainKey)}"));
            foreach ((EpochId epoch, SecretKey epochKey) in chain.EpochKeys.OrderBy(static pair => pair.Key.Value)) text.AppendLine(FormattableString.Invariant($"{epoch} {HexOf(epochKey)}"));
        }

        foreach (ObjectIdKeyImage key in ring.ObjectIdKeys) text.AppendLine(FormattableString.Invariant($"{key.Id} {key.ErasedAtUnixSeconds} {HexOf(key.Key)}"));
        return text.ToString();
    }

    private static string HexOf(SecretKey? key) => key is null ? "-" : Convert.ToHexString(TestZone.BytesOf(key));
}
