using System;
using FcpFast.Interop.Libsodium;
using FcpFast.Node;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;

namespace FcpFast.Tests.Node;

/// <summary>[WIRE §12.3], [WIRE §12.4]: how long a zone key that was replaced may go on sealing.</summary>
public sealed class KeyHandOverTests : IDisposable
{
    private const ulong Start = 1_000_000;

    private static readonly CryptoProvider Crypto = LibsodiumGate.Open();

    private readonly ZoneKeyRing _ring = new(ZoneId.Parse("z:work", out ZoneId zone) == FcpStatus.Accepted ? zone : default);
    private readonly KeyHandOver _handOver = new();

    [Theory]
    [InlineData(300, 10)] // never longer than ten seconds
    [InlineData(6, 3)] // nor than half of the time in which receivers still open
    [InlineData(1, 0)]
    [InlineData(0, 0)]
    public void MaySeal_OfAKeyThatWasReplaced_EndsByTheClockThatNeverSteps(ulong overlapSeconds, long seconds)
    {
        Install(1, Start, overlapSeconds);
        Install(2, Start + 5, overlapSeconds);
        Look(4, Start + 4);
        Assert.False(MaySeal(1, 4)); // it is the active one: nobody asks
        Look(5, Start + 5);
        Assert.Equal(seconds > 0, MaySeal(1, 5));
        Look(7, Start - 86_400); // the wall clock stepped back by a day
        Assert.Equal(seconds > 2, MaySeal(1, 7));
        Assert.False(MaySeal(1, 5 + seconds));
        Assert.False(MaySeal(2, 5)); // the active one
    }

    [Fact]
    public void NoteRemoval_OfAMember_EndsEveryKeyThatHeMayHoldOnTime()
    {
        Install(1, Start, 300);
        Install(2, Start + 1, 300);
        Look(1, Start + 1);
        Assert.True(MaySeal(1, 2));
        _handOver.NoteRemoval(_ring, At(2));
        Assert.False(MaySeal(1, 2)); // at once
        Assert.True(IsPaused(6)); // for whom it sealed until now
        Assert.False(IsPaused(7));
        Install(3, Start + 3, 300); // the one that he does not get
        Install(4, Start + 6, 300);
        Look(10, Start + 3);
        Assert.False(MaySeal(2, 10));
        Assert.True(IsPaused(14));
        Look(14, Start + 3);
        Assert.False(IsPaused(15)); // since it was turned; looking again does not prolong it
        Look(20, Start + 6);
        Assert.True(MaySeal(3, 20)); // a rotation like any other
        Assert.False(MaySeal(2, 20));
        Assert.False(IsPaused(20));
    }

    /// <summary>The turn that comes first is to a key that he may hold too.</summary>
    [Fact]
    public void NoteRemoval_WhileAnOlderTurnIsStillToCome_PausesAtEveryTurnFromAKeyThatHeMayHold()
    {
        Install(1, Start, 300);
        Install(2, Start + 10, 300);
        Look(0, Start);
        _handOver.NoteRemoval(_ring, At(1));
        Assert.False(IsPaused(1)); // nothing was replaced
        Install(3, Start + 20, 300); // the one that he does not get
        Install(4, Start + 40, 300);
        Look(10, Start + 10);
        Assert.True(IsPaused(11));
        Look(20, Start + 20);
        Assert.True(IsPaused(21));
        Assert.False(MaySeal(2, 21));
        Look(40, Start + 40);
        Assert.False(IsPaused(41));
        Assert.True(MaySeal(3, 41));
    }

    /// <summary>The key that he has is erased with the turn: the next one comes as suddenly.</summary>
    [Fact]
    public void NoteRemoval_BeforeATurnThatErasesTheKey_PausesToo()
    {
        Install(1, Start, 300);
        Look(0, Start);
        _handOver.NoteRemoval(_ring, At(1));
        Install(2, Start + 10, 0);
        Assert.True(_ring.Drop(Id(1)));
        _handOver.Forget(_ring.ZoneHash, Id(1));
        Look(10, Start + 10);
        Assert.True(IsPaused(14));
        Assert.False(IsPaused(15));
    }

    [Fact]
    public void NoteReplaced_OfAKeyInForceAgain_BeginsAnew()
    {
        Install(1, Start, 300);
        Install(2, Start + 1, 300);
        Look(1, Start + 1);
        Look(20, Start + 20);
        Assert.False(MaySeal(1, 20));
        Assert.True(_ring.Drop(Id(2))); // evidence
        Assert.True(_ring.SealWith(Id(1), new ObjectIdKeyId(new Bytes8(1)), 2, Start + 21));
        Look(21, Start + 21);
        Install(3, Start + 25, 300);
        Look(25, Start + 25);
        Assert.True(MaySeal(1, 26));
    }

    public void Dispose() => _ring.Dispose();

    private static ZoneKeyId Id(ulong number) => new(new Bytes8(number));

    private static Instant At(long seconds, ulong unixSeconds = 0) => new(seconds * Instant.TicksPerSecond, unixSeconds);

    private bool IsPaused(long seconds) => _handOver.IsPaused(_ring.ZoneHash, At(seconds));

    private bool MaySeal(ulong key, long seconds) => _handOver.MaySeal(_ring.ZoneHash, Id(key), At(seconds));

    private void Look(long seconds, ulong unixSeconds)
    {
        _ring.Tick(unixSeconds, Start, []);
        _handOver.NoteReplaced(_ring, At(seconds, unixSeconds));
    }

    private void Install(ulong number, ulong sealsFrom, ulong overlapSeconds) => _ring.Install(
        new ZoneKey(Id(number), AeadAlgorithm.ChaCha20Poly1305, Crypto.Vault.Import(new byte[32]), sealsFrom),
        new ObjectIdKey(new ObjectIdKeyId(new Bytes8(1)), Crypto.Vault.Import(new byte[32])), overlapSeconds, 2, Start);
}
