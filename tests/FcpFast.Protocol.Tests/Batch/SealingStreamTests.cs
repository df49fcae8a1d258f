using FcpFast.Protocol.Batch;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Batch;

/// <summary>[REPLAY §4.2], [WIRE §5], [WIRE §12.3], [WIRE §13.3], [WIRE §16.8]: one stream, its two counters, and keys that are erased in time.</summary>
public sealed class SealingStreamTests
{
    private readonly RealCrypto _crypto = new();
    private readonly NodeId _alice = TestNodes.Node("alice");

    [Fact]
    public void Keys_OfSymbolsAndBodies_AreTwoOfOneInstance()
    {
        ZoneEntry zone = TestNodes.Zone(_crypto.Provider, "z:work", 1, [_alice]);
        using SealingStream stream = Stream(zone);
        Assert.Equal(Derived(zone, SubkeyPurpose.Symbols), Read(stream.SymbolKey));
        Assert.Equal(Derived(zone, SubkeyPurpose.Bodies), Read(stream.BodyKey));
        Assert.NotEqual(Read(stream.SymbolKey), Read(stream.BodyKey));
        Assert.Same(stream.SymbolKey, stream.SymbolKey);
        stream.Symbols.Take(5, 1, TestNodes.Start, out _);
        stream.Bodies.Take(1, 1, TestNodes.Start, out FrameSeq first);
        Assert.Equal(1ul, first.Value); // each counts for itself
        Assert.Equal(stream.Instance, stream.Bodies.Instance);
        Assert.Equal((zone.Ring.Zone, zone.Ring.ZoneHash, _alice), (stream.Zone, stream.ZoneHash, stream.Source));
    }

    [Fact]
    public void Keys_WhenTheEpochTurns_AreErasedAndThoseOfTheNewEpoch()
    {
        ZoneEntry zone = TestNodes.Zone(_crypto.Provider, "z:work", 1, [_alice], isRatcheting: true);
        using SealingStream stream = Stream(zone);
        var symbols = (RecordingVault.RecordedKey)stream.SymbolKey!;
        var bodies = (RecordingVault.RecordedKey)stream.BodyKey!;
        zone.Ring.Tick(TestNodes.Start.UnixSeconds + 300, []);
        SecretKey after = stream.SymbolKey!;
        Assert.True(symbols.IsErased && bodies.IsErased);
        Assert.NotEqual(symbols.Content, Read(after));
        Assert.NotEqual(bodies.Content, Read(stream.BodyKey));
        Assert.Equal(zone.Ring.HighEpoch, stream.Epoch);
        Assert.Equal(1ul, stream.Symbols.Next.Value); // instance and counter go on
        zone.Ring.Tick(TestNodes.Start.UnixSeconds - 3_000, []); // a clock that steps back un-erases nothing
        Assert.Same(after, stream.SymbolKey);
    }

    [Fact]
    public void IsCurrent_UntilAnotherKeySealsOrACounterEnds_ThenNoMore()
    {
        ZoneEntry zone = TestNodes.Zone(_crypto.Provider, "z:work", 1, [_alice]);
        using SealingStream byKey = Stream(zone), bySymbols = Stream(zone), byBodies = Stream(zone);
        Assert.True(byKey.IsCurrent && bySymbols.IsCurrent && byBodies.IsCurrent);
        bySymbols.Symbols.Stop();
        byBodies.Bodies.Retire();
        Assert.False(bySymbols.IsCurrent || byBodies.IsCurrent);
        TestNodes.Install(_crypto.Provider, zone.Ring, 2);
        Assert.False(byKey.IsCurrent); // a new zone key means a new instance
        Assert.NotNull(byKey.SymbolKey); // though what is under way may still be sealed while the key lives
    }

    [Fact]
    public void Keys_OfAnErasedZoneKey_AreErasedWithItAtTheNextUse()
    {
        ZoneEntry zone = TestNodes.Zone(_crypto.Provider, "z:work", 1, [_alice]);
        using SealingStream stream = Stream(zone);
        var symbols = (RecordingVault.RecordedKey)stream.SymbolKey!;
        var bodies = (RecordingVault.RecordedKey)stream.BodyKey!;
        zone.Ring.Drop(stream.ZoneKeyId);
        Assert.Null(stream.BodyKey);
        Assert.True(symbols.IsErased && bodies.IsErased);
        Assert.Null(stream.SymbolKey);
        Assert.False(stream.IsCurrent);
    }

    [Fact]
    public void Dispose_OfAStream_ErasesItsKeysForGood()
    {
        ZoneEntry zone = TestNodes.Zone(_crypto.Provider, "z:work", 1, [_alice]);
        int before = _crypto.Vault.Live.Count;
        SealingStream stream = Stream(zone);
        _ = stream.SymbolKey;
        _ = stream.BodyKey;
        Assert.Equal(before + 2, _crypto.Vault.Live.Count);
        stream.Dispose();
        Assert.Null(stream.SymbolKey);
        Assert.Null(stream.BodyKey);
        Assert.Equal(before, _crypto.Vault.Live.Count);
        Assert.Equal((SequencerState.Retired, SequencerState.Retired), (stream.Symbols.State, stream.Bodies.State));
    }

    private static byte[] Read(SecretKey? key)
    {
        using KeyLease lease = key!.Lease();
        return lease.Bytes.ToArray();
    }

    private byte[] Derived(ZoneEntry zone, SubkeyPurpose purpose)
    {
        zone.Ring.Active!.TryGet(default, out SecretKey? parent, out EpochId epoch);
        using SecretKey derived = SubkeyCache.Derive(
            _crypto.Provider, new SubkeyId(zone.Ring.ZoneHash, zone.Ring.Active.Id, epoch, _alice, new SenderInstanceId(77), purpose), parent!)!;
        return Read(derived);
    }

    private SealingStream Stream(ZoneEntry zone) => new(
        _crypto.Provider, zone.Ring, zone.Ring.Active!, _alice, new SenderInstanceId(77), SequencerLimits.Default, TestNodes.Start);
}
