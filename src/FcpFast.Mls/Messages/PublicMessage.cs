using FcpFast.Mls.Codec;

namespace FcpFast.Mls.Messages;

/// <summary>A content that is signed and not encrypted.</summary>
/// <remarks>Source: [RFC 9420 §6.2].</remarks>
internal sealed record PublicMessage(FramedContent Content, ContentAuth Auth, byte[] MembershipTag) : IMlsStruct<PublicMessage>
{
    public static PublicMessage Read(ref MlsReader reader)
    {
        FramedContent content = FramedContent.Read(ref reader);
        ContentAuth auth = ContentAuth.Read(ref reader, content.ContentType);
        return new PublicMessage(content, auth, content.Sender.Type == SenderType.Member ? reader.Bytes() : []);
    }

    public void Write(MlsWriter writer)
    {
        Content.Write(writer);
        Auth.Write(writer);
        if (Content.Sender.Type == SenderType.Member) writer.Vector(MembershipTag);
    }
}
