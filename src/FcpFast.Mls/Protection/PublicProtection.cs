using System.Security.Cryptography;
using FcpFast.Mls.Messages;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Mls.Protection;

/// <summary>Messages that are signed and tagged, not encrypted.</summary>
/// <remarks>Source: [RFC 9420 §6.2].</remarks>
internal static class PublicProtection
{
    public static PublicMessage Protect(Epoch epoch, AuthenticatedContent content)
    {
        using KeyLease lease = epoch.Secrets.Membership.Lease();
        byte[] tag = content.MembershipTag(epoch.Crypto, epoch.Context, lease.Bytes);
        return new PublicMessage(content.Content, content.Auth, tag);
    }

    /// <summary>Checks a member's message: its tag, then its signature.</summary>
    public static MlsVerdict Unprotect(Epoch epoch, PublicMessage message, out AuthenticatedContent content)
    {
        content = new AuthenticatedContent(WireFormat.PublicMessage, message.Content, message.Auth);
        if (message.Content.ContentType == ContentType.Application) return MlsVerdict.Of(MlsStatus.WrongContent);
        switch (message.Content.Sender.Type)
        {
            case SenderType.Member:
                break;
            case SenderType.NewMemberCommit:
                return MlsVerdict.Of(MlsStatus.ExternalCommitUnsupported);
            default:
                return MlsVerdict.Of(MlsStatus.ExternalSenderUnsupported);
        }

        uint sender = message.Content.Sender.Index;
        if (epoch.Tree.Leaf(sender) is not { } leaf) return new MlsVerdict(MlsStatus.UnknownLeaf, sender);
        using (KeyLease lease = epoch.Secrets.Membership.Lease())
        {
            byte[] expected = content.MembershipTag(epoch.Crypto, epoch.Context, lease.Bytes);
            if (!CryptographicOperations.FixedTimeEquals(expected, message.MembershipTag)) return new MlsVerdict(MlsStatus.InvalidMembershipTag, sender);
        }

        return content.Verify(epoch.Crypto, epoch.Context, leaf.SignatureKey)
            ? MlsVerdict.Accepted
            : new MlsVerdict(MlsStatus.InvalidSignature, sender);
    }
}
