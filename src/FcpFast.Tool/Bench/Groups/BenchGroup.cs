using System;
using System.Collections.Generic;
using System.Globalization;
using FcpFast.Control.Attestations;
using FcpFast.Control.Groups;
using FcpFast.Control.Identities;
using FcpFast.Interop.Libsodium;
using FcpFast.Mls;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Tool.Bench.Groups;

/// <summary>A group of MLS whose members show attestations, as a zone's do: the one who makes its commits, one who follows, one who is to join.</summary>
/// <remarks>
/// Shape:  the dearest tree: all were added at once and nobody has committed since, so that a path is encrypted to each member.
/// Source: [WIRE §14].
/// </remarks>
internal sealed class BenchGroup : IDisposable
{
    private const ulong LifetimeSeconds = 24 * 3600;

    private readonly List<NodeKeys> _keys = [];
    private readonly CryptoProvider _crypto = LibsodiumGate.Open();
    private readonly OwnerKey _owner;
    private readonly MlsPolicy _policy;
    private readonly MlsClient _newcomer;
    private readonly MlsKeyPackage _package;
    private readonly MlsGroup _maker;
    private readonly MlsGroup _follower;
    private readonly byte[] _welcome;
    private readonly byte[] _commit;

    public BenchGroup(int members)
    {
        _owner = OwnerKey.Generate(_crypto);
        _policy = new MlsPolicy(new ZoneCredentials(_owner.PublicKey, _crypto.Signatures, TimeProvider.System), TimeProvider.System);
        _maker = MlsGroup.Create(NewClient(0), "a bench"u8)!;
        MlsClient following = NewClient(1);
        using MlsKeyPackage followers = MlsKeyPackage.Generate(following, LifetimeSeconds);
        var packages = new ReadOnlyMemory<byte>[members - 2];
        packages[0] = followers.Message;
        for (int i = 1; i < packages.Length; i++)
        {
            using MlsKeyPackage package = MlsKeyPackage.Generate(NewClient(i + 1), LifetimeSeconds);
            packages[i] = package.Message;
        }

        Require(_maker.Commit(new MlsCommitPlan { Add = packages, OmitsPath = true }));
        byte[] welcome = _maker.Pending!.Welcome.ToArray();
        Require(_maker.MergePending());
        Require(MlsGroup.Join(following, followers, welcome, default, null, null, out MlsGroup? joined));
        _follower = joined!;
        _newcomer = NewClient(members - 1);
        _package = MlsKeyPackage.Generate(_newcomer, LifetimeSeconds);
        Require(_maker.Commit(new MlsCommitPlan { Add = [_package.Message] }));
        _welcome = _maker.Pending!.Welcome.ToArray();
        Require(_maker.DropPending());
        Require(_follower.Commit(new MlsCommitPlan()));
        _commit = _follower.Pending!.Message.ToArray();
    }

    /// <summary>Fresh keys for one member, encrypted to all others, and the epoch behind them.</summary>
    public void MakeCommit()
    {
        Require(_maker.Commit(new MlsCommitPlan()));
        Require(_maker.DropPending());
    }

    /// <summary>A commit judged, its secret opened, the epoch behind it derived.</summary>
    public void FollowCommit()
    {
        Require(_maker.Preview(_commit, out MlsPreview? preview));
        preview!.Dispose();
    }

    /// <summary>A Welcome opened; every leaf, attestation, hash and key of the tree judged.</summary>
    public void Join() => Enter().Dispose();

    /// <summary>What one more group of this size keeps in managed memory.</summary>
    public long KeptBytes()
    {
        using MlsGroup first = Enter();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        using MlsGroup second = Enter();
        long after = GC.GetTotalMemory(forceFullCollection: true);
        return after - before;
    }

    public void Dispose()
    {
        _maker.Dispose();
        _follower.Dispose();
        _package.Dispose();
        foreach (NodeKeys keys in _keys) keys.Dispose();
        _owner.Dispose();
    }

    private MlsGroup Enter()
    {
        Require(MlsGroup.Join(_newcomer, _package, _welcome, default, null, null, out MlsGroup? group));
        return group!;
    }

    private MlsClient NewClient(int number)
    {
        NodeKeys keys = NodeKeys.Generate(_crypto);
        _keys.Add(keys);
        ulong now = (ulong)DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        Invariant.Require(NodeId.Parse($"node-{number.ToString(CultureInfo.InvariantCulture)}", out NodeId node) == FcpStatus.Accepted, "a node id");
        Span<byte> nonce = stackalloc byte[Bytes32.Length];
        _crypto.Random.Fill(nonce);
        var draft = new AttestationDraft
        {
            Node = node, Keys = keys.Public, Tags = [], IssuedAtUnixSeconds = now, ExpiresAtUnixSeconds = now + AttestationDraft.LifeSecondsMax, Nonce = Bytes32.Read(nonce),
        };
        Invariant.Require(NodeKeyAttestation.Issue(draft, _owner, out NodeKeyAttestation? attestation) == FcpStatus.Accepted, "an attestation");
        return new MlsClient(MlsCipherSuite.X25519ChaCha20Poly1305Sha256Ed25519, _crypto, attestation!.Encoded.Span, keys.Signing, _policy);
    }

    private static void Require(MlsVerdict verdict)
    {
        if (!verdict.IsAccepted) throw new InvalidOperationException($"a bench body does not do its work: {verdict}");
    }
}
