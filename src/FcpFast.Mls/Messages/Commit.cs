using FcpFast.Mls.Codec;

namespace FcpFast.Mls.Messages;

/// <summary>[RFC 9420 §12.4].</summary>
internal sealed record Commit(ProposalOrRef[] Proposals, UpdatePath? Path) : IMlsStruct<Commit>
{
    /// <summary>Proposals that are looked at: as many as a tree has leaves.</summary>
    public const uint ProposalsMax = 1 << 16;

    public static Commit Read(ref MlsReader reader) =>
        new(reader.List(ProposalOrRef.Read, ProposalsMax), reader.Optional() ? UpdatePath.Read(ref reader) : null);

    public void Write(MlsWriter writer)
    {
        writer.List(Proposals);
        writer.Optional(Path);
    }
}
