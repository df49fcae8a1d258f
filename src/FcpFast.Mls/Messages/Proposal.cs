using FcpFast.Mls.Codec;

namespace FcpFast.Mls.Messages;

/// <summary>One change to the group.</summary>
/// <remarks>Errors: a type of another number cannot be skipped, so it refuses its message. Source: [RFC 9420 §12.1].</remarks>
internal abstract record Proposal(ProposalType Type) : IMlsStruct<Proposal>
{
    /// <summary>True if a commit that covers it must have a path.</summary>
    /// <remarks>Source: [RFC 9420 §12.4].</remarks>
    public bool NeedsPath => Type is not (ProposalType.Add or ProposalType.PreSharedKey or ProposalType.ReInit);

    public static Proposal Read(ref MlsReader reader)
    {
        var type = (ProposalType)reader.U16();
        switch (type)
        {
            case ProposalType.Add:
                return new AddProposal(KeyPackage.Read(ref reader));
            case ProposalType.Update:
                return new UpdateProposal(LeafNode.Read(ref reader));
            case ProposalType.Remove:
                return new RemoveProposal(reader.U32());
            case ProposalType.PreSharedKey:
                return new PreSharedKeyProposal(PreSharedKeyId.Read(ref reader));
            case ProposalType.ReInit:
                return ReInitProposal.Read(ref reader);
            case ProposalType.ExternalInit:
                return new ExternalInitProposal(reader.Bytes());
            case ProposalType.GroupContextExtensions:
                return new ExtensionsProposal(MlsExtension.ReadList(ref reader));
            default:
                reader.Break(MlsStatus.UnsupportedProposal);
                return new RemoveProposal(uint.MaxValue);
        }
    }

    public void Write(MlsWriter writer)
    {
        writer.U16((ushort)Type);
        WriteContent(writer);
    }

    public abstract void WriteContent(MlsWriter writer);
}

/// <summary>[RFC 9420 §12.1.1].</summary>
internal sealed record AddProposal(KeyPackage KeyPackage) : Proposal(ProposalType.Add)
{
    public override void WriteContent(MlsWriter writer) => KeyPackage.Write(writer);
}

/// <summary>[RFC 9420 §12.1.2].</summary>
internal sealed record UpdateProposal(LeafNode Leaf) : Proposal(ProposalType.Update)
{
    public override void WriteContent(MlsWriter writer) => Leaf.Write(writer);
}

/// <summary>[RFC 9420 §12.1.3].</summary>
internal sealed record RemoveProposal(uint Removed) : Proposal(ProposalType.Remove)
{
    public override void WriteContent(MlsWriter writer) => writer.U32(Removed);
}

/// <summary>[RFC 9420 §12.1.4].</summary>
internal sealed record PreSharedKeyProposal(PreSharedKeyId Id) : Proposal(ProposalType.PreSharedKey)
{
    public override void WriteContent(MlsWriter writer) => Id.Write(writer);
}

/// <summary>[RFC 9420 §12.1.5]: read and refused.</summary>
internal sealed record ReInitProposal(byte[] GroupId, ushort Version, ushort CipherSuite, MlsExtension[] Extensions) : Proposal(ProposalType.ReInit)
{
    public static new ReInitProposal Read(ref MlsReader reader) => new(reader.Bytes(), reader.U16(), reader.U16(), MlsExtension.ReadList(ref reader));

    public override void WriteContent(MlsWriter writer)
    {
        writer.Vector(GroupId);
        writer.U16(Version);
        writer.U16(CipherSuite);
        writer.List(Extensions);
    }
}

/// <summary>[RFC 9420 §12.1.6]: read and refused.</summary>
internal sealed record ExternalInitProposal(byte[] KemOutput) : Proposal(ProposalType.ExternalInit)
{
    public override void WriteContent(MlsWriter writer) => writer.Vector(KemOutput);
}

/// <summary>[RFC 9420 §12.1.7].</summary>
internal sealed record ExtensionsProposal(MlsExtension[] Extensions) : Proposal(ProposalType.GroupContextExtensions)
{
    public override void WriteContent(MlsWriter writer) => writer.List(Extensions);
}
