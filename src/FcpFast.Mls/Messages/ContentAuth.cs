using FcpFast.Mls.Codec;

namespace FcpFast.Mls.Messages;

/// <summary>Signature of a content, and a commit's confirmation tag.</summary>
/// <remarks>Source: [RFC 9420 §6.1].</remarks>
internal sealed record ContentAuth(byte[] Signature, byte[]? ConfirmationTag) : IMlsWritable
{
    public static ContentAuth Read(ref MlsReader reader, ContentType type) =>
        new(reader.Bytes(), type == ContentType.Commit ? reader.Bytes() : null);

    public void Write(MlsWriter writer)
    {
        writer.Vector(Signature);
        if (ConfirmationTag is not null) writer.Vector(ConfirmationTag);
    }
}
