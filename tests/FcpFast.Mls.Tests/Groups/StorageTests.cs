using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Mls.Tests.Support;

namespace FcpFast.Mls.Tests.Groups;

/// <summary>The record: what is restored goes on as if nothing had been, and a crash leaves the epoch before or the one after.</summary>
public sealed class StorageTests
{
    private const int CrashPoints = 10_000;

    [Fact]
    public void Restore_AtEveryMoment_GoesOnWithTheOthers()
    {
        using var fleet = new Fleet(31);
        MlsClient[] clients = fleet.Clients(4);
        var stores = new MemoryStore[4];
        for (int i = 0; i < stores.Length; i++) stores[i] = new MemoryStore();
        List<MlsGroup> groups = fleet.Group(clients, i => stores[i]);
        void Restart(int i)
        {
            groups[i].Dispose();
            groups[i] = MlsGroup.Restore(clients[i], stores[i].Record, stores[i])!;
        }

        for (int round = 0; round < 8; round++)
        {
            int committer = round % 4, proposer = (round + 1) % 4;
            Fleet.Accepted(groups[proposer].ProposeUpdate(out byte[] update));
            foreach (MlsGroup group in groups.Where(group => group != groups[proposer])) Fleet.Accepted(group.Receive(update));
            Restart(proposer);
            Restart(committer);
            Fleet.Commit(groups[committer]);
            Restart(committer);
            Assert.NotNull(groups[committer].Pending);
            byte[] commit = groups[committer].Pending!.Message.ToArray();
            for (int i = 0; i < 4; i++)
            {
                if (round % 2 == 0) Restart(i);
                Fleet.Accepted(groups[i].Process(commit));
            }

            Restart(proposer);
            Fleet.AssertAgree(groups);
        }

        foreach (MlsGroup group in groups) group.Dispose();
        Assert.Equal(0, fleet.LiveSecrets);
    }

    [Fact]
    public void Restore_AnotherClientsOrABrokenRecord_IsNullAndLeavesNoSecret()
    {
        using var fleet = new Fleet(32);
        MlsClient[] clients = fleet.Clients(2);
        var store = new MemoryStore();
        List<MlsGroup> groups = fleet.Group(clients, i => i == 0 ? store : null);
        Fleet.Commit(groups[0]);
        int secrets = fleet.LiveSecrets;
        Assert.Null(MlsGroup.Restore(clients[1], store.Record, null));
        Assert.Null(MlsGroup.Restore(clients[0], [], null));
        for (int i = 0; i < store.Record!.Length; i += 3) Assert.Null(MlsGroup.Restore(clients[0], store.Record.AsSpan(0, i), null));
        Assert.Equal(secrets, fleet.LiveSecrets);
    }

    [Fact]
    public void Process_OfTheOwnRemoval_ReplacesTheRecordByNothing()
    {
        using var fleet = new Fleet(34);
        MlsClient[] clients = fleet.Clients(2);
        var store = new MemoryStore();
        List<MlsGroup> groups = fleet.Group(clients, i => i == 1 ? store : null);
        Fleet.Commit(groups[0], new MlsCommitPlan { Remove = [1] });
        Assert.Equal(MlsStatus.Removed, groups[1].Process(groups[0].Pending!.Message.Span).Status);
        Assert.Empty(store.Record!);
        Assert.Null(MlsGroup.Restore(clients[1], store.Record, store));
    }

    [Fact]
    public void Restore_OfAStoredKeyPackage_JoinsAndForeignSecretsAreNone()
    {
        using var fleet = new Fleet(35);
        MlsClient[] clients = fleet.Clients(2);
        using MlsGroup group = MlsGroup.Create(clients[0], Fleet.GroupId)!;
        MlsKeyPackage offered = MlsKeyPackage.Generate(clients[1], Fleet.Lifetime);
        byte[] init = TestSuite.BytesOf(offered.Init), encryption = TestSuite.BytesOf(offered.Encryption);
        MlsKeyPackage? Restored(byte[] first, byte[] second) => MlsKeyPackage.Restore(
            clients[1], offered.Message.Span, fleet.Provider.Vault.Import(first), fleet.Provider.Vault.Import(second));
        offered.Dispose();
        Assert.Null(Restored(encryption, init));
        using MlsKeyPackage package = Restored(init, encryption)!;
        byte[] welcome = Fleet.Commit(group, new MlsCommitPlan { Add = [package.Message] }).Welcome.ToArray();
        Fleet.Accepted(MlsGroup.Join(clients[1], package, welcome, default, null, null, out MlsGroup? joined));
        joined!.Dispose();
    }

    [Fact]
    public void Changes_ThatCannotBeStored_DoNotHappen()
    {
        using var fleet = new Fleet(33);
        MlsClient[] clients = fleet.Clients(3);
        var stores = new[] { new MemoryStore(), new MemoryStore() };
        List<MlsGroup> groups = fleet.Group(clients[..2], i => stores[i]);
        Fleet.Commit(groups[1]);
        string before = Fleet.Everything(groups[0]), pending = Fleet.Everything(groups[1]);
        int secrets = fleet.LiveSecrets;
        stores[0].WritesLeft = stores[1].WritesLeft = 0;
        Assert.Equal(MlsStatus.StorageFailed, groups[0].Commit(new MlsCommitPlan()).Status);
        Assert.Equal(MlsStatus.StorageFailed, groups[0].ProposeUpdate(out byte[] message).Status);
        Assert.Empty(message);
        Assert.Equal(MlsStatus.StorageFailed, groups[0].Process(groups[1].Pending!.Message.Span).Status);
        Assert.Equal(MlsStatus.StorageFailed, groups[1].MergePending().Status);
        Assert.Equal(MlsStatus.StorageFailed, groups[1].DropPending().Status);
        Assert.Null(MlsGroup.Create(clients[2], "other"u8, new MemoryStore { WritesLeft = 0 }));
        Assert.Equal((before, pending), (Fleet.Everything(groups[0]), Fleet.Everything(groups[1])));
        stores[0].WritesLeft = stores[1].WritesLeft = int.MaxValue;
        Fleet.Deliver(groups, groups[1]);
        Fleet.AssertAgree(groups);
        Assert.InRange(fleet.LiveSecrets, 1, secrets);
    }

    /// <summary>Each point kills one process at one write, before or behind it, while a commit is made, merged, followed or joined.</summary>
    [Fact]
    public void Crash_AtAnyWrite_LeavesTheOldEpochOrTheNewOne()
    {
        int points = 0;
        for (int seed = 1; points < CrashPoints; seed++)
        {
            var random = new Random(seed);
            using var fleet = new Fleet(seed);
            MlsClient[] clients = fleet.Clients(2);
            var stores = new[] { new MemoryStore(), new MemoryStore() };
            List<MlsGroup> groups = fleet.Group(clients, i => stores[i]);
            for (int round = 0; round < 50; round++, points++) CrashOnce(random, clients, stores, groups, $"seed {seed} round {round}");
            foreach (MlsGroup group in groups) group.Dispose();
        }
    }

    private static void CrashOnce(Random random, MlsClient[] clients, MemoryStore[] stores, List<MlsGroup> groups, string what)
    {
        int committer = random.Next(2), victim = random.Next(2);
        ulong epoch = groups[0].Epoch;
        stores[victim].DiesAt = stores[victim].Writes + random.Next(2);
        stores[victim].DiesBehind = random.Next(2) == 0;

        // Making and merging are two writes of the committer's, following is one of the other's. The order lasts: it is asked again after a crash.
        byte[] commit = [];
        for (int attempt = 0; commit.Length == 0; attempt++)
        {
            Survive(committer, group =>
            {
                if (group.Pending is null) Fleet.Commit(group);
                commit = group.Pending!.Message.ToArray();
            });
            Assert.True(attempt < 3, what);
        }

        for (int i = 0; i < 2; i++)
        {
            for (int attempt = 0; groups[i].Epoch == epoch; attempt++)
            {
                Survive(i, group => Fleet.Accepted(group.Process(commit)));
                Assert.True(groups[i].Epoch == epoch || groups[i].Epoch == epoch + 1, what);
                Assert.True(attempt < 3, what);
            }
        }

        stores[victim].DiesAt = -1;
        Fleet.AssertAgree(groups);

        void Survive(int i, Action<MlsGroup> act)
        {
            try
            {
                act(groups[i]);
            }
            catch (MemoryStore.ProcessDiedException)
            {
                groups[i] = MlsGroup.Restore(clients[i], stores[i].Record, stores[i]) ?? throw new InvalidOperationException(what);
            }
        }
    }
}
