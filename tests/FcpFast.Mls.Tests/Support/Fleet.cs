using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using FcpFast.Mls.Codec;
using FcpFast.Mls.Crypto;
using FcpFast.Mls.Groups;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Mls.Tests.Support;

/// <summary>Clients of one suite, over one vault that remembers, and the messages between them.</summary>
internal sealed class Fleet : IDisposable
{
    public const ulong Lifetime = 24 * 3600;
    private readonly TestSuite _suite;
    private readonly List<SecretKey> _seeds = [];

    public Fleet(int seed = 1, MlsCipherSuite suite = MlsCipherSuite.X25519ChaCha20Poly1305Sha256Ed25519)
    {
        _suite = new TestSuite(seed, suite);
        Policy = new MlsPolicy(new NamedClients(), Clock) { Commits = Judge };
    }

    public TestClock Clock { get; } = new();

    public TestJudge Judge { get; } = new();

    public MlsPolicy Policy { get; }

    public MlsCrypto Crypto => _suite.Crypto;

    public CryptoProvider Provider => _suite.Provider;

    /// <summary>Secrets in the vault beside the signing seeds.</summary>
    public int LiveSecrets => _suite.Vault.LiveCount - _seeds.Count;

    public static byte[] GroupId => Encoding.UTF8.GetBytes("a group");

    public MlsClient Client(string name)
    {
        SecretKey seed = Crypto.Draw();
        _seeds.Add(seed);
        return new MlsClient(_suite.Crypto.Suite, Provider, Encoding.UTF8.GetBytes(name), seed, Policy) { Psks = Psks };
    }

    public TestPsks Psks { get; } = new();

    public MlsClient[] Clients(int count) => [.. Enumerable.Range(0, count).Select(i => Client($"client {i}"))];

    /// <summary>A group of which the first client is the creator; the others join by its first commit.</summary>
    public List<MlsGroup> Group(MlsClient[] clients, Func<int, IMlsGroupStore?>? stores = null)
    {
        var groups = new List<MlsGroup> { MlsGroup.Create(clients[0], GroupId, stores?.Invoke(0))! };
        if (clients.Length == 1) return groups;
        Add(groups, clients[1..], i => stores?.Invoke(i + 1));
        return groups;
    }

    /// <summary>The first member adds clients; everyone follows.</summary>
    public void Add(List<MlsGroup> groups, MlsClient[] clients, Func<int, IMlsGroupStore?>? stores = null)
    {
        MlsKeyPackage[] packages = [.. clients.Select(static client => MlsKeyPackage.Generate(client, Lifetime))];
        MlsPendingCommit pending = Commit(groups[0], new MlsCommitPlan { Add = [.. packages.Select(static package => package.Message)] });
        byte[] welcome = pending.Welcome.ToArray();
        Deliver(groups, groups[0]);
        for (int i = 0; i < clients.Length; i++)
        {
            Accepted(MlsGroup.Join(clients[i], packages[i], welcome, default, null, stores?.Invoke(i), out MlsGroup? group));
            packages[i].Dispose();
            groups.Add(group!);
        }
    }

    /// <summary>A commit that must be accepted, and waits.</summary>
    public static MlsPendingCommit Commit(MlsGroup group, MlsCommitPlan? plan = null)
    {
        Accepted(group.Commit(plan ?? new MlsCommitPlan()));
        return group.Pending!;
    }

    /// <summary>The waiting commit of one member is ordered: everyone processes it.</summary>
    public static byte[] Deliver(IEnumerable<MlsGroup> groups, MlsGroup committer)
    {
        byte[] commit = committer.Pending!.Message.ToArray();
        foreach (MlsGroup group in groups) Accepted(group.Process(commit));
        return commit;
    }

    /// <summary>Fresh keys for one member.</summary>
    public static void Heal(IReadOnlyList<MlsGroup> groups, int committer)
    {
        Commit(groups[committer]);
        Deliver(groups, groups[committer]);
    }

    public static void Accepted(MlsVerdict verdict) => Assert.True(verdict.IsAccepted, verdict.ToString());

    public static void Refused(MlsStatus status, uint? leaf, MlsVerdict verdict) => Assert.Equal(new MlsVerdict(status, leaf), verdict);

    /// <summary>Everyone is in one epoch with one authenticator and one exported secret, and no one else's tree differs.</summary>
    public static void AssertAgree(IReadOnlyCollection<MlsGroup> groups)
    {
        Assert.Single(groups.Select(static group => (group.Epoch, Convert.ToHexString(group.Authenticator.Span), Convert.ToHexString(ExportOf(group)))).Distinct());
        Assert.Single(groups.Select(static group => Convert.ToHexString(group.State.Tree.ToBytes())).Distinct());
        Assert.Equal(groups.Count, groups.Select(static group => group.OwnLeaf).Distinct().Count());
    }

    public static byte[] ExportOf(MlsGroup group)
    {
        byte[] output = new byte[32];
        group.Export("a test"u8, "of it"u8, output);
        return output;
    }

    /// <summary>Everything that a member knows but the ratchets of message keys: equal before and after what must change nothing.</summary>
    public static string Everything(MlsGroup group)
    {
        GroupState state = group.State;
        var parts = new List<byte[]>
        {
            state.Context.ToBytes(), state.Tree.ToBytes(), state.InterimTranscriptHash, state.ConfirmationTag, state.Secrets.Authenticator,
            TestSuite.BytesOf(state.Secrets.Init), TestSuite.BytesOf(state.Secrets.Exporter), group.Pending?.Message.ToArray() ?? [],
        };
        parts.AddRange(state.Keys.ByNode.OrderBy(static pair => pair.Key).Select(static pair => TestSuite.BytesOf(pair.Value)));
        parts.AddRange(group.Proposals.All.Select(static pair => pair.Reference));
        return string.Join('\n', parts.Select(Convert.ToHexString));
    }

    public void Dispose()
    {
        foreach (SecretKey seed in _seeds) seed.Dispose();
    }
}
