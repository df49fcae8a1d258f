using System;
using System.Collections.Generic;
using System.Text.Json;
using FcpFast.Mls.Tests.Support;

namespace FcpFast.Mls.Tests.Groups;

/// <summary>Every byte of a commit and of a Welcome counts: any change is refused and nothing is different afterwards. FCPFAST_MLS_CHANGES=255 makes every change.</summary>
public sealed class ChangedBytesTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Process_ACommitWithAnyByteChanged_IsRefusedAndChangesNothing(bool isPublic)
    {
        using var fleet = new Fleet(21);
        MlsClient[] clients = fleet.Clients(4);
        List<MlsGroup> groups = fleet.Group(clients[..3]);
        using MlsKeyPackage package = MlsKeyPackage.Generate(clients[3], Fleet.Lifetime);
        MlsPendingCommit pending = Fleet.Commit(groups[1], new MlsCommitPlan { Add = [package.Message], Remove = [2], IsPublic = isPublic });
        byte[] commit = pending.Message.ToArray();
        string before = Fleet.Everything(groups[0]);
        foreach ((string what, byte[] changed) in new ByteChanges(21).Of(commit))
        {
            Assert.False(groups[0].Process(changed).IsAccepted, what);
            Assert.True(groups[0].IsOpen, what);
        }

        Assert.Equal(before, Fleet.Everything(groups[0]));
        groups.RemoveAt(2);
        Fleet.Deliver(groups, groups[1]);
        Fleet.AssertAgree(groups);
    }

    [Fact]
    public void Join_AWelcomeWithAnyByteChanged_IsRefusedAndLeavesNoSecret()
    {
        using var fleet = new Fleet(22);
        MlsClient[] clients = fleet.Clients(4);
        List<MlsGroup> groups = fleet.Group(clients[..3]);
        using MlsKeyPackage package = MlsKeyPackage.Generate(clients[3], Fleet.Lifetime);
        byte[] welcome = Fleet.Commit(groups[0], new MlsCommitPlan { Add = [package.Message] }).Welcome.ToArray();
        int secrets = fleet.LiveSecrets;
        foreach ((string what, byte[] changed) in new ByteChanges(22).Of(welcome))
        {
            Assert.False(MlsGroup.Join(clients[3], package, changed, default, null, null, out MlsGroup? group).IsAccepted, what);
            Assert.Null(group);
        }

        Assert.Equal(secrets, fleet.LiveSecrets);
        Fleet.Accepted(MlsGroup.Join(clients[3], package, welcome, default, null, null, out _));
        Assert.Equal(MlsStatus.WrongGroup, MlsGroup.Join(clients[3], package, welcome, default, static _ => true, null, out _).Status);
    }

    [Theory]
    [InlineData("passive-client-handling-commit.json", 1_715_000_000UL)]
    [InlineData("passive-client-random.json", 1_705_000_000UL)]
    public void Process_TheVectorsCommitsWithAnyByteChanged_AreRefusedAndTheRightOnesFollow(string file, ulong unixSeconds)
    {
        var changes = new ByteChanges(23);
        foreach (JsonElement vector in MlsVectors.Cases(file))
        {
            using var passive = new PassiveClient(vector, unixSeconds);
            Fleet.Accepted(passive.Join(vector.Hex("welcome"), out MlsGroup? joined));
            using MlsGroup group = joined!;
            foreach (JsonElement epoch in vector.GetProperty("epochs").EnumerateArray())
            {
                foreach (JsonElement proposal in epoch.GetProperty("proposals").EnumerateArray())
                {
                    Fleet.Accepted(group.Receive(Convert.FromHexString(proposal.GetString()!)));
                }

                byte[] commit = epoch.Hex("commit");
                string before = Fleet.Everything(group);
                foreach ((string what, byte[] changed) in changes.Of(commit))
                {
                    Assert.False(group.Process(changed).IsAccepted, what);
                    Assert.True(group.IsOpen, what);
                }

                Assert.Equal(before, Fleet.Everything(group));
                Fleet.Accepted(group.Process(commit));
                Assert.Equal(epoch.Hex("epoch_authenticator"), group.Authenticator.ToArray());
            }
        }

        Tell(file, changes);
    }

    [Theory]
    [InlineData("passive-client-welcome.json", 1_705_000_000UL)]
    [InlineData("passive-client-handling-commit.json", 1_715_000_000UL)]
    [InlineData("passive-client-random.json", 1_705_000_000UL)]
    public void Join_TheVectorsWelcomesWithAnyByteChanged_AreRefusedAndLeaveNoSecret(string file, ulong unixSeconds)
    {
        var changes = new ByteChanges(24);
        foreach (JsonElement vector in MlsVectors.Cases(file))
        {
            using var passive = new PassiveClient(vector, unixSeconds);
            byte[] welcome = vector.Hex("welcome");
            int secrets = passive.LiveSecrets;
            foreach ((string what, byte[] changed) in changes.Of(welcome))
            {
                bool isEntryOfAnother = passive.Join(changed, out MlsGroup? group).IsAccepted;
                Assert.True(!isEntryOfAnother || passive.IsEntryOfAnother(changed), what);
                group?.Dispose();
            }

            Assert.Equal(secrets, passive.LiveSecrets);
        }

        Tell(file, changes);
    }

    [Fact]
    public void Join_ForgedWelcomes_LeaveNoSecret()
    {
        int forged = 0;
        foreach (JsonElement vector in MlsVectors.Cases("welcome-forged.json"))
        {
            using var passive = new PassiveClient(vector, 1_705_000_000);
            int secrets = passive.LiveSecrets;
            bool isAccepted = passive.Join(vector.Hex("welcome"), out MlsGroup? group).IsAccepted;
            Assert.Equal(vector.GetProperty("valid").GetBoolean(), isAccepted);
            group?.Dispose();
            Assert.Equal(secrets, passive.LiveSecrets);
            if (!isAccepted) forged++;
        }

        Assert.InRange(forged, 60, int.MaxValue);
    }

    private static void Tell(string file, ByteChanges changes) => TestContext.Current.TestOutputHelper!.WriteLine($"{changes.Count} changes of {file} refused");
}
