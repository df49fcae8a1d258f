using System;
using FcpFast.Mls.Codec;
using FcpFast.Mls.Crypto;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Mls.Messages;

/// <summary>A content with what authenticates it, however it travels.</summary>
/// <remarks>Source: [RFC 9420 §6], [RFC 9420 §6.1], [RFC 9420 §8.2].</remarks>
internal sealed record AuthenticatedContent(WireFormat WireFormat, FramedContent Content, ContentAuth Auth) : IMlsStruct<AuthenticatedContent>
{
    private static ReadOnlySpan<byte> Label => "FramedContentTBS"u8;

    public static AuthenticatedContent Read(ref MlsReader reader)
    {
        var format = (WireFormat)reader.U16();
        FramedContent content = FramedContent.Read(ref reader);
        return new AuthenticatedContent(format, content, ContentAuth.Read(ref reader, content.ContentType));
    }

    /// <summary>Signs a content for an epoch; a commit's confirmation tag is still missing.</summary>
    public static AuthenticatedContent Sign(MlsCrypto crypto, WireFormat format, FramedContent content, GroupContext context, SecretKey seed)
    {
        using var signed = new MlsWriter();
        WriteToBeSigned(signed, format, content, context);
        return new AuthenticatedContent(format, content, new ContentAuth(crypto.SignWithLabel(seed, Label, signed.Written), null));
    }

    public bool Verify(MlsCrypto crypto, GroupContext context, ReadOnlySpan<byte> signatureKey)
    {
        using var signed = new MlsWriter();
        WriteToBeSigned(signed, WireFormat, Content, context);
        return crypto.VerifyWithLabel(signatureKey, Label, signed.Written, Auth.Signature);
    }

    /// <summary>The tag by which a member shows that it is one.</summary>
    /// <remarks>Source: [RFC 9420 §6.2].</remarks>
    public byte[] MembershipTag(MlsCrypto crypto, GroupContext context, ReadOnlySpan<byte> membershipKey)
    {
        using var authenticated = new MlsWriter();
        WriteToBeSigned(authenticated, WireFormat, Content, context);
        Auth.Write(authenticated);
        return crypto.Mac(membershipKey, authenticated.Written);
    }

    /// <summary>The transcript's hash with this commit in it.</summary>
    public byte[] ConfirmedTranscriptHash(MlsCrypto crypto, ReadOnlySpan<byte> interimHash)
    {
        using var input = new MlsWriter();
        input.Raw(interimHash);
        input.U16((ushort)WireFormat);
        Content.Write(input);
        input.Vector(Auth.Signature);
        return crypto.Hash(input.Written);
    }

    /// <summary>The transcript's hash with a confirmation tag behind it.</summary>
    public static byte[] InterimTranscriptHash(MlsCrypto crypto, ReadOnlySpan<byte> confirmedHash, ReadOnlySpan<byte> confirmationTag)
    {
        using var input = new MlsWriter();
        input.Raw(confirmedHash);
        input.Vector(confirmationTag);
        return crypto.Hash(input.Written);
    }

    /// <summary>The name by which a commit speaks of the proposal in it.</summary>
    public byte[] ProposalReference(MlsCrypto crypto) => crypto.RefHash("MLS 1.0 Proposal Reference"u8, this.ToBytes());

    public void Write(MlsWriter writer)
    {
        writer.U16((ushort)WireFormat);
        Content.Write(writer);
        Auth.Write(writer);
    }

    private static void WriteToBeSigned(MlsWriter writer, WireFormat format, FramedContent content, GroupContext context)
    {
        writer.U16(ProtocolVersions.Mls10);
        writer.U16((ushort)format);
        content.Write(writer);
        if (content.Sender.Type is SenderType.Member or SenderType.NewMemberCommit) context.Write(writer);
    }
}
