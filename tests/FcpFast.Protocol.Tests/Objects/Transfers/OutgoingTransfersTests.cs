using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Objects.Transfers;

/// <summary>[WIRE §16.9]: files that go out: what is said when, what is sent within which credit, and what is sent again.</summary>
public sealed class OutgoingTransfersTests
{
    private readonly ZoneKeyRing _ring = TestNodes.Zone(new RealCrypto().Provider, "z:work", 1, [TestNodes.Node("alice"), TestNodes.Node("bob")]).Ring;
    private readonly byte[] _content = new Random(5).Bytes(150_000); // segments of 8, 8 and 3 chunks

    [Fact]
    public void Announcements_AreRepeatedUntilAStatusNamesThem()
    {
        var here = new SendingSide(_ring);
        OutgoingFile file = here.Start(_content);
        int files = 0, segments = 0;
        for (int tenths = 0; tenths < 100; tenths++)
        {
            here.Tick(0.1);
            files += here.TakeBodies(FileBody.Schema);
            segments += here.TakeBodies(SegmentBody.Schema);
        }

        Assert.Equal(4, files); // at once, after 1, 3 and 7 seconds
        Assert.Equal(2, here.Outbox.Silent.Count); // at the second and the third; the next would be at the fifth
        Assert.Equal(3 * 4, segments); // two are read ahead of the one that is sent
        Assert.Empty(here.Plan()); // no symbol before the receiver knows its segment
        for (int seconds = 0; seconds < 6; seconds++)
        {
            Assert.Equal(FcpStatus.Accepted, here.Status(file, segment: 0));
            here.Tick(1);
        }

        Assert.Equal(0, here.TakeBodies(FileBody.Schema));
        Assert.Equal(2, here.TakeBodies(SegmentBody.Schema)); // those that no status has named
        here.Tick(30);
        Assert.Equal(1, here.TakeBodies(FileBody.Schema)); // who is silent that long may have forgotten it
    }

    [Fact]
    public void Slots_OfAFileThatNobodyAnswered_AreTakenForOneThatIsAnswered()
    {
        var here = new SendingSide(_ring, slots: 2);
        here.Start(_content, name: "waits");
        here.Tick();
        here.Tick();
        Assert.Equal(2, here.TakeBodies(SegmentBody.Schema)); // it holds both slots
        OutgoingFile taken = here.Start(_content, name: "taken");
        Assert.Equal(FcpStatus.Accepted, here.Status(taken));
        for (int i = 0; i < 3; i++) here.Tick();
        Assert.Equal(2, here.TakeBodies(SegmentBody.Schema));
        Assert.Equal(FcpStatus.Accepted, here.Status(taken, segment: 0));
        Assert.NotEmpty(here.Plan());
        Assert.Equal(FcpStatus.Accepted, here.Status(taken, done: [new SegmentRange(0, 3)]));
        Assert.Equal(OutgoingFileState.Completed, taken.State);
        for (int i = 0; i < 3; i++) here.Tick();
        Assert.Equal(2, here.TakeBodies(SegmentBody.Schema)); // now it may go on
    }

    [Fact]
    public void Announcements_WithNoWay_WaitAndComeAtOnceWhenThereIsOne()
    {
        var here = new SendingSide(_ring) { SymbolBytesNow = 0 };
        here.Start(_content);
        for (int i = 0; i < 10; i++) here.Tick(10);
        Assert.Empty(here.Outbox.Bodies);
        Assert.Equal(0, here.Source.Reads);
        here.SymbolBytesNow = SendingSide.SymbolBytes;
        here.Tick();
        Assert.Equal(1, here.TakeBodies(FileBody.Schema));
    }

    [Fact]
    public void Plan_OfAcknowledgedSegments_SendsEverySymbolOnceInOrder()
    {
        var here = new SendingSide(_ring);
        OutgoingFile file = Begin(here, _content);
        List<(ObjectId Object, ushort K, uint Esi, int Offset)> sent = Drain(here);
        Assert.Equal(64, sent.Count); // segment 0 alone: the others are not acknowledged
        Assert.Equal(64, sent.Select(static symbol => (symbol.Object, symbol.Esi)).Distinct().Count());
        Assert.All(sent.Index(), symbol => Assert.Equal((uint)symbol.Index % 8, symbol.Item.Esi));
        Assert.All(sent.Index(), symbol => Assert.Equal(
            _content.AsSpan(symbol.Index * 1024, 1024).ToArray(), here.Transfers.Memory.Slice(symbol.Item.Offset, 1024).ToArray()));
        here.Status(file, segment: 2);
        Assert.Empty(here.Plan()); // in order: 1 comes first
        here.Status(file, segment: 1);
        Assert.Equal(64 + 19, Drain(here).Count); // 18,928 bytes are 19 symbols, the last one padded
    }

    [Theory]
    [InlineData(0ul, 0)]
    [InlineData(1ul, 8)] // one chunk is always let through
    [InlineData(16_384ul, 16)]
    [InlineData(24_575ul, 16)]
    [InlineData(24_576ul, 24)]
    public void Plan_WithinTheCredit_HasNoMoreUnderWay(ulong credit, int symbols)
    {
        var here = new SendingSide(_ring);
        OutgoingFile file = Begin(here, _content, credit);
        Assert.Equal(symbols, Drain(here).Count);
        if (credit == 0) return;
        here.Status(file, credit: credit, segment: 0, chunks: [1]); // one of them is complete
        Assert.Equal(8, Drain(here).Count);
    }

    [Fact]
    public void Plan_WithinTheRateAndTheSlab_GoesOnWhereItStopped()
    {
        var here = new SendingSide(_ring);
        Begin(here, _content);
        var planner = new ListPlanner();
        Assert.NotNull(here.Transfers.Plan(SendingSide.Receiver, planner, 3 * 1024, 1024, here.Now, out bool isPaced));
        Assert.Equal((3, true), (planner.Symbols.Count, isPaced)); // the rate held it back
        planner = new ListPlanner(5);
        here.Transfers.Plan(SendingSide.Receiver, planner, 1 << 20, 1024, here.Now, out isPaced);
        Assert.Equal((5, false), (planner.Symbols.Count, isPaced)); // the slab was full
        Assert.Equal(64 - 8, Drain(here).Count);
        Assert.Null(here.Transfers.Plan(SendingSide.Receiver, new ListPlanner(), 1 << 20, 1024, here.Now, out isPaced));
        Assert.False(isPaced); // there was nothing to send
    }

    [Fact]
    public void Plan_OfSeveralFiles_TakesTurnsAndKeepsToTheNode()
    {
        var here = new SendingSide(_ring, slots: 9);
        NodeId carol = TestNodes.Node("carol");
        OutgoingFile[] files = [here.Start(_content, name: "a"), here.Start(_content, name: "b"), here.Start(_content, name: "c", to: carol)];
        here.Tick();
        here.Tick();
        foreach (OutgoingFile file in files) here.Status(file, segment: 0);
        OutgoingFile?[] planned = [.. Enumerable.Range(0, 4).Select(_ => here.Transfers.Plan(SendingSide.Receiver, new ListPlanner(4), 1 << 20, 1024, here.Now, out bool _))];
        Assert.Equal([files[0], files[1], files[0], files[1]], planned);
        Assert.Equal([SendingSide.Receiver, carol], here.Transfers.Destinations);
        Assert.All(here.Plan(to: carol), static symbol => Assert.Equal(8, symbol.K));
    }

    [Fact]
    public void Plan_EqualChunks_AreSentOnce()
    {
        byte[] zeroes = new byte[64 * 1024];
        var here = new SendingSide(_ring);
        OutgoingFile file = Begin(here, zeroes);
        Assert.Equal(8, Drain(here).Count);
        here.Status(file, segment: 0, chunks: [0xFF]); // the receiver has filled every place with it
        Assert.Equal((ulong)zeroes.Length, file.CompleteBytes);
    }

    [Fact]
    public void Status_OfAReceiverThatHasOnlyTheFirstOfEqualChunks_BringsTheOthers()
    {
        // It took the file up again: the first place is on its disk, the fifth is not.
        byte[] content = [.. _content[..32_768], .. _content[..8_192]];
        var here = new SendingSide(_ring);
        OutgoingFile file = Begin(here, content);
        here.Status(file, segment: 0, chunks: [0b0000_1111]);
        List<(ObjectId Object, ushort K, uint Esi, int Offset)> sent = Drain(here);
        Assert.Equal(8, sent.Count);
        Assert.Single(sent.Select(static symbol => symbol.Object).Distinct());
        for (int i = 0; i < 5; i++) here.Status(file, segment: 0, chunks: [0b0000_1111]);
        Assert.Empty(Drain(here)); // it may still be on its way
        here.Now = here.Now.After(2);
        here.Status(file, segment: 0, chunks: [0b0000_1111]);
        Assert.Equal(8, Drain(here).Count); // lost
        here.Status(file, done: [new SegmentRange(0, 1)]);
        Assert.Single(here.Observer.Sent);
    }

    [Fact]
    public void Restart_OfTheWay_AnnouncesAndSendsEverythingAgain()
    {
        var here = new SendingSide(_ring);
        OutgoingFile file = Begin(here, _content);
        Drain(here);
        here.Outbox.Bodies.Clear();
        here.Transfers.Restart(SendingSide.Receiver, here.Now);
        Assert.Equal(0ul, file.UnderWayBytes);
        here.Tick();
        Assert.Equal(1, here.TakeBodies(FileBody.Schema));
        Assert.Equal(3, here.TakeBodies(SegmentBody.Schema));
        Assert.Empty(here.Plan());
        here.Status(file, segment: 0);
        Assert.Equal(64, Drain(here).Count);
    }

    [Fact]
    public void Tick_WithAnotherSymbolSize_ReadsTheSegmentsAnew()
    {
        var here = new SendingSide(_ring);
        OutgoingFile file = Begin(here, _content);
        Assert.Equal(3, here.Source.TakenSlots);
        here.SymbolBytesNow = 2048;
        here.Tick();
        here.Tick();
        Assert.Equal((6, 3), (here.Source.Reads, here.Source.TakenSlots));
        Assert.Empty(here.Plan()); // the planner's size is the old one
        here.Status(file, segment: 0);
        var planner = new ListPlanner();
        here.Transfers.Plan(SendingSide.Receiver, planner, 1 << 20, 2048, here.Now, out _);
        Assert.All(planner.Symbols, static symbol => Assert.Equal(4, symbol.K));
    }

    [Fact]
    public void Source_ThatFails_FailsTheFileAndNoOther()
    {
        var here = new SendingSide(_ring, slots: 9);
        OutgoingFile good = here.Start(_content, name: "good");
        here.Tick();
        here.Tick();
        here.Source.Failure = "the disk is gone";
        OutgoingFile bad = here.Start(_content, name: "bad");
        here.Tick();
        here.Tick();
        Assert.Equal((OutgoingFileState.Failed, "the disk is gone"), (bad.State, bad.FailureDetail));
        Assert.Equal(OutgoingFileState.Sending, good.State);
        Assert.Equal([bad], here.Observer.SendFailures);
        Assert.Equal([good], here.Transfers.Files);
    }

    [Fact]
    public void Cancel_WhileSegmentsAreRead_GivesEverySlotBack()
    {
        var here = new SendingSide(_ring);
        OutgoingFile file = here.Start(_content);
        here.Tick();
        here.Source.IsHeld = true;
        Assert.Equal(3, here.Source.TakenSlots);
        here.Transfers.Cancel(file);
        here.Transfers.Cancel(file);
        Assert.Equal(OutgoingFileState.Canceled, file.State);
        here.Source.IsHeld = false;
        here.Tick();
        Assert.Equal(0, here.Source.TakenSlots);
        Assert.False(here.Transfers.HasFileTo(SendingSide.Receiver));
        Assert.Empty(here.Transfers.Destinations);
        Assert.Equal(FcpStatus.UnknownTransfer, here.Status(file));
    }

    /// <summary>[WIRE §12.4]: nothing is taken for sent that cannot be sealed, and another zone's files do not wait for it.</summary>
    [Fact]
    public void Plan_WhileAZoneSealsNothing_LeavesItsSymbolsForLater()
    {
        var here = new SendingSide(_ring);
        using ZoneKeyRing other = TestNodes.Zone(new RealCrypto().Provider, "z:other", 2, [TestNodes.Node("alice"), TestNodes.Node("bob")]).Ring;
        Begin(here, _content);
        Begin(here, _content, ring: other);
        here.Outbox.Paused.Add(_ring.Zone);
        List<(ObjectId Object, ushort K, uint Esi, int Offset)> ofOther = Drain(here);
        here.Outbox.Paused.Clear();
        here.Outbox.Paused.Add(other.Zone);
        List<(ObjectId Object, ushort K, uint Esi, int Offset)> later = Drain(here);
        Assert.Equal(64, ofOther.Count); // a segment each
        Assert.Equal(64, later.Count);
        Assert.Equal(128, ofOther.Concat(later).Select(static symbol => (symbol.Object, symbol.Esi)).Distinct().Count());
    }

    private static OutgoingFile Begin(SendingSide here, byte[] content, ulong credit = 1 << 30, ZoneKeyRing? ring = null)
    {
        OutgoingFile file = here.Start(content, ring: ring);
        here.Tick();
        here.Tick();
        Assert.Equal(FcpStatus.Accepted, here.Status(file, credit: credit, segment: 0));
        return file;
    }

    private static List<(ObjectId Object, ushort K, uint Esi, int Offset)> Drain(SendingSide here)
    {
        var all = new List<(ObjectId, ushort, uint, int)>();
        for (List<(ObjectId, ushort, uint, int)> some = here.Plan(); some.Count > 0; some = here.Plan()) all.AddRange(some);
        return all;
    }
}
