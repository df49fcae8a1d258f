using System;
using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using FcpFast.Interop.Libsodium;
using FcpFast.Mls;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Bench.Micro.Mls;

/// <summary>Groups of MLS: making a commit that heals, following one, joining with every check.</summary>
/// <remarks>
/// The tree is the dearest one: everyone was added at once and nobody has committed since, so that a path is encrypted to each member. Credentials cost
/// nothing here; a zone's attestations add two signatures for each leaf that is new.
/// </remarks>
public class GroupBench
{
    private const ulong LifetimeSeconds = 24 * 3600;
    private MlsGroup? _maker;
    private MlsGroup? _follower;
    private MlsClient? _newcomer;
    private MlsKeyPackage? _package;
    private byte[] _commit = [];
    private byte[] _welcome = [];

    /// <summary>Members of the group.</summary>
    [Params(64, 256, 1000)]
    public int Members { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        CryptoProvider crypto = LibsodiumGate.Open();
        MlsClient Client(int number)
        {
            byte[] identity = new byte[sizeof(int)], seed = new byte[CryptoSizes.KeyBytes];
            BinaryPrimitives.WriteInt32BigEndian(identity, number);
            crypto.Random.Fill(seed);
            return new MlsClient(
                MlsCipherSuite.X25519ChaCha20Poly1305Sha256Ed25519, crypto, identity, crypto.Vault.Import(seed), new MlsPolicy(new Everyone(), TimeProvider.System));
        }

        _maker = MlsGroup.Create(Client(0), "a bench"u8)!;
        MlsClient followerClient = Client(1);
        using MlsKeyPackage followerPackage = MlsKeyPackage.Generate(followerClient, LifetimeSeconds);
        var packages = new ReadOnlyMemory<byte>[Members - 2];
        packages[0] = followerPackage.Message;
        for (int i = 1; i < packages.Length; i++)
        {
            using MlsKeyPackage package = MlsKeyPackage.Generate(Client(i + 1), LifetimeSeconds);
            packages[i] = package.Message;
        }

        Require(_maker.Commit(new MlsCommitPlan { Add = packages, OmitsPath = true }));
        byte[] welcome = _maker.Pending!.Welcome.ToArray();
        Require(_maker.MergePending());
        Require(MlsGroup.Join(followerClient, followerPackage, welcome, default, null, null, out _follower));
        _newcomer = Client(Members);
        _package = MlsKeyPackage.Generate(_newcomer, LifetimeSeconds);
        Require(_maker.Commit(new MlsCommitPlan { Add = [_package.Message] }));
        _welcome = _maker.Pending!.Welcome.ToArray();
        Require(_maker.DropPending());
        Require(_follower!.Commit(new MlsCommitPlan { IsPublic = true }));
        _commit = _follower.Pending!.Message.ToArray();
    }

    [GlobalCleanup]
    public void Release()
    {
        _maker!.Dispose();
        _follower!.Dispose();
        _package!.Dispose();
    }

    /// <summary>Fresh keys for one member, encrypted to all others, and the epoch behind them.</summary>
    [Benchmark]
    public void MakeCommit()
    {
        Require(_maker!.Commit(new MlsCommitPlan { IsPublic = true }));
        Require(_maker.DropPending());
    }

    /// <summary>A commit judged, its secret opened, the epoch behind it derived.</summary>
    [Benchmark]
    public void FollowCommit()
    {
        Require(_maker!.Preview(_commit, out MlsPreview? preview));
        preview!.Dispose();
    }

    /// <summary>A Welcome opened, every leaf, hash and key of the tree judged.</summary>
    [Benchmark]
    public void Join()
    {
        Require(MlsGroup.Join(_newcomer!, _package!, _welcome, default, null, null, out MlsGroup? group));
        group!.Dispose();
    }

    private static void Require(MlsVerdict verdict)
    {
        if (!verdict.IsAccepted) throw new InvalidOperationException($"a bench body does not do its work: {verdict}");
    }

    private sealed class Everyone : IMlsCredentials
    {
        public bool Vouches(ReadOnlySpan<byte> identity, ReadOnlySpan<byte> signatureKey) => true;

        public ReadOnlyMemory<byte> ClientOf(ReadOnlyMemory<byte> identity) => identity;
    }
}
