using FcpFast.Mls.Codec;

namespace FcpFast.Mls.Messages;

/// <summary>A proposal in a commit: itself, or the hash of the message that carried it.</summary>
/// <remarks>Source: [RFC 9420 §12.4].</remarks>
internal sealed record ProposalOrRef(Proposal? Proposal, byte[] Reference) : IMlsStruct<ProposalOrRef>
{
    private const byte ByValue = 1;
    private const byte ByReference = 2;

    public static ProposalOrRef Of(Proposal proposal) => new(proposal, []);

    public static ProposalOrRef Read(ref MlsReader reader)
    {
        byte type = reader.U8();
        if (type == ByValue) return new ProposalOrRef(Proposal.Read(ref reader), []);
        if (type != ByReference) reader.Break();
        return new ProposalOrRef(null, reader.Bytes());
    }

    public void Write(MlsWriter writer)
    {
        writer.U8(Proposal is null ? ByReference : ByValue);
        if (Proposal is null) writer.Vector(Reference);
        else Proposal.Write(writer);
    }
}
