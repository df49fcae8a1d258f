using FcpFast.Mls.Codec;
using FcpFast.Mls.Messages;

namespace FcpFast.Mls.Tree;

/// <content>The tree as it travels.</content>
/// <remarks>Source: [RFC 9420 §12.4.3.3].</remarks>
internal sealed partial class RatchetTree : IMlsStruct<RatchetTree>
{
    private const byte LeafType = 1;
    private const byte ParentType = 2;

    /// <summary>Reads nodes from left to right, the last of them not blank, and fills up with blanks.</summary>
    public static RatchetTree Read(ref MlsReader reader)
    {
        TreeNode?[] read = reader.List(ReadNode, TreeMath.NodesOf(TreeMath.LeavesMax));
        if (read.Length == 0 || read[^1] is null) reader.Break(MlsStatus.InvalidTree);
        for (int i = 0; i < read.Length; i++)
        {
            if (read[i] is not null && read[i] is LeafNode != TreeMath.IsLeaf((uint)i)) reader.Break(MlsStatus.InvalidTree);
        }

        if (reader.IsBroken) return new RatchetTree(new TreeNode?[1], new byte[]?[1]);
        uint leaves = 1;
        while (TreeMath.NodesOf(leaves) < (uint)read.Length) leaves *= 2;
        var tree = new RatchetTree(read, new byte[]?[read.Length]);
        tree.Resize(leaves);
        return tree;
    }

    public void Write(MlsWriter writer)
    {
        int count = _nodes.Length;
        while (count > 0 && _nodes[count - 1] is null) count--;
        int start = writer.Begin();
        for (int i = 0; i < count; i++) WriteNode(writer, _nodes[i]);
        writer.End(start);
    }

    private static TreeNode? ReadNode(ref MlsReader reader)
    {
        if (!reader.Optional()) return null;
        switch (reader.U8())
        {
            case LeafType:
                return LeafNode.Read(ref reader);
            case ParentType:
                return ParentNode.Read(ref reader);
            default:
                reader.Break();
                return null;
        }
    }

    private static void WriteNode(MlsWriter writer, TreeNode? node)
    {
        writer.U8(node is null ? (byte)0 : (byte)1);
        if (node is null) return;
        writer.U8(node is LeafNode ? LeafType : ParentType);
        ((IMlsWritable)node).Write(writer);
    }
}
