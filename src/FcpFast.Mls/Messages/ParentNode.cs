using System;
using FcpFast.Mls.Codec;

namespace FcpFast.Mls.Messages;

/// <summary>A parent of the ratchet tree.</summary>
/// <remarks>Source: [RFC 9420 §7.1].</remarks>
internal sealed record ParentNode(byte[] EncryptionKey, byte[] ParentHash, uint[] UnmergedLeaves) : TreeNode(EncryptionKey), IMlsStruct<ParentNode>
{
    public static ParentNode Read(ref MlsReader reader)
    {
        var node = new ParentNode(reader.Bytes(), reader.Bytes(), reader.U32List());
        for (int i = 1; i < node.UnmergedLeaves.Length; i++)
        {
            if (node.UnmergedLeaves[i] <= node.UnmergedLeaves[i - 1]) reader.Break();
        }

        return node;
    }

    /// <summary>The node with one more unmerged leaf.</summary>
    public ParentNode WithUnmerged(uint leaf)
    {
        uint[] leaves = [.. UnmergedLeaves, leaf];
        Array.Sort(leaves);
        return this with { UnmergedLeaves = leaves };
    }

    public void Write(MlsWriter writer)
    {
        writer.Vector(EncryptionKey);
        writer.Vector(ParentHash);
        writer.U32List(UnmergedLeaves);
    }
}
