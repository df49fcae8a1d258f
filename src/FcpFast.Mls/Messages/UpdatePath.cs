using FcpFast.Mls.Codec;

namespace FcpFast.Mls.Messages;

/// <summary>[RFC 9420 §7.6].</summary>
internal sealed record UpdatePath(LeafNode Leaf, UpdatePathNode[] Nodes) : IMlsStruct<UpdatePath>
{
    private const uint NodesMax = 32; // no tree is as high

    public static UpdatePath Read(ref MlsReader reader) => new(LeafNode.Read(ref reader), reader.List(UpdatePathNode.Read, NodesMax));

    public void Write(MlsWriter writer)
    {
        Leaf.Write(writer);
        writer.List(Nodes);
    }
}
