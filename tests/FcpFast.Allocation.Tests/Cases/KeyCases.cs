using System;
using System.Collections.Generic;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;

namespace FcpFast.Allocation.Tests.Cases;

/// <summary>Subkeys, nonces and rings.</summary>
internal static class KeyCases
{
    public static Action CacheHit()
    {
        SecretKey parent = CryptoCases.Crypto.Vault.Import(new byte[32]);
        var cache = new SubkeyCache(CryptoCases.Crypto, 8);
        NodeId node = Node();
        ulong next = 0;
        return () =>
        {
            var id = new SubkeyId(default, new ZoneKeyId(new Bytes8(1)), new EpochId(5), node, new SenderInstanceId(next++ % 8), SubkeyPurpose.Symbols);
            if (cache.GetOrDerive(id, parent) is null) throw new InvalidOperationException("no subkey");
        };
    }

    public static Action DeriveSubkey()
    {
        byte[] parent = new byte[32], subkey = new byte[32];
        IKdf kdf = CryptoCases.Crypto.Kdf;
        NodeId node = Node();
        return () => SymbolCipher.DeriveSymbolKey(kdf, default, parent, node, new SenderInstanceId(1), subkey);
    }

    public static Action NonceAndAssociatedData()
    {
        byte[] nonce = new byte[24], associated = new byte[SymbolCipher.AssociatedDataBytes];
        return () =>
        {
            SymbolCipher.WriteNonce(AeadAlgorithm.ChaCha20Poly1305, default, new FrameSeq(1), 2, nonce);
            SymbolCipher.WriteNonce(AeadAlgorithm.XChaCha20Poly1305, default, new FrameSeq(1), 2, nonce);
            SymbolCipher.WriteAssociatedData(associated, default, 1, 2, default, default, default);
        };
    }

    public static Action FindInRing()
    {
        ZoneId.Parse("z:work", out ZoneId zone);
        var ring = new ZoneKeyRing(zone);
        for (ulong i = 0; i < ZoneKeyRing.ZoneKeysMax; i++)
        {
            var key = new ZoneKey(new ZoneKeyId(new Bytes8(i)), AeadAlgorithm.ChaCha20Poly1305, CryptoCases.Crypto.Vault.Import(new byte[32]), 0);
            ring.Install(key, new ObjectIdKey(default, CryptoCases.Crypto.Vault.Import(new byte[32])), 300, 2, 1_000_000);
        }

        ring.Tick(1_000_000, new List<ZoneKeyId>());
        var last = new ZoneKeyId(new Bytes8(ZoneKeyRing.ZoneKeysMax - 1));
        return () =>
        {
            WireCases.Expect(ring.JudgeEpoch(last, ring.HighEpoch));
            WireCases.Expect(ring.Find(last)!.TryGet(ring.HighEpoch, out _, out _));
        };
    }

    private static NodeId Node()
    {
        NodeId.Parse("node-a"u8, out NodeId node);
        return node;
    }
}
