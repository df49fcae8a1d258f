using FcpFast.Mls.Codec;

namespace FcpFast.Mls.Messages;

/// <summary>Who sent: a member by its leaf, or someone outside.</summary>
/// <remarks>Source: [RFC 9420 §6].</remarks>
internal sealed record Sender(SenderType Type, uint Index) : IMlsStruct<Sender>
{
    private bool HasIndex => Type is SenderType.Member or SenderType.External;

    public static Sender Member(uint leaf) => new(SenderType.Member, leaf);

    public static Sender Read(ref MlsReader reader)
    {
        var sender = new Sender((SenderType)reader.U8(), 0);
        if (sender.Type is SenderType.Unset or > SenderType.NewMemberCommit) reader.Break();
        return sender.HasIndex ? sender with { Index = reader.U32() } : sender;
    }

    public void Write(MlsWriter writer)
    {
        writer.U8((byte)Type);
        if (HasIndex) writer.U32(Index);
    }
}
