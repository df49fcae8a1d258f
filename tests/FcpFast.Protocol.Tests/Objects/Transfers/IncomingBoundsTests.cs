using System;
using System.Linq;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Objects.Transfers;

/// <summary>[WIRE §16.9], [DESIGN §6]: what sources that mean harm may take of a receiver: files, segments, chunks, memory, time.</summary>
public sealed class IncomingBoundsTests
{
    private readonly ZoneKeyRing _ring = TestNodes.Zone(new RealCrypto().Provider, "z:work", 1, [TestNodes.Node("alice"), TestNodes.Node("bob")]).Ring;
    private readonly byte[] _content = new Random(5).Bytes(60_000);

    [Fact]
    public void Files_OfOneSourceAndOfAll_AreBounded()
    {
        var here = new ReceivingSide(_ring);
        for (ulong id = 0; id < 32; id++) Assert.Equal(FcpStatus.Accepted, here.File(1_000, id, $"f{id}"));
        Assert.Equal(FcpStatus.NoRoom, here.File(1_000, 99, "more"));
        Assert.Equal(FcpStatus.Accepted, here.File(1_000, 5, "f5")); // known ones are not more
        for (int source = 1; source < 8; source++)
        {
            for (ulong id = 0; id < 32; id++) Assert.Equal(FcpStatus.Accepted, here.File(1_000, id, $"f{id}", from: TestNodes.Node($"s{source}")));
        }

        Assert.Equal(256, here.Transfers.ActiveCount);
        Assert.Equal(FcpStatus.NoRoom, here.File(1_000, 1, "late", from: TestNodes.Node("late")));
        Assert.Equal(256, here.Transfers.Files.Count); // what was refused is not remembered
    }

    /// <summary>A source that gives transfers up tells nobody: they may not keep it, or others, from sending for ever.</summary>
    [Fact]
    public void Files_ThatStandStill_GiveTheirPlaceToOthersAndMayComeAgain()
    {
        var here = new ReceivingSide(_ring);
        for (ulong id = 0; id < 32; id++) Assert.Equal(FcpStatus.Accepted, here.File(1_000, id, $"f{id}"));
        here.Tick(599);
        Assert.Equal(FcpStatus.Accepted, here.File(1_000, 0, "f0")); // is heard of again
        Assert.Equal(FcpStatus.NoRoom, here.File(1_000, 99, "more"));
        here.Tick(2);
        Assert.Equal(FcpStatus.Accepted, here.File(1_000, 99, "more"));
        Assert.Equal(32, here.Transfers.ActiveCount);
        Assert.Contains(here.Transfers.Files, static file => file.Name == "f0");
        Assert.DoesNotContain(here.Transfers.Files, static file => file.Name == "f1");
        Assert.Equal(FcpStatus.Accepted, here.File(1_000, 1, "f1")); // in the place of the next one
        for (int source = 1; source < 8; source++)
        {
            for (ulong id = 0; id < 32; id++) Assert.Equal(FcpStatus.Accepted, here.File(1_000, id, $"f{id}", from: TestNodes.Node($"s{source}")));
        }

        Assert.Equal(FcpStatus.Accepted, here.File(1_000, 1, "late", from: TestNodes.Node("late"))); // alice's stand still
        Assert.Equal(256, here.Transfers.ActiveCount);
        here.Tick(300);
        Assert.Equal(FcpStatus.Accepted, here.File(1_000, 2, "later", from: TestNodes.Node("late")));
        Assert.Contains(here.Transfers.Files, static file => file.Source == TestNodes.Node("s1") && file.Name == "f0"); // others' are not that old
    }

    [Fact]
    public void FinishedFiles_WithoutEnd_AreForgottenOldestFirstAndCostNothingMeanwhile()
    {
        var here = new ReceivingSide(_ring);
        for (ulong id = 0; id < 5_000; id++)
        {
            Assert.Equal(FcpStatus.Accepted, here.File(0, id, $"f{id}"));
            here.Tick();
            here.Tick(1);
        }

        Assert.Equal((4_096, 0), (here.Transfers.Files.Count, here.Transfers.ActiveCount));
        Assert.Equal(0, here.Transfers.AwakeCount); // no tick or batch looks at one of them
        here.TakeStatuses();
        here.File(0, 4_999, "f4999");
        Assert.Equal(1, here.Transfers.AwakeCount);
        here.Tick(1);
        Assert.Equal(4_999ul, here.TakeStatuses().Single().Id); // and still they are answered for
        here.Tick(1);
        Assert.Equal(0, here.Transfers.AwakeCount);
        here.Tick(24 * 3600);
        here.Tick(60);
        Assert.Empty(here.Transfers.Files); // for a day
    }

    [Fact]
    public void Segments_OfOneFile_AreBoundedWhileTheyAreOpen()
    {
        var here = new ReceivingSide(_ring);
        here.File(6 * 65_536);
        here.Tick();
        byte[][] segments = [.. Enumerable.Range(0, 6).Select(static i => new Random(i).Bytes(65_536))];
        for (ulong index = 0; index < 4; index++) Assert.Equal(FcpStatus.Accepted, here.Segment(segments[index], index));
        Assert.Equal(FcpStatus.NoRoom, here.Segment(segments[4], index: 4));
        foreach (int chunk in Enumerable.Range(0, 8)) here.Symbols(ReceivingSide.Chunk(segments[2], chunk));
        here.Tick();
        Assert.Equal(FcpStatus.Accepted, here.Segment(segments[4], index: 4));
    }

    [Fact]
    public void Segments_ThatListOneChunkOverAndOver_AreCountedByTheirPlaces()
    {
        // One megabyte of zeroes in chunks of one kilobyte: a thousand places of a single chunk. Each place takes memory.
        var here = new ReceivingSide(_ring);
        byte[] zeroes = new byte[1024 * 1024];
        byte[] manifest = here.Manifest(zeroes, chunkBytes: 1024);
        int taken = 0;
        FcpStatus status = FcpStatus.Accepted;
        for (ulong id = 0; id < 32 && status == FcpStatus.Accepted; id++)
        {
            here.File(4 * zeroes.Length, id, $"f{id}", segmentBytes: zeroes.Length);
            here.Tick();
            for (ulong index = 0; index < 4 && status == FcpStatus.Accepted; index++)
            {
                status = here.Segment(zeroes, index, id, manifest: manifest);
                if (status == FcpStatus.Accepted) taken++;
            }
        }

        Assert.Equal((FcpStatus.NoRoom, TransferRules.ListedChunksPerSourceMax / 1024), (status, taken));
        Assert.Equal(1, here.Table.ChunkCount);
        NodeId other = TestNodes.Node("modest");
        here.File(zeroes.Length, 1, "other", segmentBytes: zeroes.Length, from: other);
        here.Tick();
        Assert.Equal(FcpStatus.Accepted, here.Segment(zeroes, 0, 1, other, manifest: manifest)); // there is room for others
    }

    [Fact]
    public void Symbols_OneOfEachChunk_TakeNoMoreThanTheArena()
    {
        var here = new ReceivingSide(_ring, arenaBytes: 64 * 1024);
        byte[] content = new Random(1).Bytes(256 * 1024);
        here.File(content.Length, segmentBytes: content.Length);
        here.Tick();
        here.Segment(content);
        FcpStatus[] statuses = [.. Enumerable.Range(0, 32).Select(chunk => here.Symbols(ReceivingSide.Chunk(content, chunk), [0]))];
        Assert.Equal(8, statuses.Count(static status => status == FcpStatus.Accepted));
        Assert.All(statuses[8..], static status => Assert.Equal(FcpStatus.NoRoom, status));
        Assert.Equal(0, here.Table.FreeBytes);
        here.Symbols(ReceivingSide.Chunk(content, 0), [.. Enumerable.Range(1, 7)]);
        here.Tick(); // written: its memory is free
        Assert.Equal(FcpStatus.Accepted, here.Symbols(ReceivingSide.Chunk(content, 20), [0]));
    }

    [Fact]
    public void Credit_OfEveryFile_IsItsShareOfWhatTheNodeTakes()
    {
        var here = new ReceivingSide(_ring, arenaBytes: 1024 * 1024, creditBytes: 400_000);
        for (ulong id = 0; id < 4; id++) here.File(_content.Length, id, $"f{id}");
        here.Tick();
        here.Tick(1);
        Assert.All(here.TakeStatuses(), static status => Assert.Equal(100_000ul, status.Credit));
        var narrow = new ReceivingSide(_ring, arenaBytes: 64 * 1024, creditBytes: 400_000);
        narrow.File(_content.Length);
        narrow.Tick();
        narrow.Tick(1);
        Assert.Equal(7 * 8 * 1024ul, narrow.TakeStatuses()[^1].Credit); // seven eighths of the memory, if that is less
    }

    [Fact]
    public void Status_WhileUnfinished_TellsWhatIsThereAndWhatIsMissing()
    {
        var here = new ReceivingSide(_ring);
        here.File(_content.Length);
        here.Tick();
        here.Segment(_content);
        here.Tick(0.1);
        here.TakeStatuses();
        here.Symbols(ReceivingSide.Chunk(_content, 0));
        here.Symbols(ReceivingSide.Chunk(_content, 2), [0, 1, 2, 5]);
        here.Tick();
        here.Tick(0.001);
        here.TakeStatuses();
        here.Tick(0.02); // what may only have been overtaken is not called missing at once
        ReceivingSide.ReadStatus status = here.TakeStatuses()[^1];
        Assert.Equal((0ul, 1), (status.Segment, status.Chunks.Length));
        Assert.Equal(0b0000_0001, status.Chunks[0]);
        Assert.Equal([1ul, 2ul], status.Missing.Select(static entry => entry.Chunk)); // 1 should have come before 2; nothing is known of those behind
        Assert.Equal(Enumerable.Repeat((byte)0xFF, 32), status.Missing[0].Esis);
        Assert.Equal([0b1101_1000], status.Missing[1].Esis);
    }

    [Fact]
    public void Status_OfAFile_NamesTheLastSegmentOnlyWhenTheFileHasItsName()
    {
        var here = new ReceivingSide(_ring);
        here.File(_content.Length);
        here.Tick();
        here.Segment(_content);
        here.Store.IsHeld = true;
        foreach (int chunk in Enumerable.Range(0, 8)) here.Symbols(ReceivingSide.Chunk(_content, chunk));
        here.Tick(1);
        Assert.All(here.TakeStatuses(), static status => Assert.Empty(status.Done));
        here.Store.IsHeld = false;
        here.Tick(1);
        here.Tick(1);
        Assert.Equal([new SegmentRange(0, 1)], here.TakeStatuses()[^1].Done);
    }

    [Fact]
    public void Status_WithoutProgress_BacksOffAndAnAnnouncementAsksForOneAtOnce()
    {
        var here = new ReceivingSide(_ring);
        here.File(_content.Length);
        here.Tick();
        int sent = 0;
        for (int second = 0; second < 120; second++)
        {
            here.Tick(1);
            sent += here.TakeStatuses().Count;
        }

        Assert.InRange(sent, 5, 12); // at once, then after 1, 2, 4, 8, 16, 30 seconds
        here.File(_content.Length);
        here.Tick();
        here.Tick(0.001);
        Assert.NotEmpty(here.TakeStatuses());
    }

    [Fact]
    public void Status_WithNoWayToItsSource_IsTriedAgain()
    {
        var here = new ReceivingSide(_ring);
        here.Outbox.IsDown = true;
        here.File(_content.Length);
        here.Tick();
        here.Tick(1);
        here.Outbox.IsDown = false;
        for (int second = 0; second < 31; second++) here.Tick(1);
        Assert.NotEmpty(here.TakeStatuses());
    }

    [Fact]
    public void AbandonAll_OfWhatIsUnderWay_LeavesItsPartsForALaterTry()
    {
        var here = new ReceivingSide(_ring);
        here.File(_content.Length, 1, "under way");
        here.File(0, 2, "finished");
        here.Tick();
        here.Transfers.AbandonAll();
        Assert.Equal(1, here.Store.Calls.Count(static call => call == "abandon"));
        Assert.Equal(2, here.Store.Parts.Count);
    }
}
