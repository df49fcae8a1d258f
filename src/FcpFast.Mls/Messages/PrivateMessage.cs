using FcpFast.Mls.Codec;

namespace FcpFast.Mls.Messages;

/// <summary>A content that is signed and encrypted.</summary>
/// <remarks>Source: [RFC 9420 §6.3].</remarks>
internal sealed record PrivateMessage(
    byte[] GroupId, ulong Epoch, ContentType ContentType, byte[] AuthenticatedData, byte[] EncryptedSenderData, byte[] Ciphertext)
    : IMlsStruct<PrivateMessage>
{
    public static PrivateMessage Read(ref MlsReader reader)
    {
        var message = new PrivateMessage(
            reader.Bytes(), reader.U64(), (ContentType)reader.U8(), reader.Bytes(), reader.Bytes(), reader.Bytes());
        if (message.ContentType is ContentType.Unset or > ContentType.Commit) reader.Break();
        return message;
    }

    public void Write(MlsWriter writer)
    {
        WriteSenderDataContext(writer);
        writer.Vector(AuthenticatedData);
        writer.Vector(EncryptedSenderData);
        writer.Vector(Ciphertext);
    }

    /// <summary>What the encrypted sender data is bound to.</summary>
    public void WriteSenderDataContext(MlsWriter writer)
    {
        writer.Vector(GroupId);
        writer.U64(Epoch);
        writer.U8((byte)ContentType);
    }

    /// <summary>What the encrypted content is bound to.</summary>
    public void WriteContentContext(MlsWriter writer)
    {
        WriteSenderDataContext(writer);
        writer.Vector(AuthenticatedData);
    }
}
