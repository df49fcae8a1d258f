using System;
using System.Collections.Generic;
using FcpFast.Control.Attestations;
using FcpFast.Control.Identities;
using FcpFast.Control.Manifests;
using FcpFast.Control.Revocations;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Session;
using FcpFast.Simulation.Nodes;

namespace FcpFast.Simulation.Fleets;

/// <summary>An owner with nodes and zones: attestations and manifests are real, and judged by every process that starts.</summary>
public sealed class Fleet : IDisposable
{
    private const ulong AttestedSeconds = 30 * 86_400;

    private static readonly CryptoProvider Seams = LibsodiumGate.Open();

    private readonly List<Member> _members = [];
    private readonly List<(string Zone, byte[] Manifest)> _manifests = [];
    private readonly Dictionary<string, OwnedZone> _zones = [];
    private readonly CryptoProvider _crypto;
    private readonly OwnerKey _owner;

    /// <summary>Makes an owner.</summary>
    /// <param name="world">The world.</param>
    /// <param name="name">Tells the fleets of one world apart.</param>
    public Fleet(World world, string name = "fleet")
    {
        ArgumentNullException.ThrowIfNull(world);
        World = world;
        _crypto = Seams with { Random = world.NewRandom(name) };
        _owner = OwnerKey.Generate(_crypto);
    }

    /// <summary>The nodes.</summary>
    public IReadOnlyList<Member> Members => _members;

    /// <summary>The zone that was founded first.</summary>
    public string FirstZone => _manifests[0].Zone;

    internal World World { get; }

    /// <summary>The zone of a text.</summary>
    public static ZoneId ZoneOf(string text) => ZoneId.Parse(text, out ZoneId zone) == FcpStatus.Accepted ? zone : throw new ArgumentException(text);

    /// <summary>The owner's public keys.</summary>
    internal OwnerCard Card => new(_owner.PublicKey, _owner.AgreementKey);

    /// <summary>The seams with a generator of their own.</summary>
    internal CryptoProvider NewCrypto(string purpose) => _crypto with { Random = World.NewRandom(purpose) };

    /// <summary>Signs a list of revocations.</summary>
    public RevocationList Revoke(ulong serial, RevocationReason reason, params ReadOnlySpan<Member> members)
    {
        ulong now = NodeClock.WallStartUnixSeconds + (ulong)(World.NowTicks / TimeSpan.TicksPerSecond);
        var revoked = new List<RevokedKey>();
        foreach (Member member in members) revoked.Add(new RevokedKey(member.Keys.Public.Signing, member.Id, reason, now));
        Require(RevocationList.Sign(serial, revoked, FreshnessPolicy.None, _owner, members[0].Id, now, out RevocationList? list));
        return list!;
    }

    /// <summary>Makes a node's keys and attests them.</summary>
    /// <param name="name">Its name, which is its id.</param>
    /// <param name="attestedFor">How long the attestation counts; 30 days if nothing is said.</param>
    /// <param name="isRelay">True if the owner says that it passes on frames of others.</param>
    public Member Enrol(string name, TimeSpan? attestedFor = null, bool isRelay = false)
    {
        if (NodeId.Parse(name, out NodeId id) != FcpStatus.Accepted) throw new ArgumentException(name);
        NodeKeys keys = NodeKeys.Generate(_crypto);
        Span<byte> nonce = stackalloc byte[Bytes32.Length];
        _crypto.Random.Fill(nonce);
        var draft = new AttestationDraft
        {
            Node = id,
            Keys = keys.Public,
            Tags = [isRelay ? PeerIdentity.RelayTag : "tag:fcp-simulation"],
            IssuedAtUnixSeconds = NodeClock.WallStartUnixSeconds,
            ExpiresAtUnixSeconds = NodeClock.WallStartUnixSeconds + (ulong)(attestedFor?.TotalSeconds ?? AttestedSeconds),
            Nonce = Bytes32.Read(nonce),
        };
        Require(NodeKeyAttestation.Issue(draft, _owner, out NodeKeyAttestation? attestation));
        var member = new Member(name, id, keys, attestation!);
        _members.Add(member);
        return member;
    }

    /// <summary>Makes a zone of some of the nodes, with its first manifest.</summary>
    public void Found(string zone, AeadAlgorithm algorithm, params ReadOnlySpan<Member> members)
    {
        ManifestDraft draft = ManifestDraft.First(ZoneOf(zone), algorithm, null, NodeClock.WallStartUnixSeconds);
        ZoneSecrets secrets = ZoneSecrets.Generate(_crypto);
        ZoneState state = Author(draft, secrets, new ZoneState { Zone = ZoneOf(zone), Owner = _owner.PublicKey }, members.ToArray(), out byte[] manifest);
        _zones.Add(zone, new OwnedZone(state, secrets, members.ToArray()));
        _manifests.Add((zone, manifest));
    }

    /// <summary>Turns a zone's key; nodes know of it once they are told.</summary>
    /// <param name="zone">The zone.</param>
    /// <param name="leadSeconds">How far ahead the key begins.</param>
    /// <param name="without">Members that are removed.</param>
    /// <returns>The manifest.</returns>
    public byte[] Rotate(string zone, ulong leadSeconds, params ReadOnlySpan<Member> without)
    {
        OwnedZone owned = _zones[zone];
        ulong now = NodeClock.WallStartUnixSeconds + (ulong)(World.NowTicks / TimeSpan.TicksPerSecond);
        var members = new List<Member>(owned.Members);
        foreach (Member removed in without) members.Remove(removed);
        ZoneSecrets secrets = owned.Secrets.Rotate(_crypto, rotateObjectIdKey: false);
        owned.Turn(Author(ManifestDraft.Rotate(owned.State, now, leadSeconds), secrets, owned.State, members, out byte[] manifest), secrets, members);
        return manifest;
    }

    /// <summary>Erases the keys.</summary>
    public void Dispose()
    {
        _owner.Dispose();
        foreach (OwnedZone zone in _zones.Values) zone.Dispose();
        foreach (Member member in _members) member.Keys.Dispose();
    }

    /// <summary>What a process of a node learns when it starts: every record is judged as if it came from a stranger.</summary>
    /// <param name="member">The node.</param>
    /// <param name="random">Its generator.</param>
    /// <param name="nowUnixSeconds">Its clock.</param>
    /// <param name="learned">Manifests that it has been told of beside the first ones, in order.</param>
    internal NodeIdentity Issue(Member member, WorldRandom random, ulong nowUnixSeconds, IEnumerable<byte[]>? learned = null)
    {
        CryptoProvider crypto = _crypto with { Random = random };
        var peers = new PeerDirectory();
        foreach (Member known in _members)
        {
            FcpStatus status = AttestationAcceptance.Judge(
                known.Attestation.Encoded.Span, _owner.PublicKey, nowUnixSeconds, crypto.Signatures, out _);
            peers.Set(new PeerIdentity(known.Id, known.Keys.Public.Signing, status, known.Attestation.ExpiresAtUnixSeconds,
                known.Attestation.Tags.Contains(PeerIdentity.RelayTag)));
        }

        var zones = new ZoneTable();
        var books = new List<ZoneBook>();
        foreach ((string zone, byte[] manifest) in _manifests)
        {
            var state = new ZoneState { Zone = ZoneOf(zone), Owner = _owner.PublicKey };
            var book = new ZoneBook(state, RecipientKeys.Of(member.Id, member.Keys), crypto);
            if (book.Take(manifest, nowUnixSeconds) == FcpStatus.Accepted) books.Add(book);
            else book.Dispose(); // not a member
        }

        foreach (byte[] manifest in learned ?? [])
        {
            foreach (ZoneBook book in books) book.Take(manifest, nowUnixSeconds); // those of other zones are refused
        }

        foreach (ZoneBook book in books) zones.Set(book.ToEntry());
        return new NodeIdentity(crypto, new LocalIdentity(member.Id, member.Keys.Signing), peers, zones, books);
    }

    private ZoneState Author(ManifestDraft draft, ZoneSecrets secrets, ZoneState before, IReadOnlyList<Member> members, out byte[] encoded)
    {
        var recipients = new List<KeyValuePair<NodeId, PublicKey>>();
        foreach (Member member in members) recipients.Add(new(member.Id, member.Keys.Public.Encryption));
        Require(ManifestAuthor.Author(draft.To(recipients), secrets, _owner, members[0].Id, draft.CreatedAtUnixSeconds, _crypto, out ZoneKeyManifest? manifest));
        encoded = manifest!.Encoded.ToArray();
        using ManifestOutcome outcome = ManifestAcceptance.Judge(
            encoded, before, RecipientKeys.Of(members[0].Id, members[0].Keys), draft.CreatedAtUnixSeconds, _crypto);
        Require(outcome.Status);
        return outcome.State;
    }

    private static void Require(FcpStatus status)
    {
        if (status != FcpStatus.Accepted) throw new InvalidOperationException($"the owner's tool refused: {status}");
    }
}
