using FcpFast.Mls.Codec;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Mls.Messages;

/// <summary>What a member says in an epoch: data, a proposal or a commit.</summary>
/// <remarks>Shape: exactly one of the three is there, as <see cref="ContentType"/> says. Source: [RFC 9420 §6].</remarks>
internal sealed record FramedContent(
    byte[] GroupId, ulong Epoch, Sender Sender, byte[] AuthenticatedData, ContentType ContentType, byte[]? Application, Proposal? Proposal, Commit? Commit)
    : IMlsStruct<FramedContent>
{
    public static FramedContent Read(ref MlsReader reader)
    {
        byte[] groupId = reader.Bytes();
        ulong epoch = reader.U64();
        Sender sender = Sender.Read(ref reader);
        byte[] authenticatedData = reader.Bytes();
        return ReadContent(ref reader, groupId, epoch, sender, authenticatedData, (ContentType)reader.U8());
    }

    /// <summary>Reads the part that the content's type selects.</summary>
    public static FramedContent ReadContent(
        ref MlsReader reader, byte[] groupId, ulong epoch, Sender sender, byte[] authenticatedData, ContentType type)
    {
        var content = new FramedContent(groupId, epoch, sender, authenticatedData, type, null, null, null);
        switch (type)
        {
            case ContentType.Application:
                return content with { Application = reader.Bytes() };
            case ContentType.Proposal:
                return content with { Proposal = Proposal.Read(ref reader) };
            case ContentType.Commit:
                return content with { Commit = Commit.Read(ref reader) };
            default:
                reader.Break();
                return content;
        }
    }

    public void Write(MlsWriter writer)
    {
        writer.Vector(GroupId);
        writer.U64(Epoch);
        Sender.Write(writer);
        writer.Vector(AuthenticatedData);
        writer.U8((byte)ContentType);
        WriteContent(writer);
    }

    public void WriteContent(MlsWriter writer)
    {
        if (Application is not null) writer.Vector(Application);
        else if (Proposal is not null) Proposal.Write(writer);
        else if (Commit is not null) Commit.Write(writer);
        else ThrowHelper.BadState("content is data, a proposal or a commit");
    }
}
