using System;
using FcpFast.Mls.Codec;
using FcpFast.Mls.Crypto;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Mls.Messages;

/// <summary>A member's description of an epoch, for those who join it.</summary>
/// <remarks>Source: [RFC 9420 §12.4.3].</remarks>
internal sealed record GroupInfo(GroupContext Context, MlsExtension[] Extensions, byte[] ConfirmationTag, uint Signer, byte[] Signature)
    : IMlsStruct<GroupInfo>
{
    private static ReadOnlySpan<byte> Label => "GroupInfoTBS"u8;

    public static GroupInfo Read(ref MlsReader reader) =>
        new(GroupContext.Read(ref reader), MlsExtension.ReadList(ref reader), reader.Bytes(), reader.U32(), reader.Bytes());

    public void Write(MlsWriter writer)
    {
        WriteContent(writer);
        writer.Vector(Signature);
    }

    public bool Verify(MlsCrypto crypto, ReadOnlySpan<byte> signatureKey)
    {
        using var content = new MlsWriter();
        WriteContent(content);
        return crypto.VerifyWithLabel(signatureKey, Label, content.Written, Signature);
    }

    public GroupInfo Sign(MlsCrypto crypto, SecretKey seed)
    {
        using var content = new MlsWriter();
        WriteContent(content);
        return this with { Signature = crypto.SignWithLabel(seed, Label, content.Written) };
    }

    private void WriteContent(MlsWriter writer)
    {
        Context.Write(writer);
        writer.List(Extensions);
        writer.Vector(ConfirmationTag);
        writer.U32(Signer);
    }
}
