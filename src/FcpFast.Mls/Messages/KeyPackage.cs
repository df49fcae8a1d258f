using System;
using FcpFast.Mls.Codec;
using FcpFast.Mls.Crypto;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Mls.Messages;

/// <summary>What a client publishes so that others can add it.</summary>
/// <remarks>Source: [RFC 9420 §10].</remarks>
internal sealed record KeyPackage(MlsCipherSuite CipherSuite, byte[] InitKey, LeafNode Leaf, MlsExtension[] Extensions, byte[] Signature)
    : IMlsStruct<KeyPackage>
{
    private static ReadOnlySpan<byte> Label => "KeyPackageTBS"u8;

    public static KeyPackage Read(ref MlsReader reader)
    {
        ProtocolVersions.Require(ref reader);
        return new KeyPackage(
            (MlsCipherSuite)reader.U16(), reader.Bytes(), LeafNode.Read(ref reader), MlsExtension.ReadList(ref reader), reader.Bytes());
    }

    public void Write(MlsWriter writer)
    {
        WriteContent(writer);
        writer.Vector(Signature);
    }

    /// <summary>The name by which a Welcome speaks of it.</summary>
    public byte[] Reference(MlsCrypto crypto) => crypto.RefHash("MLS 1.0 KeyPackage Reference"u8, this.ToBytes());

    public bool Verify(MlsCrypto crypto)
    {
        using var content = new MlsWriter();
        WriteContent(content);
        return crypto.VerifyWithLabel(Leaf.SignatureKey, Label, content.Written, Signature);
    }

    public KeyPackage Sign(MlsCrypto crypto, SecretKey seed)
    {
        using var content = new MlsWriter();
        WriteContent(content);
        return this with { Signature = crypto.SignWithLabel(seed, Label, content.Written) };
    }

    private void WriteContent(MlsWriter writer)
    {
        writer.U16(ProtocolVersions.Mls10);
        writer.U16((ushort)CipherSuite);
        writer.Vector(InitKey);
        Leaf.Write(writer);
        writer.List(Extensions);
    }
}
