using System;
using System.Security.Cryptography;
using System.Text;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Keys;

/// <summary>[WIRE §5], [WIRE §16.8], [REPLAY §4.1]: nonces, associated data and subkeys.</summary>
public sealed class SymbolCipherTests
{
    [Fact]
    public void WriteNonce_BothAlgorithms_HaveTheirLayouts() => Seeded.Run(200, static random =>
    {
        ulong instance = random.Edge64(), seq = random.Edge64();
        uint esi = random.Edge32();
        byte[] nonce12 = random.Bytes(12), nonce24 = random.Bytes(24); // old content must not shine through
        SymbolCipher.WriteNonce(AeadAlgorithm.ChaCha20Poly1305, new SenderInstanceId(instance), new FrameSeq(seq), esi, nonce12);
        SymbolCipher.WriteNonce(AeadAlgorithm.XChaCha20Poly1305, new SenderInstanceId(instance), new FrameSeq(seq), esi, nonce24);
        Assert.Equal([.. BitConverter.GetBytes(seq), .. BitConverter.GetBytes(esi)], nonce12);
        Assert.Equal([.. BitConverter.GetBytes(instance), .. BitConverter.GetBytes(seq), .. BitConverter.GetBytes(esi), 0, 0, 0, 0], nonce24);
    });

    [Fact]
    public void WriteAssociatedData_Fields_Are86BytesInOrder() => Seeded.Run(200, static random =>
    {
        byte[] objectId = random.Bytes(32), zone = random.Bytes(32), keyId = random.Bytes(8), associated = random.Bytes(90);
        byte[] behind = associated[86..];
        uint esi = random.Edge32();
        ushort k = (ushort)random.Next(65_536);
        ulong epoch = random.Edge64();
        SymbolCipher.WriteAssociatedData(
            associated, ObjectId.Read(objectId), esi, k, new ZoneIdHash(Bytes32.Read(zone)), new ZoneKeyId(Bytes8.Read(keyId)), new EpochId(epoch));
        Assert.Equal(
            [.. objectId, .. BitConverter.GetBytes(esi), .. BitConverter.GetBytes(k), .. zone, .. keyId, .. BitConverter.GetBytes(epoch), .. behind],
            associated);
    });

    [Fact]
    public void DeriveKeys_AnyNode_AreHkdfOfLabelNodeAndInstance() => Seeded.Run(100, static random =>
    {
        byte[] zoneKey = random.Bytes(32), keyId = random.Bytes(8), symbols = new byte[32], bodies = new byte[32];
        string name = new('n', random.Next(1, 129));
        NodeId.Parse(name, out NodeId node);
        ulong instance = random.Edge64();
        var kdf = new ManagedKdf();
        SymbolCipher.DeriveSymbolKey(kdf, new ZoneKeyId(Bytes8.Read(keyId)), zoneKey, node, new SenderInstanceId(instance), symbols);
        SymbolCipher.DeriveControlKey(kdf, new ZoneKeyId(Bytes8.Read(keyId)), zoneKey, node, new SenderInstanceId(instance), bodies);
        byte[] tail = [.. Encoding.ASCII.GetBytes(name), .. BitConverter.GetBytes(instance)];
        Assert.Equal(HKDF.DeriveKey(HashAlgorithmName.SHA256, zoneKey, 32, keyId, [.. "FCP2-SENDER-KEY-V1"u8, .. tail]), symbols);
        Assert.Equal(HKDF.DeriveKey(HashAlgorithmName.SHA256, zoneKey, 32, keyId, [.. "FCPFAST-CONTROL-KEY-V1"u8, .. tail]), bodies);
    });

    [Fact]
    public void DeriveKeys_OneInputChanged_ChangesTheKey()
    {
        NodeId.Parse("node", out NodeId node);
        NodeId.Parse("nodf", out NodeId other);
        byte[] key = new byte[32], otherKey = [.. new byte[31], 1];
        var id = new ZoneKeyId(new Bytes8(1));
        byte[][] keys =
        [
            Symbol(id, key, node, 1), Symbol(id, key, node, 2), Symbol(id, key, other, 1), Symbol(id, otherKey, node, 1),
            Symbol(new ZoneKeyId(new Bytes8(2)), key, node, 1), Control(id, key, node, 1),
        ];
        for (int i = 0; i < keys.Length; i++)
        {
            for (int j = i + 1; j < keys.Length; j++) Assert.NotEqual(keys[i], keys[j]);
        }
    }

    private static byte[] Symbol(ZoneKeyId id, byte[] key, NodeId node, ulong instance)
    {
        byte[] subkey = new byte[32];
        SymbolCipher.DeriveSymbolKey(new ManagedKdf(), id, key, node, new SenderInstanceId(instance), subkey);
        return subkey;
    }

    private static byte[] Control(ZoneKeyId id, byte[] key, NodeId node, ulong instance)
    {
        byte[] subkey = new byte[32];
        SymbolCipher.DeriveControlKey(new ManagedKdf(), id, key, node, new SenderInstanceId(instance), subkey);
        return subkey;
    }
}
