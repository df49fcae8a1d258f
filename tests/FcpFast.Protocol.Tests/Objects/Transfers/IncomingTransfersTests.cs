using System;
using System.Linq;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Objects.Transfers;

/// <summary>[WIRE §16.9], [WIRE §17]: files that come in, from announcement to name, and what goes wrong on the way.</summary>
public sealed class IncomingTransfersTests
{
    private readonly ZoneKeyRing _ring = TestNodes.Zone(new RealCrypto().Provider, "z:work", 1, [TestNodes.Node("alice"), TestNodes.Node("bob")]).Ring;
    private readonly byte[] _content = new Random(5).Bytes(60_000);

    [Fact]
    public void Receive_WholeFile_IsVerifiedWrittenAndNamed()
    {
        ReceivingSide here = Open(_content.Length);
        Assert.Equal(FcpStatus.Accepted, here.Segment(_content));
        foreach (int chunk in Enumerable.Range(0, 8).Reverse()) Assert.Equal(FcpStatus.Accepted, here.Symbols(ReceivingSide.Chunk(_content, chunk))); // in any order
        Assert.Equal(8, here.Store.Calls.Count(static call => call.StartsWith("write", StringComparison.Ordinal)));
        Assert.Empty(here.Store.Finished);
        here.Tick();
        Assert.Equal(_content, here.Store.Finished["file"]);
        Assert.Single(here.Observer.Received);
        IncomingFile file = here.Transfers.Files.Single();
        Assert.Equal((IncomingFileState.Finished, (ulong)_content.Length, 0), (file.State, file.CompleteBytes, here.Transfers.ActiveCount));
        Assert.Equal((0, here.Table.ArenaBytes), (here.Table.ChunkCount, here.Table.FreeBytes)); // nothing is held any more
    }

    [Fact]
    public void Receive_EmptyFile_HasItsNameAtOnce()
    {
        ReceivingSide here = Open(0);
        here.Tick();
        Assert.Empty(here.Store.Finished["file"]);
        Assert.Equal(FcpStatus.InvalidFile, here.Segment(_content)); // it has no segment
    }

    [Fact]
    public void Symbols_OfAWrongChunk_AreThrownAwayAndTheRightOnesTaken()
    {
        ReceivingSide here = Open(_content.Length);
        here.Segment(_content);
        byte[] right = ReceivingSide.Chunk(_content, 0), wrong = [.. right];
        wrong[5000] ^= 1;
        here.Symbols(wrong, claimedId: here.IdOf(right)); // sealed by a member, but not what its id says
        Assert.Equal(1, here.Counters[FcpStatus.ObjectIdMismatch]);
        Assert.DoesNotContain(here.Store.Calls, static call => call.StartsWith("write", StringComparison.Ordinal));
        Assert.Equal(here.Table.ArenaBytes, here.Table.FreeBytes);
        Assert.Equal(FcpStatus.Accepted, here.Symbols(right));
        Assert.Contains("write 0", here.Store.Calls);
    }

    [Fact]
    public void Symbols_TwiceOrOfUnknownChunks_ChangeNothing()
    {
        ReceivingSide here = Open(_content.Length);
        here.Segment(_content);
        byte[] chunk = ReceivingSide.Chunk(_content, 1);
        Assert.Equal(FcpStatus.Accepted, here.Symbols(chunk, [0, 1]));
        Assert.Equal(FcpStatus.SlotFilled, here.Symbols(chunk, [1]));
        Assert.Equal(FcpStatus.UnknownObject, here.Symbols(new byte[8192], [0]));
        Assert.Equal(FcpStatus.UnknownObject, here.Symbols(chunk, [2], from: TestNodes.Node("mallory"))); // another source's chunk of that id
        Assert.Equal(FcpStatus.Accepted, here.Symbols(chunk, [.. Enumerable.Range(2, 6)]));
        Assert.Equal(FcpStatus.UnknownObject, Late());

        FcpStatus Late()
        {
            here.Tick();
            return here.Symbols(chunk, [0]); // after it was written
        }
    }

    [Fact]
    public void Segment_ThatListsOneChunkInManyPlaces_IsFilledEverywhere()
    {
        byte[] same = [.. Enumerable.Repeat(ReceivingSide.Chunk(_content, 0), 4).SelectMany(static chunk => chunk), .. _content[..100]];
        ReceivingSide here = Open(same.Length);
        here.Segment(same);
        here.Symbols(ReceivingSide.Chunk(same, 0));
        here.Tick();
        here.Symbols(ReceivingSide.Chunk(same, 4));
        here.Tick();
        Assert.Equal(same, here.Store.Finished["file"]);
        Assert.Equal((ulong)same.Length, here.Transfers.Files.Single().CompleteBytes);
    }

    [Fact]
    public void Segments_OfTwoFilesThatShareAChunk_AreBothFilledByOneCopy()
    {
        byte[] first = [.. ReceivingSide.Chunk(_content, 0), .. ReceivingSide.Chunk(_content, 1)], second = [.. ReceivingSide.Chunk(_content, 1), 7];
        ReceivingSide here = Open(first.Length, id: 1, name: "first");
        here.File(second.Length, id: 2, name: "second");
        here.Tick();
        here.Segment(first, id: 1);
        here.Store.IsHeld = true;
        here.Symbols(ReceivingSide.Chunk(first, 1));
        here.Segment(second, id: 2); // announced while the chunk is being written for the first
        here.Store.IsHeld = false;
        here.Tick();
        here.Tick();
        here.Symbols([7]);
        here.Symbols(ReceivingSide.Chunk(first, 0));
        here.Tick();
        Assert.Equal(first, here.Store.Finished["first"]);
        Assert.Equal(second, here.Store.Finished["second"]);
        Assert.Equal(here.Table.ArenaBytes, here.Table.FreeBytes);
    }

    [Fact]
    public void Segment_ThatIsNotTheFiles_IsRefused()
    {
        ReceivingSide here = Open(100_000);
        byte[] whole = new Random(1).Bytes(65_536), rest = new Random(2).Bytes(100_000 - 65_536);
        Assert.Equal(FcpStatus.UnknownTransfer, here.Segment(whole, id: 9));
        Assert.Equal(FcpStatus.UnknownTransfer, here.Segment(whole, from: TestNodes.Node("mallory"))); // a transfer is its source's
        Assert.Equal(FcpStatus.InvalidFile, here.Segment(whole, index: 2));
        Assert.Equal(FcpStatus.InvalidFile, here.Segment(whole, index: ulong.MaxValue));
        Assert.Equal(FcpStatus.InvalidFile, here.Segment(rest, index: 0));
        Assert.Equal(FcpStatus.InvalidFile, here.Segment(whole, index: 1));
        Assert.Equal(FcpStatus.UnknownZoneKey, here.Segment(whole, keyId: new ObjectIdKeyId(new Bytes8(99))));
        Assert.Equal(0, here.Table.ChunkCount);
        Assert.Equal(FcpStatus.Accepted, here.Segment(whole));
        Assert.Equal(FcpStatus.Accepted, here.Segment(whole)); // said again
        Assert.Equal(8, here.Table.ChunkCount);
    }

    [Fact]
    public void Segment_WhoseChunkHasTwoLengths_IsRefusedWhole()
    {
        ReceivingSide here = Open(200_000, segmentBytes: 100_000);
        byte[] first = new Random(1).Bytes(100_000);
        here.Segment(first);
        int before = here.Table.ChunkCount;
        byte[] manifest = here.Manifest(first, chunkBytes: 16_384); // another cut, with an id of the first in it
        byte[] id = new byte[32], wanted = new byte[32];
        here.IdOf(first.AsSpan(0, 16_384)).Value.Write(id);
        here.IdOf(first.AsSpan(0, ReceivingSide.ChunkBytes)).Value.Write(wanted);
        wanted.CopyTo(manifest, manifest.AsSpan().IndexOf(id));
        Assert.Equal(FcpStatus.LengthMismatch, here.Segment(first, index: 1, manifest: manifest));
        Assert.Equal(before, here.Table.ChunkCount); // nothing is left of it
    }

    [Theory]
    [InlineData("open")]
    [InlineData("write")]
    [InlineData("finish")]
    public void Store_ThatFails_FailsTheFileAndTellsItsSource(string call)
    {
        ReceivingSide here = Open(_content.Length, failing: call);
        here.Segment(_content);
        foreach (int chunk in Enumerable.Range(0, 8)) here.Symbols(ReceivingSide.Chunk(_content, chunk));
        for (int i = 0; i < 3; i++) here.Tick();
        IncomingFile file = here.Transfers.Files.Single();
        Assert.Equal((IncomingFileState.Failed, call), (file.State, file.FailureDetail));
        Assert.Single(here.Observer.ReceiveFailures);
        Assert.Equal(1, here.Counters[FcpStatus.StorageFailed]);
        Assert.Equal((0, 0, here.Table.ArenaBytes), (here.Transfers.ActiveCount, here.Table.ChunkCount, here.Table.FreeBytes));
        Assert.Equal(FcpStatus.StorageFailed, here.Segment(_content));
        Assert.Contains(here.Outbox.Acks, static ack => ack.Reason == SymbolAckReason.ResourceExhausted);
        here.Store.Failing = null;
        here.File(_content.Length);
        Assert.Equal(IncomingFileState.Failed, here.Transfers.Files.Single().State); // not before its pause is over
        here.Now = here.Now.After(5);
        here.File(_content.Length);
        here.Tick();
        here.Segment(_content);
        foreach (int chunk in Enumerable.Range(0, 8)) here.Symbols(ReceivingSide.Chunk(_content, chunk));
        here.Tick();
        Assert.Equal(_content, here.Store.Finished["file"]);
    }

    [Fact]
    public void File_OfAnotherSizeOrName_StartsAnew()
    {
        ReceivingSide here = Open(_content.Length);
        here.Segment(_content);
        here.Symbols(ReceivingSide.Chunk(_content, 0), [0]);
        here.File(_content.Length, name: "renamed");
        Assert.Contains("abandon", here.Store.Calls);
        Assert.Equal((1, 1, 0), (here.Transfers.Files.Count, here.Transfers.ActiveCount, here.Table.ChunkCount));
        here.File(_content.Length, name: "renamed");
        Assert.Equal(2, here.Store.Calls.Count(static call => call == "open")); // the same again is the same
        here.File(_content.Length - 1, name: "renamed");
        Assert.Equal(3, here.Store.Calls.Count(static call => call == "open"));
    }

    [Fact]
    public void Resume_AfterAnotherProcess_TakesWhatIsOnDiskAndAsksForTheRest()
    {
        byte[] content = new Random(3).Bytes(150_000); // three segments
        ReceivingSide before = Open(content.Length);
        before.Segment(content[..65_536]);
        foreach (int chunk in Enumerable.Range(0, 8)) before.Symbols(ReceivingSide.Chunk(content, chunk));
        before.Tick();
        before.Segment(content[65_536..131_072], index: 1);
        before.Symbols(ReceivingSide.Chunk(content, 10));
        before.Tick();
        var store = new MemoryStore
        {
            Parts = before.Store.Parts, Written = before.Store.Written, ClosedSegments = before.Store.ClosedSegments, Resumes = true,
        };
        var after = new ReceivingSide(_ring, store: store);
        after.File(content.Length);
        after.Tick();
        Assert.Equal((ulong)65_536, after.Transfers.Files.Single().CompleteBytes);
        Assert.Equal([new SegmentRange(0, 1)], after.TakeStatuses().Single().Done);
        after.Segment(content[65_536..131_072], index: 1);
        Assert.Equal(0, after.Table.ChunkCount); // until the store has looked
        after.Tick(1);
        Assert.Equal(7, after.Table.ChunkCount);
        Assert.Equal([0b100], after.TakeStatuses().Single(static status => status.Segment == 1).Chunks);
        foreach (int chunk in Enumerable.Range(8, 8).Where(static chunk => chunk != 10)) after.Symbols(ReceivingSide.Chunk(content, chunk));
        after.Segment(content[131_072..], index: 2);
        after.Tick();
        foreach (int chunk in Enumerable.Range(16, 3)) after.Symbols(ReceivingSide.Chunk(content, chunk));
        after.Tick();
        Assert.Equal(content, store.Finished["file"]);
    }

    private ReceivingSide Open(int sizeBytes, ulong id = 1, string name = "file", int segmentBytes = 64 * 1024, string? failing = null)
    {
        var here = new ReceivingSide(_ring);
        here.Store.Failing = failing;
        Assert.Equal(FcpStatus.Accepted, here.File(sizeBytes, id, name, segmentBytes));
        here.Tick();
        return here;
    }
}
