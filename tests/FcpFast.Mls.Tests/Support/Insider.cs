using System;
using FcpFast.Mls.Codec;
using FcpFast.Mls.Messages;
using FcpFast.Mls.Protection;

namespace FcpFast.Mls.Tests.Support;

/// <summary>A member that signs what no honest one would.</summary>
internal static class Insider
{
    /// <summary>A commit, rightly signed and tagged as a member's; its confirmation tag is nonsense.</summary>
    public static byte[] Commit(Fleet fleet, MlsGroup group, MlsClient client, Commit commit)
    {
        var content = new FramedContent(
            Fleet.GroupId, group.Epoch, Sender.Member(group.OwnLeaf), [], ContentType.Commit, null, null, commit);
        return Send(fleet, group, client, content, new byte[32]);
    }

    public static byte[] Commit(Fleet fleet, MlsGroup group, MlsClient client, params Proposal[] proposals) =>
        Commit(fleet, group, client, new Commit(Array.ConvertAll(proposals, ProposalOrRef.Of), null));

    public static byte[] Propose(Fleet fleet, MlsGroup group, MlsClient client, Proposal proposal)
    {
        var content = new FramedContent(
            Fleet.GroupId, group.Epoch, Sender.Member(group.OwnLeaf), [], ContentType.Proposal, null, proposal, null);
        return Send(fleet, group, client, content, null);
    }

    private static byte[] Send(Fleet fleet, MlsGroup group, MlsClient client, FramedContent content, byte[]? tag)
    {
        AuthenticatedContent signed = AuthenticatedContent.Sign(
            fleet.Crypto, WireFormat.PublicMessage, content, group.State.Context, client.Signing);
        signed = signed with { Auth = signed.Auth with { ConfirmationTag = tag } };
        return MlsMessage.Of(PublicProtection.Protect(group.State.Epoch, signed)).ToBytes();
    }
}
