using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Control.Identities;
using FcpFast.Control.Manifests;
using FcpFast.Control.Profiles;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Tests.Support;

/// <summary>An owner, a zone and two nodes with real keys, over a vault that remembers.</summary>
internal sealed class TestZone : IDisposable
{
    public const ulong Now = 1_750_000_000;

    private readonly int _secretsOfItsOwn;

    public TestZone(int seed = 1)
    {
        Crypto = LibsodiumGate.Open() with { Random = new SeededRandom(seed), Vault = Vault };
        Owner = OwnerKey.Generate(Crypto);
        Keys = NodeKeys.Generate(Crypto);
        OtherKeys = NodeKeys.Generate(Crypto);
        _secretsOfItsOwn = Vault.LiveCount;
    }

    public RecordingVault Vault { get; } = new();

    public CryptoProvider Crypto { get; }

    public OwnerKey Owner { get; }

    public NodeKeys Keys { get; }

    public NodeKeys OtherKeys { get; }

    public ZoneId Zone { get; } = ZoneOf("z:work");

    public NodeId Node { get; } = NodeOf("node-00");

    public NodeId OtherNode { get; } = NodeOf("node-01");

    public NodeId Signer { get; } = NodeOf("owner-1");

    public RecipientKeys Recipient => RecipientKeys.Of(Node, Keys);

    /// <summary>Secrets in the vault beside those of owner and nodes.</summary>
    public int OtherSecrets => Vault.LiveCount - _secretsOfItsOwn;

    public ZoneState Fresh => new() { Zone = Zone, Owner = Owner.PublicKey };

    public KeyValuePair<NodeId, PublicKey>[] Both =>
        [new(Node, Keys.Public.Encryption), new(OtherNode, OtherKeys.Public.Encryption)];

    public KeyValuePair<NodeId, PublicKey>[] OnlyOther => [new(OtherNode, OtherKeys.Public.Encryption)];

    public static ZoneId ZoneOf(string text) => ZoneId.Parse(text, out ZoneId zone) == FcpStatus.Accepted ? zone : throw new ArgumentException(text);

    public static NodeId NodeOf(string text) => NodeId.Parse(text, out NodeId node) == FcpStatus.Accepted ? node : throw new ArgumentException(text);

    /// <summary>The first manifest, to both nodes.</summary>
    public ZoneKeyManifest First(ZoneSecrets keys, RekeyPolicy? policy = null, ulong now = Now) =>
        Author(ManifestDraft.First(Zone, AeadAlgorithm.ChaCha20Poly1305, policy, now).To(Both), keys);

    public ZoneKeyManifest Author(ManifestDraft draft, ZoneSecrets keys)
    {
        FcpStatus status = ManifestAuthor.Author(draft, keys, Owner, Signer, draft.CreatedAtUnixSeconds, Crypto, out ZoneKeyManifest? manifest);
        Assert.Equal(FcpStatus.Accepted, status);
        return manifest!;
    }

    /// <summary>Judges for the first node.</summary>
    public ManifestOutcome Judge(ZoneKeyManifest manifest, ZoneState state, ulong now = Now) => Judge(manifest.Encoded.ToArray(), state, now);

    public ManifestOutcome Judge(byte[] bytes, ZoneState state, ulong now = Now) =>
        ManifestAcceptance.Judge(bytes, state, Recipient, now, Crypto);

    /// <summary>The state after a manifest that must be activated; its keys are erased.</summary>
    public ZoneState Accept(ZoneKeyManifest manifest, ZoneState state, ulong now = Now)
    {
        using ManifestOutcome outcome = Judge(manifest, state, now);
        Assert.Equal(FcpStatus.Accepted, outcome.Status);
        Assert.Equal(ManifestOutcomeKind.Activated, outcome.Kind);
        return outcome.State;
    }

    /// <summary>The state with a profile in force.</summary>
    public ZoneState WithProfile(ZoneState state, SecurityTerms terms, ulong revision = 1) => WithProfile(state, terms, revision, out _);

    /// <summary>The state with a profile in force.</summary>
    public ZoneState WithProfile(ZoneState state, SecurityTerms terms, ulong revision, out ReadOnlyMemory<byte> record)
    {
        var draft = new ProfileDraft { Zone = Zone, CreatedAtUnixSeconds = Now, Terms = terms, Revision = revision };
        Assert.Equal(FcpStatus.Accepted, ZoneSecurityProfile.Sign(draft, Owner, Signer, Now, out ZoneSecurityProfile? profile));
        ProfileOutcome outcome = ProfileAcceptance.Judge(profile!.Encoded.Span, Zone, Owner.PublicKey, state.Profiles, Crypto.Signatures);
        Assert.Equal(FcpStatus.Accepted, outcome.Status);
        record = profile.Encoded;
        return state with { Profiles = outcome.History };
    }

    public void Dispose()
    {
        Owner.Dispose();
        Keys.Dispose();
        OtherKeys.Dispose();
    }

    public static byte[] BytesOf(SecretKey key)
    {
        using KeyLease lease = key.Lease();
        Assert.True(lease.IsLive);
        return lease.Bytes.ToArray();
    }

    /// <summary>Copies with one bit of one byte flipped each, for every byte.</summary>
    public static IEnumerable<(int Position, byte[] Bytes)> Flips(byte[] bytes)
    {
        for (int position = 0; position < bytes.Length; position++)
        {
            foreach (int bit in Enumerable.Range(0, 8))
            {
                byte[] flipped = (byte[])bytes.Clone();
                flipped[position] ^= (byte)(1 << bit);
                yield return (position, flipped);
            }
        }
    }
}
