using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Keys;

/// <summary>[WIRE §5], [WIRE §16.8]: subkeys are derived once, bounded in number, and erased when they make room.</summary>
public sealed class SubkeyCacheTests
{
    private readonly TestCrypto _crypto = new();

    [Fact]
    public void GetOrDerive_RandomUse_EqualsAListByUseAndErasesWhatLeavesIt() => Seeded.Run(30, static random =>
    {
        var crypto = new TestCrypto();
        using SecretKey parent = crypto.Vault.Import(random.Bytes(32));
        int most = random.Next(1, 8);
        using var cache = new SubkeyCache(crypto.Provider, most);
        List<(SubkeyId Id, SecretKey Key)> byUse = [];
        for (int step = 0; step < 200; step++)
        {
            SubkeyId id = Id((ulong)random.Next(12), purpose: random.Next(2) == 0 ? SubkeyPurpose.Symbols : SubkeyPurpose.Bodies);
            int derived = crypto.Kdf.Extractions;
            SecretKey? key = cache.GetOrDerive(id, parent);
            int at = byUse.FindIndex(entry => entry.Id == id);
            Assert.Equal(at < 0 ? 1 : 0, crypto.Kdf.Extractions - derived);
            if (at >= 0)
            {
                Assert.Same(byUse[at].Key, key);
                byUse.RemoveAt(at);
            }

            byUse.Insert(0, (id, key!));
            if (byUse.Count > most)
            {
                Assert.True(((RecordingVault.RecordedKey)byUse[^1].Key).IsErased);
                byUse.RemoveAt(byUse.Count - 1);
            }

            Assert.Equal(byUse.Count, cache.Count);
            Assert.Equal(byUse.Count + 1, crypto.Vault.Live.Count); // and the parent
        }
    });

    [Fact]
    public void GetOrDerive_BothPurposes_AreTheCiphersDerivations()
    {
        byte[] parentBytes = new Random(1).Bytes(32), expected = new byte[32];
        using SecretKey parent = _crypto.Vault.Import(parentBytes);
        using var cache = new SubkeyCache(_crypto.Provider, 4);
        SubkeyId symbols = Id(9), bodies = Id(9, purpose: SubkeyPurpose.Bodies);
        SymbolCipher.DeriveSymbolKey(_crypto.Kdf, symbols.ZoneKeyId, parentBytes, symbols.Source, symbols.Instance, expected);
        Assert.Equal(expected, Read(cache.GetOrDerive(symbols, parent)));
        SymbolCipher.DeriveControlKey(_crypto.Kdf, symbols.ZoneKeyId, parentBytes, symbols.Source, symbols.Instance, expected);
        Assert.Equal(expected, Read(cache.GetOrDerive(bodies, parent)));
    }

    [Fact]
    public void GetOrDerive_AnErasedParent_GivesNullAndKeepsNothing()
    {
        SecretKey parent = _crypto.Vault.Import(new byte[32]);
        using var cache = new SubkeyCache(_crypto.Provider, 4);
        parent.Dispose();
        Assert.Null(cache.GetOrDerive(Id(1), parent));
        Assert.Null(SubkeyCache.Derive(_crypto.Provider, Id(1), parent));
        Assert.Equal(0, cache.Count);
        Assert.Empty(_crypto.Vault.Live);
    }

    [Fact]
    public void GetOrDerive_AFullCacheAndAnErasedParent_EvictsNothing()
    {
        using SecretKey live = _crypto.Vault.Import(new byte[32]);
        SecretKey erased = _crypto.Vault.Import(new byte[32]);
        erased.Dispose();
        using var cache = new SubkeyCache(_crypto.Provider, 1);
        SecretKey? kept = cache.GetOrDerive(Id(1), live);
        Assert.Null(cache.GetOrDerive(Id(2), erased));
        Assert.Same(kept, cache.GetOrDerive(Id(1), erased));
    }

    [Fact]
    public void Erase_AZoneKeyOrItsEpochs_ErasesThoseAndNoOthers()
    {
        using SecretKey parent = _crypto.Vault.Import(new byte[32]);
        using var cache = new SubkeyCache(_crypto.Provider, 100);
        Dictionary<SubkeyId, SecretKey> keys = [];
        for (ulong zoneKey = 0; zoneKey < 3; zoneKey++)
        {
            for (ulong epoch = 0; epoch < 5; epoch++)
            {
                SubkeyId id = Id(1, zoneKey, epoch);
                keys[id] = cache.GetOrDerive(id, parent)!;
            }
        }

        cache.Erase(Zone(0), ZoneKey(1), new EpochId(3));
        AssertErased(keys, static id => id.ZoneKeyId == ZoneKey(1) && id.Epoch.Value < 3);
        cache.Erase(Zone(0), ZoneKey(2));
        AssertErased(keys, static id => (id.ZoneKeyId == ZoneKey(1) && id.Epoch.Value < 3) || id.ZoneKeyId == ZoneKey(2));
        Assert.Equal(7, cache.Count);
        cache.Dispose();
        AssertErased(keys, static _ => true);
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void GetOrDerive_TheSameKeyIdInAnotherZone_IsAnotherKey()
    {
        using SecretKey parent = _crypto.Vault.Import(Enumerable.Repeat((byte)1, 32).ToArray());
        using SecretKey other = _crypto.Vault.Import(Enumerable.Repeat((byte)2, 32).ToArray());
        using var cache = new SubkeyCache(_crypto.Provider, 4);
        byte[] ours = Read(cache.GetOrDerive(Id(1), parent));
        byte[] theirs = Read(cache.GetOrDerive(Id(1) with { Zone = Zone(1) }, other));
        Assert.NotEqual(ours, theirs); // their issuer chose our key's id; that gives them no say over our subkeys
        cache.Erase(Zone(1), ZoneKey(0));
        Assert.Equal(1, cache.Count);
        Assert.Equal(ours, Read(cache.GetOrDerive(Id(1), parent)));
    }

    [Fact]
    public void Evict_WhileLeased_ErasesAtTheReturn()
    {
        using SecretKey parent = _crypto.Vault.Import(new byte[32]);
        using var cache = new SubkeyCache(_crypto.Provider, 1);
        var first = (RecordingVault.RecordedKey)cache.GetOrDerive(Id(1), parent)!;
        using (KeyLease lease = first.Lease())
        {
            cache.GetOrDerive(Id(2), parent);
            Assert.False(first.IsErased);
            Assert.Equal(first.Content, lease.Bytes.ToArray());
        }

        Assert.True(first.IsErased);
        Assert.False(first.Lease().IsLive);
    }

    [Fact]
    public void Make_NoRoomAtAll_IsTheCallersFault() => Assert.Throws<ArgumentException>(() => new SubkeyCache(_crypto.Provider, 0));

    private static void AssertErased(Dictionary<SubkeyId, SecretKey> keys, Func<SubkeyId, bool> expected) =>
        Assert.All(keys, pair => Assert.Equal(expected(pair.Key), ((RecordingVault.RecordedKey)pair.Value).IsErased));

    private static byte[] Read(SecretKey? key)
    {
        using KeyLease lease = key!.Lease();
        return lease.Bytes.ToArray();
    }

    private static ZoneIdHash Zone(ulong number) => new(new Bytes32(number, 0, 0, 0));

    private static ZoneKeyId ZoneKey(ulong number) => new(new Bytes8(number));

    private static SubkeyId Id(ulong instance, ulong zoneKey = 0, ulong epoch = 0, SubkeyPurpose purpose = SubkeyPurpose.Symbols)
    {
        NodeId.Parse("source", out NodeId source);
        return new SubkeyId(Zone(0), ZoneKey(zoneKey), new EpochId(epoch), source, new SenderInstanceId(instance), purpose);
    }
}
