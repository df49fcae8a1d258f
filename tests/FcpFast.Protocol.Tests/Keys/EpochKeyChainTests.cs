using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Keys;

/// <summary>[WIRE §13.3]: the keys are those of the schedule, and what leaves the range is erased for good.</summary>
public sealed class EpochKeyChainTests
{
    private const ulong First = 5_000_000;

    private static readonly byte[] Root = new Random(1).Bytes(32);
    private static readonly ZoneKeyId KeyId = new(new Bytes8(77));
    private static readonly ZoneIdHash Zone = new(Bytes32.Read(new Random(2).Bytes(32)));

    [Fact]
    public void TryGet_EveryEpochInRange_GivesTheSchedulesKey()
    {
        var crypto = new TestCrypto();
        using EpochKeyChain chain = Start(crypto, First + 10);
        for (ulong epoch = First - 2; epoch < First + 20; epoch++)
        {
            FcpStatus status = chain.TryGet(new EpochId(epoch), out SecretKey? key);
            Assert.Equal(EpochSchedule.JudgeRatchet(new EpochId(epoch), new EpochId(First), new EpochId(First + 10), 2), status);
            Assert.Equal(status == FcpStatus.Accepted, key is not null);
            if (key is null) continue;
            using KeyLease lease = key.Lease();
            Assert.Equal(Expected(epoch).EpochKey, lease.Bytes.ToArray());
        }
    }

    [Fact]
    public void AdvanceTo_RandomWalk_HoldsExactlyTheRangeAndTheNextChainKey() => Seeded.Run(20, static random =>
    {
        var crypto = new TestCrypto();
        uint retain = (uint)random.Next(5);
        ulong high = First - 1 + (ulong)random.Next(10);
        using EpochKeyChain chain = Start(crypto, high, retain);
        for (int step = 0; step < 30; step++)
        {
            ulong to = high - 3 + (ulong)random.Next(9); // also backwards, which changes nothing
            chain.AdvanceTo(new EpochId(to));
            high = Math.Max(high, to);
            ulong from = Math.Max(First, high - retain);
            Assert.Equal(from, chain.FirstKept.Value);
            List<byte[]> expected = [];
            for (ulong epoch = from; epoch <= high + 1; epoch++) expected.Add(Expected(epoch).EpochKey);
            expected.Add(Expected(Math.Max(First, high + 2)).ChainKey);
            Assert.Equal(Sorted(expected), Sorted(crypto.Vault.Live.Select(static key => key.Content)));
        }
    });

    [Fact]
    public void AdvanceTo_EpochsLeavingTheRange_AreErasedAndStayErased()
    {
        var crypto = new TestCrypto();
        using EpochKeyChain chain = Start(crypto, First);
        Assert.Equal(FcpStatus.Accepted, chain.TryGet(new EpochId(First), out SecretKey? old));
        chain.AdvanceTo(new EpochId(First + 3));
        Assert.Equal(FcpStatus.EpochErased, chain.TryGet(new EpochId(First), out SecretKey? gone));
        Assert.Null(gone);
        Assert.True(((RecordingVault.RecordedKey)old!).IsErased);
        chain.AdvanceTo(new EpochId(First)); // a clock that steps back un-erases nothing
        Assert.Equal(FcpStatus.EpochErased, chain.Judge(new EpochId(First)));
        Assert.Equal(FcpStatus.Accepted, chain.Judge(new EpochId(First + 4)));
    }

    [Fact]
    public void AdvanceTo_AJumpPastTheRange_ImportsNoKeyOfTheEpochsBetween()
    {
        var crypto = new TestCrypto();
        using EpochKeyChain chain = Start(crypto, First);
        chain.AdvanceTo(new EpochId(First + 1000));
        string[] between = Enumerable.Range(3, 900).Select(static i => Convert.ToHexString(Expected(First + (ulong)i).EpochKey)).ToArray();
        Assert.DoesNotContain(crypto.Vault.Keys, key => between.Contains(Convert.ToHexString(key.Content)));
        Assert.Equal(5, crypto.Vault.Live.Count); // four epochs and the next chain key
    }

    [Fact]
    public void Start_LongPastValidity_EndsAtTheChainsLength()
    {
        var crypto = new TestCrypto();
        using var chain = new EpochKeyChain(crypto.Provider, KeyId, Root, Zone, 0, 0, new EpochId(ulong.MaxValue));
        Assert.Equal(FcpStatus.EpochOutOfRange, chain.TryGet(new EpochId((1 << 20) + 1), out _));
        Assert.Equal(FcpStatus.EpochErased, chain.TryGet(new EpochId(1 << 20), out _));
        Assert.Single(crypto.Vault.Live);
    }

    [Fact]
    public void Start_ValidityAhead_DerivesWhenItsTimeComes()
    {
        var crypto = new TestCrypto();
        using EpochKeyChain chain = Start(crypto, First - 5);
        Assert.Equal(FcpStatus.EpochOutOfRange, chain.TryGet(new EpochId(First), out _));
        Assert.Single(crypto.Vault.Live);
        chain.AdvanceTo(new EpochId(First - 1));
        Assert.Equal(FcpStatus.Accepted, chain.TryGet(new EpochId(First), out _));
    }

    [Fact]
    public void Dispose_Then_NothingIsLeftAndNothingIsDerivedAgain()
    {
        var crypto = new TestCrypto();
        EpochKeyChain chain = Start(crypto, First);
        chain.Dispose();
        Assert.Empty(crypto.Vault.Live);
        Assert.NotEqual(FcpStatus.Accepted, chain.TryGet(new EpochId(First), out SecretKey? key));
        Assert.Null(key);
        Assert.Throws<InvalidOperationException>(() => chain.AdvanceTo(new EpochId(First + 1))); // never from a chain key of zeroes
        Assert.Empty(crypto.Vault.Live);
        chain.Dispose();
    }

    private static EpochKeyChain Start(TestCrypto crypto, ulong high, uint retain = 2) =>
        new(crypto.Provider, KeyId, Root, Zone, (First * EpochSchedule.EpochSeconds) + 123, retain, new EpochId(high));

    /// <summary>C[e] and E[e], from the schedule's functions alone.</summary>
    private static (byte[] ChainKey, byte[] EpochKey) Expected(ulong epoch)
    {
        var kdf = new ManagedKdf();
        byte[] chain = new byte[32], key = new byte[32];
        EpochSchedule.DeriveFirstChainKey(kdf, KeyId, Root, Zone, new EpochId(First), chain);
        for (ulong e = First; e < epoch; e++)
        {
            byte[] next = new byte[32];
            EpochSchedule.DeriveNextChainKey(kdf, chain, new EpochId(e), next);
            chain = next;
        }

        EpochSchedule.DeriveEpochKey(kdf, chain, new EpochId(epoch), key);
        return (chain, key);
    }

    private static string[] Sorted(IEnumerable<byte[]> keys) => keys.Select(Convert.ToHexString).Order(StringComparer.Ordinal).ToArray();
}
