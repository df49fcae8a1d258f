using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Mls.Codec;
using FcpFast.Mls.Groups;
using FcpFast.Mls.Messages;
using FcpFast.Mls.Protection;
using FcpFast.Mls.Schedule;
using FcpFast.Mls.Tests.Support;
using FcpFast.Mls.Tree;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Mls.Tests.Groups;

/// <summary>What costs a receiver more than its bytes is bounded: long lists, large leaves, and messages in another member's name.</summary>
public sealed class CostlyInputsTests : IDisposable
{
    private readonly Fleet _fleet = new(71);
    private readonly MlsClient[] _clients;
    private readonly List<MlsGroup> _groups;

    public CostlyInputsTests()
    {
        _clients = _fleet.Clients(5);
        _groups = _fleet.Group(_clients[..4]);
    }

    [Fact]
    public void Decode_ListsLongerThanAllowed_AreTooLargeBeforeTheyAreBuilt()
    {
        static byte[] Vector(int bytes, byte fill = 0)
        {
            using var writer = new MlsWriter();
            writer.Vector(Enumerable.Repeat(fill, bytes).ToArray());
            return writer.ToArray();
        }

        uint nodes = TreeMath.NodesOf(TreeMath.LeavesMax);
        Assert.Equal(MlsStatus.TooLarge, MlsCodec.Decode(Vector((int)nodes + 1), out RatchetTree _)); // blanks, a byte each
        Assert.Equal(MlsStatus.InvalidTree, MlsCodec.Decode(Vector((int)nodes), out RatchetTree _)); // the last is blank
        byte[] none = [0, 0, 0, 0];
        Assert.Equal(MlsStatus.Accepted, MlsCodec.Decode([.. Vector(2 * 256), .. none], out Capabilities _));
        Assert.Equal(MlsStatus.TooLarge, MlsCodec.Decode([.. Vector(2 * 257), .. none], out Capabilities _));
        Assert.Equal(MlsStatus.Malformed, MlsCodec.Decode([.. Vector(3), .. none], out Capabilities _));
        byte[] references = [.. Enumerable.Repeat<byte[]>([2, 0], (int)Commit.ProposalsMax + 1).SelectMany(static one => one)];
        using var commit = new MlsWriter();
        commit.Vector(references);
        commit.U8(0);
        Assert.Equal(MlsStatus.TooLarge, MlsCodec.Decode(commit.Written, out Commit _));
    }

    [Fact]
    public void Process_MorePreSharedKeysThanAnEpochTakes_NamesTheCommitter()
    {
        PreSharedKeyProposal[] proposals =
        [
            .. Enumerable.Range(0, PreSharedKeyId.ListMax + 1).Select(static i => new PreSharedKeyProposal(
                new PreSharedKeyId(IsResumption: true, 1, Fleet.GroupId, 1, [(byte)i, .. new byte[31]]))),
        ];
        string before = Fleet.Everything(_groups[0]);
        Fleet.Refused(MlsStatus.InvalidConfirmationTag, 1, _groups[0].Process(Insider.Commit(_fleet, _groups[1], _clients[1], proposals[1..])));
        Fleet.Refused(MlsStatus.TooLarge, 1, _groups[0].Process(Insider.Commit(_fleet, _groups[1], _clients[1], proposals)));
        Assert.Equal(before, Fleet.Everything(_groups[0]));
        using var secrets = new GroupSecrets(new byte[32], null, [.. proposals.Select(static proposal => proposal.Id)]);
        Assert.Equal(MlsStatus.TooLarge, MlsCodec.Decode(secrets.ToBytes(), out GroupSecrets _));
    }

    [Fact]
    public void Process_ALeafThatWouldKeepOthersFromBeingAdded_IsTooLarge()
    {
        MlsExtension large = new(ExtensionTypes.ApplicationId, new byte[_fleet.Policy.LeafBytesMax]);
        LeafNode leaf = _clients[1].Template(LeafNodeSource.Update) with { EncryptionKey = Fresh(), Extensions = [large] };
        leaf = leaf.Sign(_fleet.Crypto, _clients[1].Signing, Fleet.GroupId, 1);
        Fleet.Refused(MlsStatus.TooLarge, 1, _groups[0].Receive(Insider.Propose(_fleet, _groups[1], _clients[1], new UpdateProposal(leaf))));
        Assert.Empty(_groups[0].Proposals.All);
        using MlsKeyPackage package = MlsKeyPackage.Generate(_clients[4], Fleet.Lifetime);
        KeyPackage bloated = (package.Package with { Extensions = [large, new MlsExtension(ExtensionTypes.RatchetTree, [1])] }).Sign(_fleet.Crypto, _clients[4].Signing);
        Fleet.Refused(MlsStatus.TooLarge, 4, _groups[0].Process(Insider.Commit(_fleet, _groups[1], _clients[1], new AddProposal(bloated))));
        Assert.Equal(MlsStatus.TooLarge, MlsKeyPackage.Check(_clients[0], MlsMessage.Of(bloated).ToBytes(), out _, out _).Status);
    }

    [Fact]
    public void Receive_ProposalsOfMoreBytesThanAMemberMayKeepInTheRecord_AreTooLarge()
    {
        byte[] Large(byte number) => Insider.Propose(
            _fleet, _groups[1], _clients[1], new PreSharedKeyProposal(PreSharedKeyId.External([number, .. new byte[ProposalCache.BytesPerMemberMax / 3]], new byte[32])));
        Fleet.Accepted(_groups[0].Receive(Large(1)));
        Fleet.Accepted(_groups[0].Receive(Large(2)));
        Fleet.Refused(MlsStatus.TooLarge, 1, _groups[0].Receive(Large(3)));
        Fleet.Accepted(_groups[0].Receive(Insider.Propose(_fleet, _groups[2], _clients[2], new RemoveProposal(3)))); // another's share is its own
        Fleet.Commit(_groups[3], new MlsCommitPlan { TakesProposals = false });
        Fleet.Deliver(_groups, _groups[3]);
        Fleet.Accepted(_groups[0].Receive(Large(3))); // and a new epoch begins with none
    }

    /// <summary>The secret tree is everyone's: only the signature says who sent. A member could use up another's keys, and silence it, if what is not signed by it moved its ratchet.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Process_ForgeriesInAnothersName_LeaveItsKeysForItsOwnMessages(bool opens)
    {
        const uint victim = 2, step = 1000;
        SenderRatchet stolen = _groups[1].State.Secrets.Messages.RatchetOf(victim, ContentType.Commit);
        string before = Fleet.Everything(_groups[0]);
        for (uint generation = step; generation < 4 * step; generation += step)
        {
            Assert.Equal(MlsStatus.Accepted, stolen.Take(generation, uint.MaxValue, out SecretKey? key));
            key!.Dispose();
            var content = new FramedContent(
                Fleet.GroupId, _groups[1].Epoch, Sender.Member(victim), [], ContentType.Commit, null, null, new Commit([], null));
            AuthenticatedContent signed = AuthenticatedContent.Sign(_fleet.Crypto, WireFormat.PrivateMessage, content, _groups[1].State.Context, _clients[1].Signing);
            signed = signed with { Auth = signed.Auth with { ConfirmationTag = new byte[32] } };
            PrivateMessage forged = PrivateProtection.Protect(_groups[1].State.Epoch, signed);
            if (!opens) forged.Ciphertext[^1] ^= 1;
            MlsStatus expected = generation > step ? MlsStatus.TooLarge : opens ? MlsStatus.InvalidSignature : MlsStatus.DecryptFailed;
            Fleet.Refused(expected, victim, _groups[0].Process(MlsMessage.Of(forged).ToBytes()));
        }

        Assert.Equal(0u, _groups[0].State.Secrets.Messages.RatchetOf(victim, ContentType.Commit).Generation);
        Assert.Equal(before, Fleet.Everything(_groups[0]));
        Fleet.Commit(_groups[(int)victim]);
        byte[] commit = _groups[(int)victim].Pending!.Message.ToArray();
        Fleet.Accepted(_groups[0].Process(commit));
    }

    [Fact]
    public void Peek_AnyGeneration_GivesTheKeyThatTakeGivesAndMovesNothing()
    {
        var suite = new TestSuite();
        using var ratchet = new SenderRatchet(suite.Crypto, suite.Crypto.Draw(), 0);
        foreach (uint generation in (uint[])[3, 1, 0, 7, 2, 6])
        {
            uint at = ratchet.Generation;
            int kept = ratchet.Kept.Count;
            Assert.Equal(MlsStatus.Accepted, ratchet.Peek(generation, 10, out SecretKey? peeked));
            Assert.Equal((at, kept), (ratchet.Generation, ratchet.Kept.Count));
            Assert.Equal(MlsStatus.Accepted, ratchet.Take(generation, 10, out SecretKey? taken));
            Assert.Equal(TestSuite.BytesOf(taken!), TestSuite.BytesOf(peeked!));
            peeked!.Dispose();
            taken!.Dispose();
            Assert.Equal(MlsStatus.GenerationUsed, ratchet.Peek(generation, 10, out _));
        }

        Assert.Equal(MlsStatus.TooLarge, ratchet.Peek(ratchet.Generation + 11, 10, out _));
        Assert.Equal(MlsStatus.TooLarge, ratchet.Peek(uint.MaxValue, uint.MaxValue, out _));
    }

    public void Dispose()
    {
        foreach (MlsGroup group in _groups) group.Dispose();
        _fleet.Dispose();
    }

    private byte[] Fresh()
    {
        using SecretKey secret = _fleet.Crypto.DrawKeyPair(out byte[] publicKey);
        return publicKey;
    }
}
