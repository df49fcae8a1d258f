using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Keys;

/// <summary>[WIRE §12.1], [WIRE §12.3], [WIRE §16.9]: activation, overlap, eviction and the grace of object-id keys.</summary>
public sealed class ZoneKeyRingTests : IDisposable
{
    private const ulong Now = 1_700_000_000, Overlap = 300;

    private readonly TestCrypto _crypto = new();
    private readonly ZoneKeyRing _ring = new(Zone());

    public void Dispose() => _ring.Dispose();

    [Fact]
    public void Install_TheFirstKey_SealsFromItsTimeOnAndOpensAtOnce()
    {
        Install(1, Now + 5);
        Assert.NotNull(_ring.Find(KeyId(1)));
        Assert.Empty(Tick(Now + 4));
        Assert.Null(_ring.Active);
        Tick(Now + 5);
        Assert.Equal(KeyId(1), _ring.Active?.Id);
    }

    [Fact]
    public void Rotation_OverItsWholeLife_SealsWithOneAndOpensWithBoth()
    {
        Install(1, Now);
        Tick(Now);
        Install(2, Now + 5);
        Tick(Now + 4);
        Assert.Equal(KeyId(1), _ring.Active?.Id); // until valid_from the old key seals and the new one already opens
        Assert.NotNull(_ring.Find(KeyId(2)));
        Tick(Now + 5);
        Assert.Equal(KeyId(2), _ring.Active?.Id);
        Assert.Empty(Tick(Now + 5 + Overlap - 1));
        Assert.NotNull(_ring.Find(KeyId(1)));
        Assert.Equal([KeyId(1)], Tick(Now + 5 + Overlap));
        Assert.Null(_ring.Find(KeyId(1)));
        Assert.True(Secret(1).IsErased);
        Assert.False(Secret(2).IsErased);
        Assert.Empty(Tick(Now + 5 + Overlap));
    }

    [Fact]
    public void Tick_AClockThatStepsBack_NeverLetsAReplacedKeySealAgain()
    {
        Install(1, Now);
        Install(2, Now + 100);
        Tick(Now + 100);
        Assert.Equal(KeyId(2), _ring.Active?.Id);
        Tick(Now + 50);
        Assert.Equal(KeyId(2), _ring.Active?.Id);
        Tick(0);
        Assert.Equal(KeyId(2), _ring.Active?.Id);
        Assert.NotNull(_ring.Find(KeyId(1))); // it opens on, as long as its overlap lasts
    }

    [Fact]
    public void Install_AcceptedAfterValidFrom_OverlapCountsFromAcceptance()
    {
        Install(1, Now - 5000);
        Tick(Now);
        Install(2, Now - 1000);
        Assert.Equal(Now + Overlap, _ring.ZoneKeys[0].ErasedAtUnixSeconds);
        Assert.Null(_ring.ZoneKeys[1].ErasedAtUnixSeconds);
    }

    [Fact]
    public void Install_SeveralInARow_NeverLengthensALife()
    {
        Install(1, Now);
        Install(2, Now + 10, overlap: 50);
        Install(3, Now + 20, overlap: 500);
        Assert.Equal([Now + 60, Now + 520, null], _ring.ZoneKeys.Select(static key => key.ErasedAtUnixSeconds));
        Tick(Now + 20);
        Assert.Equal(KeyId(3), _ring.Active?.Id);
    }

    [Fact]
    public void Install_TheSameIdAgain_KeepsTheKeyAndErasesTheNewObject()
    {
        Install(1, Now);
        SecretKey again = _crypto.Vault.Import(new byte[32]), objectKey = _crypto.Vault.Import(new byte[32]);
        var copy = new ZoneKey(KeyId(1), AeadAlgorithm.ChaCha20Poly1305, again, Now + 1000);
        Assert.Null(_ring.Install(copy, new ObjectIdKey(ObjectKeyId(1), objectKey), Overlap, 7, Now));
        Assert.Single(_ring.ZoneKeys);
        Assert.False(Secret(1).IsErased);
        Assert.True(((RecordingVault.RecordedKey)again).IsErased);
        Assert.True(((RecordingVault.RecordedKey)objectKey).IsErased);
        Assert.Equal(Now, _ring.Find(KeyId(1))!.SealsFromUnixSeconds);
        Assert.Equal(7u, _ring.RetainEpochs);
    }

    [Fact]
    public void Install_TheSeventeenthKey_EvictsTheOldestErasedAndReported()
    {
        for (ulong i = 1; i <= 16; i++) Assert.Null(Install(i, Now + i));
        Tick(Now + 16);
        Assert.Equal(KeyId(1), Install(17, Now + 17));
        Assert.Equal(ZoneKeyRing.ZoneKeysMax, _ring.ZoneKeys.Count);
        Assert.True(Secret(1).IsErased);
        Assert.Null(_ring.Find(KeyId(1)));
        Assert.Equal(KeyId(16), _ring.Active?.Id);
    }

    [Fact]
    public void Install_EvictingTheActiveKey_StopsSealingUntilAnotherIsDue()
    {
        Install(1, Now);
        Tick(Now);
        for (ulong i = 2; i <= 17; i++) Install(i, Now + 1000 + i);
        Assert.Null(_ring.Active);
        Tick(Now);
        Assert.Null(_ring.Active);
        Tick(Now + 1002);
        Assert.Equal(KeyId(2), _ring.Active?.Id);
    }

    [Theory]
    [InlineData(ulong.MaxValue, 300ul)]
    [InlineData(ulong.MaxValue - 299, 300ul)]
    [InlineData(1ul, ulong.MaxValue)]
    public void Install_TimesAtTheEndOfTime_AreBounded(ulong sealsFrom, ulong overlap)
    {
        Install(1, Now);
        Install(2, sealsFrom, overlap);
        Assert.Equal(ulong.MaxValue, _ring.ZoneKeys[0].ErasedAtUnixSeconds);
        Tick(Now);
        Assert.NotNull(_ring.Find(KeyId(1)));
    }

    [Fact]
    public void ObjectIdKeys_RotatedOut_ServeADayMore()
    {
        Install(1, Now, objectKey: 1);
        Install(2, Now, objectKey: 2);
        Assert.Equal(ObjectKeyId(2), _ring.ActiveObjectIdKey?.Id);
        Tick(Now + 86_399);
        Assert.NotNull(_ring.FindObjectIdKey(ObjectKeyId(1)));
        var old = (RecordingVault.RecordedKey)_ring.FindObjectIdKey(ObjectKeyId(1))!.Key;
        Tick(Now + 86_400);
        Assert.Null(_ring.FindObjectIdKey(ObjectKeyId(1)));
        Assert.True(old.IsErased);
        Tick(ulong.MaxValue);
        Assert.Equal(ObjectKeyId(2), _ring.ActiveObjectIdKey?.Id); // the newest has no end
    }

    [Fact]
    public void JudgeEpoch_KeysWithAndWithoutRatchet_FollowTheirRules()
    {
        Install(1, Now);
        Tick(Now);
        ulong epoch = Now / 300;
        Assert.Equal(FcpStatus.Accepted, _ring.JudgeEpoch(KeyId(1), new EpochId(epoch + 1)));
        Assert.Equal(FcpStatus.Accepted, _ring.JudgeEpoch(KeyId(1), new EpochId(epoch - 2)));
        Assert.Equal(FcpStatus.EpochOutOfRange, _ring.JudgeEpoch(KeyId(1), new EpochId(epoch - 3)));
        Assert.Equal(FcpStatus.EpochOutOfRange, _ring.JudgeEpoch(KeyId(1), new EpochId(epoch + 2)));
        Assert.Equal(FcpStatus.EpochOutOfRange, _ring.JudgeEpoch(KeyId(99), new EpochId(epoch + 2))); // an unknown key, before it is looked for
        InstallRatcheting(2, Now, Now);
        Assert.Equal(FcpStatus.EpochOutOfRange, _ring.JudgeEpoch(KeyId(2), new EpochId(epoch - 1))); // before the chain's start
        Assert.Equal(FcpStatus.Accepted, _ring.JudgeEpoch(KeyId(2), new EpochId(epoch)));

        using var any = new ZoneKeyRing(Zone(), acceptsAnyEpoch: true);
        Assert.Equal(FcpStatus.Accepted, any.JudgeEpoch(KeyId(1), new EpochId(ulong.MaxValue)));
    }

    [Fact]
    public void Tick_AClockThatStepsBack_NeverLowersTheHighestEpoch()
    {
        Install(1, Now);
        Tick(Now);
        Tick(Now - 30_000);
        Assert.Equal(Now / 300, _ring.HighEpoch.Value);
        Assert.Equal(FcpStatus.EpochOutOfRange, _ring.JudgeEpoch(KeyId(1), new EpochId((Now - 30_000) / 300)));
    }

    [Fact]
    public void Install_AChainStartedByAClockThatSteppedBack_HoldsNoEpochThatTheRingLeft()
    {
        Tick(Now);
        InstallRatcheting(1, Now - 30_000, Now - 30_000);
        Assert.Equal(FcpStatus.EpochErased, _ring.JudgeEpoch(KeyId(1), new EpochId((Now - 30_000) / 300)));
        Assert.Equal((Now / 300) - 2, _ring.Find(KeyId(1))!.FirstKeptEpoch.Value);
    }

    [Fact]
    public void Tick_EpochsMovingOn_AdvanceEveryChain()
    {
        InstallRatcheting(1, Now, Now);
        Tick(Now + 3000);
        ZoneKey key = _ring.Find(KeyId(1))!;
        Assert.True(key.IsRatcheting);
        Assert.Equal(((Now + 3000) / 300) - 2, key.FirstKeptEpoch.Value);
        Assert.Equal(FcpStatus.EpochErased, key.TryGet(new EpochId(Now / 300), out _, out _));
        Assert.Equal(FcpStatus.Accepted, key.TryGet(new EpochId((Now + 3000) / 300), out SecretKey? secret, out EpochId subkeyEpoch));
        Assert.NotNull(secret);
        Assert.Equal((Now + 3000) / 300, subkeyEpoch.Value);
    }

    [Fact]
    public void TryGet_WithoutRatchet_ServesEveryEpochUnderOneSubkey()
    {
        Install(1, Now);
        foreach (ulong epoch in new ulong[] { 0, 1, ulong.MaxValue })
        {
            Assert.Equal(FcpStatus.Accepted, _ring.Find(KeyId(1))!.TryGet(new EpochId(epoch), out SecretKey? key, out EpochId subkeyEpoch));
            Assert.Same(Secret(1), key);
            Assert.Equal(0ul, subkeyEpoch.Value);
        }
    }

    [Fact]
    public void Dispose_Always_ErasesEveryKey()
    {
        Install(1, Now);
        Install(2, Now, objectKey: 5);
        InstallRatcheting(3, Now, Now);
        _ring.Dispose();
        Assert.Empty(_crypto.Vault.Live);
        Assert.Null(_ring.Active);
        Assert.Null(_ring.Find(KeyId(1)));
    }

    private static ZoneId Zone()
    {
        ZoneId.Parse("z:work", out ZoneId zone);
        return zone;
    }

    private static ZoneKeyId KeyId(ulong number) => new(new Bytes8(number));

    private static ObjectIdKeyId ObjectKeyId(ulong number) => new(new Bytes8(number));

    private RecordingVault.RecordedKey Secret(ulong number) =>
        _crypto.Vault.Keys.First(key => key.Content.AsSpan().SequenceEqual(BitConverter.GetBytes(number)));

    private ZoneKeyId? Install(ulong number, ulong sealsFrom, ulong overlap = Overlap, ulong objectKey = 1) => _ring.Install(
        new ZoneKey(KeyId(number), AeadAlgorithm.ChaCha20Poly1305, _crypto.Vault.Import(BitConverter.GetBytes(number)), sealsFrom),
        new ObjectIdKey(ObjectKeyId(objectKey), _crypto.Vault.Import(new byte[32])), overlap, 2, Now);

    private void InstallRatcheting(ulong number, ulong validFrom, ulong clock)
    {
        var chain = new EpochKeyChain(_crypto.Provider, KeyId(number), new byte[32], _ring.ZoneHash, validFrom, 2, EpochSchedule.NumberAt(clock));
        _ring.Install(
            new ZoneKey(KeyId(number), AeadAlgorithm.XChaCha20Poly1305, chain, validFrom),
            new ObjectIdKey(ObjectKeyId(1), _crypto.Vault.Import(new byte[32])), Overlap, 2, clock);
    }

    private List<ZoneKeyId> Tick(ulong now)
    {
        List<ZoneKeyId> erased = [];
        _ring.Tick(now, erased);
        return erased;
    }
}
