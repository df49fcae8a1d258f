using System;
using FcpFast.Mls.Codec;
using FcpFast.Mls.Crypto;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Mls.Messages;

/// <summary>A member's place in the tree, signed by the member.</summary>
/// <remarks>
/// Shape:   <see cref="NotBefore"/> and <see cref="NotAfter"/> count with a key package's leaf only, <see cref="ParentHash"/> with a commit's.
/// Source:  [RFC 9420 §7.2].
/// </remarks>
internal sealed record LeafNode(
    byte[] EncryptionKey, byte[] SignatureKey, MlsCredential Credential, Capabilities Capabilities, LeafNodeSource Source, ulong NotBefore,
    ulong NotAfter, byte[] ParentHash, MlsExtension[] Extensions, byte[] Signature) : TreeNode(EncryptionKey), IMlsStruct<LeafNode>
{
    private static ReadOnlySpan<byte> Label => "LeafNodeTBS"u8;

    /// <summary>What its parts take that have no fixed size: every member keeps and sends it.</summary>
    public int ContentBytes
    {
        get
        {
            Capabilities can = Capabilities;
            int listed = can.Versions.Length + can.CipherSuites.Length + can.Extensions.Length + can.Proposals.Length + can.Credentials.Length;
            return Credential.Content.Length + (listed * sizeof(ushort)) + ParentHash.Length + MlsExtension.BytesOf(Extensions) + Signature.Length;
        }
    }

    public static LeafNode Read(ref MlsReader reader)
    {
        byte[] encryptionKey = reader.Bytes(), signatureKey = reader.Bytes();
        MlsCredential credential = MlsCredential.Read(ref reader);
        Capabilities capabilities = Capabilities.Read(ref reader);
        var source = (LeafNodeSource)reader.U8();
        ulong notBefore = 0, notAfter = 0;
        byte[] parentHash = [];
        switch (source)
        {
            case LeafNodeSource.KeyPackage:
                notBefore = reader.U64();
                notAfter = reader.U64();
                break;
            case LeafNodeSource.Update:
                break;
            case LeafNodeSource.Commit:
                parentHash = reader.Bytes();
                break;
            default:
                reader.Break();
                break;
        }

        MlsExtension[] extensions = MlsExtension.ReadList(ref reader);
        return new LeafNode(
            encryptionKey, signatureKey, credential, capabilities, source, notBefore, notAfter, parentHash, extensions, reader.Bytes());
    }

    public void Write(MlsWriter writer)
    {
        WriteContent(writer);
        writer.Vector(Signature);
    }

    public bool Verify(MlsCrypto crypto, ReadOnlySpan<byte> groupId, uint leaf)
    {
        using MlsWriter content = ToBeSigned(groupId, leaf);
        return crypto.VerifyWithLabel(SignatureKey, Label, content.Written, Signature);
    }

    public LeafNode Sign(MlsCrypto crypto, SecretKey seed, ReadOnlySpan<byte> groupId, uint leaf)
    {
        using MlsWriter content = ToBeSigned(groupId, leaf);
        return this with { Signature = crypto.SignWithLabel(seed, Label, content.Written) };
    }

    private MlsWriter ToBeSigned(ReadOnlySpan<byte> groupId, uint leaf)
    {
        var writer = new MlsWriter();
        WriteContent(writer);
        if (Source == LeafNodeSource.KeyPackage) return writer;
        writer.Vector(groupId);
        writer.U32(leaf);
        return writer;
    }

    private void WriteContent(MlsWriter writer)
    {
        writer.Vector(EncryptionKey);
        writer.Vector(SignatureKey);
        Credential.Write(writer);
        Capabilities.Write(writer);
        writer.U8((byte)Source);
        if (Source == LeafNodeSource.KeyPackage)
        {
            writer.U64(NotBefore);
            writer.U64(NotAfter);
        }
        else if (Source == LeafNodeSource.Commit)
        {
            writer.Vector(ParentHash);
        }

        writer.List(Extensions);
    }
}
