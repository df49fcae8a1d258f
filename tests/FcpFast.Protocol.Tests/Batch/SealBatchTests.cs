using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Batch;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Batch;

/// <summary>[WIRE §4], [WIRE §5], [WIRE §6], [REPLAY §4.1], [REPLAY §4.4]: a slab is what its datagrams are one at a time, and no number is used twice.</summary>
public sealed class SealBatchTests
{
    private static readonly ObjectId Object = new(new Bytes32(1, 1, 1, 1)), Other = new(new Bytes32(2, 2, 2, 2));

    private readonly RealCrypto _crypto = new();
    private readonly NodeId _alice = TestNodes.Node("alice"), _bob = TestNodes.Node("bob");
    private readonly byte[] _slab = new byte[BatchLimits.SlabBytes];

    [Theory]
    [InlineData(AeadAlgorithm.ChaCha20Poly1305, MacSuite.Blake3, false)]
    [InlineData(AeadAlgorithm.XChaCha20Poly1305, MacSuite.HmacSha256, false)]
    [InlineData(AeadAlgorithm.ChaCha20Poly1305, MacSuite.HmacSha256, true)]
    public void Finish_RandomPlans_EqualDatagramsMadeOneAtATime(AeadAlgorithm algorithm, MacSuite suite, bool isRatcheting)
    {
        ZoneEntry zone = TestNodes.Zone(_crypto.Provider, "z:work", 1, [_alice, _bob], algorithm, isRatcheting);
        (PeerSession session, _) = TestNodes.Sessions(_crypto.Provider, _alice, _bob, suite);
        using SealingStream stream = Stream(zone);
        var batch = new SealBatch<LibsodiumAead, PortableMac>();
        Seeded.Run(40, random =>
        {
            int symbolBytes = random.Next(256, 1_100), perFrame = random.Next(1, 9);
            batch.Begin(_slab.Length, symbolBytes, perFrame);
            var source = new List<byte>();
            var planned = new List<(ObjectId Object, ushort K, List<uint> Esis)>();
            bool isOpen = true;
            for (int i = random.Next(1, 120); i > 0 && isOpen; i--)
            {
                ObjectId id = random.Next(10) == 0 ? Other : Object;
                ushort k = (ushort)(random.Next(30) == 0 ? 201 : 200);
                bool joins = planned.Count > 0 && planned[^1].Object == id && planned[^1].K == k && planned[^1].Esis.Count < perFrame;
                uint esi = (uint)random.Next(200);
                isOpen = batch.TryAdd(id, k, esi, source.Count);
                if (!isOpen) break;
                if (joins) planned[^1].Esis.Add(esi);
                else planned.Add((id, k, [esi]));
                source.AddRange(FrameDraft.Plaintext(id, esi, symbolBytes));
            }

            ulong first = stream.Symbols.Next.Value;
            Assert.Equal(FcpStatus.Accepted, batch.Finish(session, stream, source.ToArray(), _slab, TestNodes.Start, out int usedBytes));
            byte[] expected = [.. planned.SelectMany((frame, i) => new FrameDraft
            {
                Session = session,
                Zone = zone,
                Source = _alice,
                Instance = stream.Instance.Value,
                Seq = first + (ulong)i,
                Object = frame.Object,
                K = frame.K,
                Esis = frame.Esis,
                SymbolBytes = symbolBytes,
            }.Datagram())];
            Assert.Equal(expected, _slab[..usedBytes]);
            Assert.Equal((planned.Count, planned.Sum(static frame => frame.Esis.Count)), (batch.FrameCount, batch.SymbolCount));
            Assert.All(planned, static frame => Assert.True(frame.Esis.Zip(frame.Esis.Skip(1)).All(static pair => pair.First < pair.Second)));
            Assert.All(planned.SkipLast(1), frame => Assert.Equal(perFrame, frame.Esis.Count)); // one size but for the last
            Assert.Equal(first + (ulong)planned.Count, stream.Symbols.Next.Value);
        });
    }

    [Fact]
    public void TryAdd_AtEachOfItsBounds_SaysThatTheSlabIsFull()
    {
        var batch = new SealBatch<LibsodiumAead, PortableMac>();
        Assert.Equal(54, Fill(batch, BatchLimits.SlabBytes, 1024, 1)); // 54 datagrams of 1,200 bytes
        Assert.Equal(1200, batch.DatagramBytes);
        Assert.Equal(7, Fill(batch, BatchLimits.SlabBytes, 1024, 1, framesMax: 7));
        Assert.Equal(3, Fill(batch, 3 * 1200, 1024, 1));
        Assert.Equal(2, Fill(batch, (3 * 1200) - 1, 1024, 1));
        Assert.Equal(0, Fill(batch, 100, 1024, 1));
        Assert.Equal(0, Fill(batch, 0, 1024, 1));
        Assert.Equal(151, Fill(batch, BatchLimits.SlabBytes, 256, 1));
        Assert.Equal(235, Fill(batch, BatchLimits.SlabBytes, 256, 235));
        Assert.Equal(54, Fill(batch, int.MaxValue, 1024, 1)); // never more than a slab
    }

    [Fact]
    public void TryAdd_EsiThatDoesNotAscend_NeverStandsTwiceInAFrame()
    {
        var batch = new SealBatch<LibsodiumAead, PortableMac>();
        batch.Begin(_slab.Length, 256, 4);
        Assert.True(batch.TryAdd(Object, 8, 5, 0));
        Assert.False(batch.TryAdd(Object, 8, 5, 0)); // finish the slab and begin another
        Assert.False(batch.TryAdd(Object, 8, 4, 0));
        Assert.True(batch.TryAdd(Object, 8, 6, 0));
        Assert.Equal((1, 2), (batch.FrameCount, batch.SymbolCount));
    }

    [Fact]
    public void TryAdd_AnotherObjectAfterAShortFrame_IsLeftForTheNextSlab()
    {
        var batch = new SealBatch<LibsodiumAead, PortableMac>();
        batch.Begin(_slab.Length, 256, 2);
        Assert.True(batch.TryAdd(Object, 8, 1, 0));
        Assert.False(batch.TryAdd(Other, 8, 2, 0)); // nothing follows a shorter datagram
        Assert.False(batch.TryAdd(Object, 9, 2, 0));
        Assert.True(batch.TryAdd(Object, 8, 2, 0));
        Assert.True(batch.TryAdd(Other, 8, 2, 0));
    }

    [Theory]
    [InlineData(255, 1)]
    [InlineData(16_385, 1)]
    [InlineData(256, 0)]
    [InlineData(256, 257)]
    public void Begin_OutsideTheWiresLimits_IsTheCallersFault(int symbolBytes, int perFrame) =>
        Assert.Throws<ArgumentException>(() => new SealBatch<LibsodiumAead, PortableMac>().Begin(1000, symbolBytes, perFrame));

    [Theory]
    [InlineData("nothing")]
    [InlineData("session unconfirmed")]
    [InlineData("session draining")]
    [InlineData("session closed")]
    [InlineData("session spent")]
    [InlineData("session key erased")]
    [InlineData("stream retired")]
    [InlineData("stream stopped")]
    [InlineData("stream disposed")]
    [InlineData("zone key erased")]
    public void Finish_WhereNothingMayBeSealed_SealsNothingAndSpendsNothing(string what)
    {
        ZoneEntry zone = TestNodes.Zone(_crypto.Provider, "z:work", 1, [_alice, _bob]);
        (PeerSession session, _) = TestNodes.Sessions(
            _crypto.Provider, _alice, _bob, limits: what == "session spent" ? new SequencerLimits(1, 1 << 20, long.MaxValue) : null);
        SealingStream stream = Stream(zone);
        switch (what)
        {
            case "session unconfirmed": session = Unconfirmed(); break;
            case "session draining": session.Drain(TestNodes.Start); break;
            case "session closed": session.Dispose(); break;
            case "session spent": session.CountSent(2, 10); break;
            case "session key erased": session.SendMacKey.Dispose(); break;
            case "stream retired": stream.Symbols.Retire(); break;
            case "stream stopped": stream.Symbols.Stop(); break;
            case "stream disposed": stream.Dispose(); break;
            case "zone key erased": zone.Ring.Drop(stream.ZoneKeyId); break;
            default: break;
        }

        var batch = new SealBatch<LibsodiumAead, PortableMac>();
        batch.Begin(_slab.Length, 256, 2);
        if (what != "nothing") batch.TryAdd(Object, 8, 0, 0);
        _slab.AsSpan().Fill(0x5A);
        FcpStatus status = batch.Finish(session, stream, new byte[256], _slab, TestNodes.Start, out int usedBytes);
        Assert.Equal(what == "nothing" ? FcpStatus.Accepted : FcpStatus.MustRekey, status);
        Assert.Equal(0, usedBytes);
        Assert.False(_slab.AsSpan().ContainsAnyExcept((byte)0x5A));
        Assert.Equal(1ul, stream.Symbols.Next.Value);
        int live = _crypto.Vault.Live.Count;
        stream.Dispose();
        Assert.Null(stream.SymbolKey);
        Assert.Null(stream.BodyKey);
        Assert.True(_crypto.Vault.Live.Count <= live); // nothing is derived any more that nobody would erase
    }

    [Fact]
    public void Finish_EngineThatFails_HasSpentItsNumbersBefore()
    {
        ZoneEntry zone = TestNodes.Zone(_crypto.Provider, "z:work", 1, [_alice, _bob]);
        (PeerSession session, _) = TestNodes.Sessions(_crypto.Provider, _alice, _bob);
        using SealingStream stream = Stream(zone);
        var broken = new SealBatch<BrokenAead, PortableMac>();
        broken.Begin(_slab.Length, 256, 1);
        for (uint i = 0; i < 3; i++) broken.TryAdd(Object, 8, i, 0);
        Assert.Throws<InvalidOperationException>(() => broken.Finish(session, stream, new byte[256], _slab, TestNodes.Start, out _));
        Assert.Equal(4ul, stream.Symbols.Next.Value); // lost, never used again (S4)
    }

    [Fact]
    public void Finish_WhatWasSealed_IsCountedInFrameBytes()
    {
        ZoneEntry zone = TestNodes.Zone(_crypto.Provider, "z:work", 1, [_alice, _bob]);
        const int FrameBytes = 114 + 278;
        (PeerSession session, _) = TestNodes.Sessions(_crypto.Provider, _alice, _bob, limits: new SequencerLimits(1_000, 3 * FrameBytes, long.MaxValue));
        using SealingStream stream = Stream(zone, new SequencerLimits(1_000, 3 * FrameBytes, long.MaxValue));
        Assert.True(SealOne() && SealOne());
        Assert.False(session.WantsSuccessor(TestNodes.Start));
        Assert.True(SealOne());
        Assert.True(session.WantsSuccessor(TestNodes.Start)); // at its third frame, envelopes left out
        Assert.Equal(SequencerState.Sending, stream.Symbols.State);
        Assert.True(SealOne());
        Assert.Equal(SequencerState.Rekeying, stream.Symbols.State);
        Assert.True(SealOne() && SealOne());
        Assert.False(SealOne()); // twice the limit

        bool SealOne()
        {
            var batch = new SealBatch<LibsodiumAead, PortableMac>();
            batch.Begin(_slab.Length, 256, 1);
            batch.TryAdd(Object, 8, 0, 0);
            return batch.Finish(session, stream, new byte[256], _slab, TestNodes.Start, out _) == FcpStatus.Accepted;
        }
    }

    private static int Fill(SealBatch<LibsodiumAead, PortableMac> batch, int slabBytes, int symbolBytes, int perFrame, int framesMax = 256)
    {
        batch.Begin(slabBytes, symbolBytes, perFrame, framesMax);
        uint esi = 0;
        while (batch.TryAdd(Object, 256, esi, 0)) esi++;
        return batch.SymbolCount;
    }

    private PeerSession Unconfirmed() => new(
        _crypto.Provider, new SessionParameters(new SessionId(new Bytes16(4, 4)), _alice, false, MacSuite.Blake3, 1200), new byte[96], new LaneTable(),
        SequencerLimits.Default, TestNodes.Start);

    private SealingStream Stream(ZoneEntry zone, SequencerLimits? limits = null) => new(
        _crypto.Provider, zone.Ring, zone.Ring.Active!, _alice, new SenderInstanceId(77), limits ?? SequencerLimits.Default, TestNodes.Start);

    /// <summary>An engine that breaks in the middle, as memory or hardware may.</summary>
    private readonly struct BrokenAead : IAeadEngine
    {
        public void Seal(ReadOnlySpan<byte> key, scoped in AeadBatch batch) => throw new InvalidOperationException("broken");

        public int Open(ReadOnlySpan<byte> key, scoped in AeadBatch batch, Span<bool> opened) => throw new InvalidOperationException("broken");
    }
}
