using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Mls.Tests.Support;

namespace FcpFast.Mls.Tests.Groups;

/// <summary>[RFC 9420 §11], [RFC 9420 §12]: groups from their beginning to their end.</summary>
public sealed class LifecycleTests
{
    public static TheoryData<MlsCipherSuite> Suites => TestSuite.Suites;

    [Theory]
    [MemberData(nameof(Suites))]
    public void Commit_AddHealRemove_EveryoneAgreesAndTheRemovedIsClosed(MlsCipherSuite suite)
    {
        using var fleet = new Fleet(1, suite);
        MlsClient[] clients = fleet.Clients(6);
        List<MlsGroup> groups = fleet.Group(clients[..5]);
        Fleet.AssertAgree(groups);
        for (int i = 0; i < groups.Count; i++) Fleet.Heal(groups, i);
        Fleet.AssertAgree(groups);
        MlsGroup removed = groups[2];
        Fleet.Commit(groups[4], new MlsCommitPlan { Remove = [removed.OwnLeaf] });
        byte[] commit = groups[4].Pending!.Message.ToArray();
        groups.RemoveAt(2);
        Fleet.Refused(MlsStatus.Removed, 2, removed.Process(commit));
        Assert.False(removed.IsOpen);
        Assert.Equal(MlsStatus.Closed, removed.Process(commit).Status);
        Fleet.Deliver(groups, groups[^1]);
        Fleet.AssertAgree(groups);
        fleet.Add(groups, [clients[5]]);
        Assert.Equal(2u, groups[^1].OwnLeaf);
        Fleet.AssertAgree(groups);
        foreach (MlsGroup group in groups) group.Dispose();
        Assert.Equal(0, fleet.LiveSecrets);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Commit_ProposalsByReference_AreAppliedByEveryone(bool isPublic)
    {
        using var fleet = new Fleet(2);
        MlsClient[] clients = fleet.Clients(7);
        List<MlsGroup> groups = fleet.Group(clients[..6]);
        using MlsKeyPackage package = MlsKeyPackage.Generate(clients[6], Fleet.Lifetime);
        Fleet.Accepted(groups[1].ProposeUpdate(out byte[] update));
        Fleet.Accepted(groups[2].ProposeAdd(package.Message.Span, out byte[] add));
        Fleet.Accepted(groups[3].ProposeRemove(5, out byte[] remove));
        foreach ((int sender, byte[] message) in new[] { (1, update), (2, add), (3, remove) })
        {
            for (int i = 0; i < groups.Count; i++)
            {
                if (i != sender) Fleet.Accepted(groups[i].Receive(message));
            }
        }

        ReadOnlyMemory<byte> before = groups[1].Members().Single(static m => m.Leaf == 1).SignatureKey;
        Fleet.Commit(groups[0], new MlsCommitPlan { IsPublic = isPublic });
        byte[] welcome = groups[0].Pending!.Welcome.ToArray(), commit = groups[0].Pending!.Message.ToArray();
        Assert.Equal(MlsStatus.Removed, groups[5].Process(commit).Status);
        groups.RemoveAt(5);
        Fleet.Deliver(groups, groups[0]);
        Fleet.Accepted(MlsGroup.Join(clients[6], package, welcome, default, null, null, out MlsGroup? joined));
        groups.Add(joined!);
        Fleet.AssertAgree(groups);
        Assert.True(before.Span.SequenceEqual(groups[0].Members().Single(static m => m.Leaf == 1).SignatureKey.Span));
        Fleet.Heal(groups, 1); // with the keys of its update
        Fleet.AssertAgree(groups);
    }

    [Fact]
    public void Commit_WithPsk_NeedsTheKeyOfEveryone()
    {
        using var fleet = new Fleet(3);
        MlsClient[] clients = fleet.Clients(3);
        List<MlsGroup> groups = fleet.Group(clients[..2]);
        byte[] id = [1, 2, 3];
        Assert.Equal(MlsStatus.UnknownPsk, groups[0].Commit(new MlsCommitPlan { Psks = [id] }).Status);
        fleet.Psks.Keys["010203"] = fleet.Crypto.Draw();
        using MlsKeyPackage package = MlsKeyPackage.Generate(clients[2], Fleet.Lifetime);
        MlsPendingCommit pending = Fleet.Commit(groups[0], new MlsCommitPlan { Psks = [id], Add = [package.Message] });
        byte[] welcome = pending.Welcome.ToArray(), commit = pending.Message.ToArray();

        fleet.Psks.Keys.Remove("010203", out FcpFast.Protocol.Crypto.SecretKey? right);
        string before = Fleet.Everything(groups[1]);
        Fleet.Refused(MlsStatus.UnknownPsk, 0, groups[1].Process(commit));
        Assert.Equal(MlsStatus.UnknownPsk, MlsGroup.Join(clients[2], package, welcome, default, null, null, out _).Status);
        fleet.Psks.Keys["010203"] = fleet.Crypto.Draw();
        Fleet.Refused(MlsStatus.InvalidConfirmationTag, 0, groups[1].Process(commit));
        Assert.Equal(MlsStatus.DecryptFailed, MlsGroup.Join(clients[2], package, welcome, default, null, null, out _).Status);
        Assert.Equal(before, Fleet.Everything(groups[1]));

        fleet.Psks.Keys["010203"].Dispose();
        fleet.Psks.Keys["010203"] = right!;
        Fleet.Deliver(groups, groups[0]);
        Fleet.Accepted(MlsGroup.Join(clients[2], package, welcome, default, null, null, out MlsGroup? joined));
        groups.Add(joined!);
        Fleet.AssertAgree(groups);
    }

    [Fact]
    public void Commit_WithoutPath_AddsAndChangesTheEpoch()
    {
        using var fleet = new Fleet(4);
        MlsClient[] clients = fleet.Clients(3);
        List<MlsGroup> groups = fleet.Group(clients[..2]);
        using MlsKeyPackage package = MlsKeyPackage.Generate(clients[2], Fleet.Lifetime);
        MlsPendingCommit pending = Fleet.Commit(groups[1], new MlsCommitPlan { Add = [package.Message], OmitsPath = true });
        byte[] welcome = pending.Welcome.ToArray();
        Fleet.Deliver(groups, groups[1]);
        Fleet.Accepted(MlsGroup.Join(clients[2], package, welcome, default, null, null, out MlsGroup? joined));
        groups.Add(joined!);
        Fleet.AssertAgree(groups);
        Fleet.Heal(groups, 2);
        Fleet.AssertAgree(groups);
    }

    [Fact]
    public void Renew_ANewIdentityOfTheSameClient_IsSeenByEveryone()
    {
        using var fleet = new Fleet(5);
        MlsClient[] clients = fleet.Clients(3);
        List<MlsGroup> groups = fleet.Group(clients);
        groups[1].Renew(clients[1].WithIdentity("client 1/2"u8));
        Fleet.Heal(groups, 1);
        Assert.True(groups[0].Members()[1].Identity.Span.SequenceEqual("client 1/2"u8));
        groups[1].Renew(clients[1].WithIdentity("client 9"u8));
        Fleet.Commit(groups[1]);
        Fleet.Refused(MlsStatus.NoSuccessor, 1, groups[0].Process(groups[1].Pending!.Message.Span));
        Fleet.AssertAgree(groups);
    }

    [Fact]
    public void Export_AcrossEpochs_Changes()
    {
        using var fleet = new Fleet(6);
        List<MlsGroup> groups = fleet.Group(fleet.Clients(2));
        byte[] before = Fleet.ExportOf(groups[0]);
        Fleet.Heal(groups, 0);
        Assert.NotEqual(before, Fleet.ExportOf(groups[0]));
        byte[][] previews = [new byte[32], new byte[32]];
        Fleet.Commit(groups[1]);
        int secrets = fleet.LiveSecrets;
        List<string> everything = groups.ConvertAll(Fleet.Everything);
        for (int i = 0; i < 2; i++)
        {
            Fleet.Accepted(groups[i].Preview(groups[1].Pending!.Message.Span, out MlsPreview? preview));
            Assert.Equal(groups[i].Epoch + 1, preview!.Epoch);
            preview.Export("a test"u8, "of it"u8, previews[i]);
            preview.Dispose();
        }

        Assert.Equal(everything, groups.ConvertAll(Fleet.Everything));
        Assert.InRange(fleet.LiveSecrets, secrets, secrets + 6); // message ratchets of the present epoch, derived when first asked for
        Fleet.Deliver(groups, groups[1]);
        Assert.Equal(previews, groups.ConvertAll(Fleet.ExportOf));
    }
}
