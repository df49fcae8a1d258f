using System.Collections.Generic;
using System.Text.Json;
using FcpFast.Mls.Tests.Support;

namespace FcpFast.Mls.Tests.Groups;

/// <summary>Every byte of a commit and of a Welcome made here counts: any change is refused and nothing is different afterwards. The vectors' are in <see cref="ChangedVectorsTests"/>.</summary>
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
}
