using System.Linq;
using FcpFast.Control.Manifests;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using static FcpFast.Control.Tests.Manifests.Histories;

namespace FcpFast.Control.Tests.Manifests;

/// <summary>[WIRE §12.2]: order, slots, contradictions and healing.</summary>
public sealed class ManifestHistoryTests
{
    private static readonly ManifestRecord M1 = Record(1, 1000, null, 1), M2 = Record(2, 1010, 1, 2), M3 = Record(3, 1020, 2, 3);
    private static readonly ManifestRecord Fork3 = Record(7, 1025, 2, 8);

    private ManifestHistory _history = ManifestHistory.Empty;

    [Fact]
    public void Judge_AChain_FollowsIt()
    {
        AssertOffer(FcpStatus.Accepted, M1, M2, M3);
        Assert.Equal(M3, _history.Current);
        Assert.Equal([M1, M2, M3], _history.Accepted);
    }

    [Fact]
    public void Judge_WhatIsKept_ChangesNothing()
    {
        AssertOffer(FcpStatus.Accepted, M1, M2, M3);
        ManifestHistory before = _history;
        AssertOffer(FcpStatus.Accepted, M3, M1, M2);
        Assert.Same(before, _history);
    }

    [Fact]
    public void Judge_ACopyWithAnotherDigestOfTheSameContent_ChangesNothing()
    {
        AssertOffer(FcpStatus.Accepted, M1, M2, M3);
        ManifestHistory before = _history;
        AssertOffer(FcpStatus.Accepted, M3 with { Digest = new ManifestDigest(new Bytes32(99, 9, 9, 9)) });
        Assert.Same(before, _history);
    }

    [Fact]
    public void Judge_OlderThanCurrent_IsRollback()
    {
        AssertOffer(FcpStatus.Accepted, M1, M2, M3);
        AssertUnchanged(FcpStatus.ManifestRollback, Record(9, 1015, 6, 7));
        AssertUnchanged(FcpStatus.ManifestRollback, Record(9, 1019, 3, 7)); // though it would follow the key
    }

    [Fact]
    public void Judge_WithoutTheOneBetween_IsGapUntilItComes()
    {
        AssertOffer(FcpStatus.Accepted, M1);
        AssertUnchanged(FcpStatus.ManifestGap, M3);
        AssertOffer(FcpStatus.Accepted, M2, M3);
    }

    [Fact]
    public void Judge_TheFirst_MayFollowAnything() => AssertOffer(FcpStatus.Accepted, Record(5, 1000, 77, 5));

    [Fact]
    public void Judge_ARewrap_KeepsKeyAndPreviousAndIsHigher()
    {
        AssertOffer(FcpStatus.Accepted, M1, M2, M3, Record(4, 1020, 2, 3, createdAt: 1021), Record(5, 1020, 2, 3, createdAt: 1022));
        AssertUnchanged(FcpStatus.ManifestRollback, Record(6, 1020, 2, 3, createdAt: 1019));
        AssertUnchanged(FcpStatus.ManifestGap, Record(6, 1030, 1, 2)); // a re-wrap of what was replaced
        Assert.Equal(Key(3), _history.Current?.ZoneKeyId);
    }

    [Fact]
    public void Judge_EqualOrder_IsEquivocationAndGoesBack()
    {
        AssertOffer(FcpStatus.Accepted, M1, M2, M3);
        AssertOffer(FcpStatus.ManifestEquivocation, Record(7, 1020, 2, 8));
        Assert.Equal(M2, _history.Current);
        Assert.Equal(2, _history.Evidence.Length);
        Assert.Equal(M3.Order, _history.Floor);
    }

    [Fact]
    public void Judge_AFork_GoesBackAndIsNeverUsedAgain()
    {
        AssertOffer(FcpStatus.Accepted, M1, M2, M3);
        AssertOffer(FcpStatus.ManifestEquivocation, Fork3);
        Assert.Equal(M2, _history.Current);
        AssertUnchanged(FcpStatus.ManifestEquivocation, M3);
        AssertUnchanged(FcpStatus.ManifestEquivocation, Fork3);
    }

    [Fact]
    public void Judge_AForkOfARewrappedRotation_GoesBackBehindAllOfIt()
    {
        ManifestRecord rewrap = Record(4, 1020, 2, 3, createdAt: 1021);
        AssertOffer(FcpStatus.Accepted, M1, M2, M3, rewrap);
        AssertOffer(FcpStatus.ManifestEquivocation, Fork3);
        Assert.Equal(M2, _history.Current); // both carry the contradicted key
        Assert.Equal([M3, rewrap, Fork3], _history.Evidence);
    }

    [Fact]
    public void Judge_AnOldFork_KeepsWhatIsCurrent()
    {
        AssertOffer(FcpStatus.Accepted, M1, M2, M3);
        AssertOffer(FcpStatus.ManifestEquivocation, Record(7, 1012, 1, 8));
        Assert.Equal(M3, _history.Current);
        Assert.Equal([M1, M3], _history.Accepted);
        AssertUnchanged(FcpStatus.ManifestGap, Record(8, 1020, 2, 3, createdAt: 1021)); // a re-wrap must wait for a rotation
        AssertOffer(FcpStatus.Accepted, Record(9, 1030, 3, 9));
    }

    [Fact]
    public void Judge_AfterAFork_HealsOnlyFromAboveAndFromTheKeyInForce()
    {
        AssertOffer(FcpStatus.Accepted, M1, M2, M3);
        AssertOffer(FcpStatus.ManifestEquivocation, Fork3);
        AssertUnchanged(FcpStatus.ManifestRollback, Record(8, 1024, 2, 9));
        AssertUnchanged(FcpStatus.ManifestRollback, Record(8, 1025, 2, 9));
        AssertUnchanged(FcpStatus.ManifestGap, Record(8, 1030, 8, 9));
        AssertUnchanged(FcpStatus.ManifestGap, Record(8, 1030, 1, 2)); // a re-wrap of the key in force
        ManifestRecord healing = Record(8, 1030, 2, 9);
        AssertOffer(FcpStatus.Accepted, healing);
        Assert.False(_history.AwaitsHealing);
        AssertOffer(FcpStatus.Accepted, Record(10, 1030, 2, 9, createdAt: 1031)); // healed: re-wraps are welcome again
        AssertUnchanged(FcpStatus.ManifestEquivocation, M3);
        AssertUnchanged(FcpStatus.ManifestEquivocation, Fork3);
    }

    [Fact]
    public void Judge_AForkOfTheHealing_GoesBackOnceMore()
    {
        AssertOffer(FcpStatus.Accepted, M1, M2, M3);
        AssertOffer(FcpStatus.ManifestEquivocation, Fork3);
        AssertOffer(FcpStatus.Accepted, Record(8, 1030, 2, 9));
        AssertOffer(FcpStatus.ManifestEquivocation, Record(9, 1040, 2, 10));
        Assert.Equal(M2, _history.Current);
        Assert.Equal(new ManifestOrder(1040, 1040), _history.Floor);
    }

    [Fact]
    public void Judge_AForkOfTheFirst_LeavesNothingUntilHealedFromAbove()
    {
        AssertOffer(FcpStatus.Accepted, Record(1, 1000, 5, 1));
        AssertOffer(FcpStatus.ManifestEquivocation, Record(2, 1001, 5, 2));
        Assert.Null(_history.Current);
        AssertUnchanged(FcpStatus.ManifestRollback, Record(3, 1001, 5, 3));
        AssertOffer(FcpStatus.Accepted, Record(4, 1002, 5, 4));
    }

    [Fact]
    public void Judge_NamedEvidence_GoesBackWhereOnlyOneWasSeen()
    {
        AssertOffer(FcpStatus.Accepted, M1, M2, M3);
        Assert.Equal(FcpStatus.Accepted, Offer(ref _history, Record(8, 1030, 2, 9), M3.Digest.Value, Fork3.Digest.Value));
        Assert.Equal(Key(9), _history.Current?.ZoneKeyId);
        Assert.Equal([M3], _history.Evidence);
        AssertUnchanged(FcpStatus.ManifestEquivocation, Fork3); // never seen, but named
        AssertUnchanged(FcpStatus.ManifestEquivocation, M3);
    }

    [Fact]
    public void Judge_NamedEvidence_CountsWhereNoneWasSeen()
    {
        AssertOffer(FcpStatus.Accepted, M1, M2);
        Assert.Equal(FcpStatus.Accepted, Offer(ref _history, Record(8, 1030, 2, 9), M3.Digest.Value, Fork3.Digest.Value));
        AssertUnchanged(FcpStatus.ManifestEquivocation, M3);
        AssertUnchanged(FcpStatus.ManifestEquivocation, Fork3);
        AssertOffer(FcpStatus.Accepted, Record(10, 1040, 9, 10));
    }

    [Fact]
    public void Judge_NamedEvidence_CountsByContentToo()
    {
        ManifestRecord copy = M3 with { Digest = new ManifestDigest(new Bytes32(99, 9, 9, 9)) };
        AssertOffer(FcpStatus.Accepted, M1, M2, copy); // a relay changed the unsigned fields
        Assert.Equal(FcpStatus.Accepted, Offer(ref _history, Record(8, 1030, 2, 9), M3.Digest.Value, M3.Content.Value, Fork3.Content.Value));
        Assert.Equal([copy], _history.Evidence);
        AssertUnchanged(FcpStatus.ManifestEquivocation, Fork3);
    }

    [Fact]
    public void Judge_ANewNodeWhoseFirstWasContradicted_HealsByName()
    {
        AssertOffer(FcpStatus.Accepted, M3);
        Assert.Equal(FcpStatus.Accepted, Offer(ref _history, Record(8, 1030, 2, 9), M3.Digest.Value, Fork3.Digest.Value));
        Assert.Equal(Key(9), _history.Current?.ZoneKeyId);
    }

    /// <summary>What the owner declares stays declared, also where the declaring manifest itself cannot follow.</summary>
    [Fact]
    public void Judge_NamedEvidenceInAManifestThatCannotFollow_StillGoesBack()
    {
        AssertOffer(FcpStatus.Accepted, M1, M2, M3);
        Assert.Equal(FcpStatus.ManifestGap, Offer(ref _history, Record(8, 1030, 66, 9), M3.Digest.Value));
        Assert.Equal(M2, _history.Current);
        Assert.True(_history.AwaitsHealing);
    }

    [Fact]
    public void Judge_NamedEvidenceThatIsKnown_ChangesNothingMore()
    {
        AssertOffer(FcpStatus.Accepted, M1, M2, M3);
        AssertOffer(FcpStatus.ManifestEquivocation, Fork3);
        AssertUnchanged(FcpStatus.ManifestGap, Record(8, 1030, 66, 9), M3.Digest.Value, Fork3.Digest.Value, M3.Content.Value);
    }

    [Fact]
    public void Append_MoreThanIsKept_ForgetsTheOldest()
    {
        ulong count = ManifestHistory.AcceptedMax + 3;
        for (ulong i = 1; i <= count; i++) AssertOffer(FcpStatus.Accepted, Record(i, 1000 + i, i == 1 ? null : i - 1, i));
        Assert.Equal(ManifestHistory.AcceptedMax, _history.Accepted.Length);
        AssertUnchanged(FcpStatus.ManifestRollback, Record(1, 1001, null, 1)); // forgotten, so refused
        AssertUnchanged(FcpStatus.Accepted, Record(4, 1004, 3, 4));
    }

    [Fact]
    public void Judge_MoreContradictionsThanAreKept_EndsTheZone()
    {
        AssertOffer(FcpStatus.Accepted, M1);
        ulong order = 2000, name = 10;
        while (_history.Evidence.Length < ManifestHistory.EvidenceMax)
        {
            AssertOffer(FcpStatus.Accepted, Record(name, order, 1, name));
            AssertOffer(FcpStatus.ManifestEquivocation, Record(name + 1, order + 1, 1, name + 1));
            order += 2;
            name += 2;
        }

        Assert.Null(_history.Current);
        AssertUnchanged(FcpStatus.ManifestEquivocation, Record(name, order, 1, name));
        AssertUnchanged(FcpStatus.ManifestEquivocation, M1);
    }

    [Fact]
    public void Judge_MoreNamesThanAreKept_IsRefused()
    {
        AssertOffer(FcpStatus.Accepted, M1);
        Bytes32[] names = Enumerable.Range(0, ManifestHistory.NamedMax + 1).Select(static i => new Bytes32((ulong)i, 5, 5, 5)).ToArray();
        AssertUnchanged(FcpStatus.ManifestEquivocation, M2, names);
        Assert.Equal(FcpStatus.Accepted, Offer(ref _history, M2, names[..ManifestHistory.NamedMax]));
    }

    private void AssertOffer(FcpStatus expected, params ManifestRecord[] records)
    {
        foreach (ManifestRecord record in records) Assert.Equal(expected, Offer(ref _history, record));
    }

    private void AssertUnchanged(FcpStatus expected, ManifestRecord record, params Bytes32[] named)
    {
        ManifestHistory before = _history;
        Assert.Equal(expected, Offer(ref _history, record, named));
        Assert.Same(before, _history);
    }
}
