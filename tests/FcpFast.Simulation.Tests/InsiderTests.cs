using System;
using System.Linq;
using System.Text;
using FcpFast.Node;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;
using FcpFast.Simulation.Tests.Support;

namespace FcpFast.Simulation.Tests;

/// <summary>[WIRE §16.8], [WIRE §16.9], [WIRE §17]: a member with real keys that does not keep the rules harms itself only.</summary>
public sealed class InsiderTests
{
    private const int ChunkBytes = 4096;
    private const int SymbolBytes = 1024;

    private readonly CborWriter _writer = new(4096);

    [Fact]
    public void Symbols_OfUnknownObjects_TakeNoMemory()
    {
        using var solo = new Solo(1);
        ObjectId unknown = ObjectId.Read(solo.Random.Bytes(32));
        Assert.Equal(8, solo.Counted(FcpStatus.UnknownObject, () => solo.Carol.SendSymbols(Duo.Zone, unknown, 64, SymbolBytes, solo.Random.Bytes(8 * SymbolBytes))));
        Assert.Equal(0, solo.Bob.Core.AssemblyBytes);
    }

    [Fact]
    public void Symbols_ThatDoNotFitTheirChunk_AreRefusedByName()
    {
        using var solo = new Solo(2);
        ObjectId[] ids = OfferOne(solo, "file", out byte[] content);
        byte[] one = content[..SymbolBytes];
        Assert.Equal(1, solo.Counted(FcpStatus.InvalidK, () => solo.Carol.SendSymbols(Duo.Zone, ids[0], 5, SymbolBytes, one)));
        Assert.Equal(1, solo.Counted(FcpStatus.InvalidEsi, () => solo.Carol.SendSymbols(Duo.Zone, ids[0], 4, SymbolBytes, one, 4)));
        Assert.Equal(1, solo.Counted(FcpStatus.SymbolSizeOutOfRange, () => solo.Carol.SendSymbols(Duo.Zone, ids[0], 16, 257, new byte[257])));
        solo.Carol.SendSymbols(Duo.Zone, ids[0], 4, SymbolBytes, one);
        Assert.Equal(1, solo.Counted(FcpStatus.SlotFilled, () => solo.Carol.SendSymbols(Duo.Zone, ids[0], 4, SymbolBytes, one)));
        Assert.Equal(1, solo.Counted(FcpStatus.SymbolSizeOutOfRange, () => solo.Carol.SendSymbols(Duo.Zone, ids[0], 8, 512, new byte[512], 1)));
        Assert.Equal(1, solo.Counted(FcpStatus.InvalidK, () => solo.Carol.SendSymbols(Duo.Zone, ids[0], 3, SymbolBytes, one, 1)));
        solo.Carol.SendSymbols(Duo.Zone, ids[0], 4, SymbolBytes, content[SymbolBytes..], 1);
        solo.WaitFor(() => solo.Bob.Log.Received.Count == 1, "the file arrives all the same");
        Assert.Equal(content, solo.Bob.Disk.Files["file"]);
    }

    [Fact]
    public void Chunk_WhoseBytesAreNotItsId_IsNeverDeliveredAndCanBeSentAgain()
    {
        using var solo = new Solo(3);
        ObjectId[] ids = OfferOne(solo, "file", out byte[] content);
        byte[] wrong = (byte[])content.Clone();
        wrong[^1] ^= 1;
        Assert.Equal(1, solo.Counted(FcpStatus.ObjectIdMismatch, () => solo.Carol.SendSymbols(Duo.Zone, ids[0], 4, SymbolBytes, wrong)));
        Assert.Equal(0, solo.Bob.Core.AssemblyBytes);
        Assert.Empty(solo.Bob.Log.Received);
        solo.Carol.SendSymbols(Duo.Zone, ids[0], 4, SymbolBytes, content);
        solo.WaitFor(() => solo.Bob.Log.Received.Count == 1, "the right bytes arrive");
        Assert.Equal(content, solo.Bob.Disk.Files["file"]);
    }

    /// <summary>[WIRE §19] (decodes in flight): so many chunks may be wrong at once; one more fails the file, and its chunks take nothing any more.</summary>
    [Fact]
    public void Chunks_ThatAreWrongBeyondTheBudget_FailTheFileAndNoOther()
    {
        const int Chunks = 4;
        using var solo = new Solo(10, static plan => plan with { Options = plan.Options with { Admission = plan.Options.Admission with { DecodesInFlight = 2 } } });
        ObjectId[] right = OfferOne(solo, "right", out byte[] rightContent);
        TransferId id = Id(solo);
        byte[] content = solo.Random.Bytes(Chunks * ChunkBytes), wrong = solo.Random.Bytes(ChunkBytes);
        solo.Announce(id, "wrong", (ulong)content.Length);
        solo.Run();
        ObjectId[] ids = solo.Announce(id, 0, content, ChunkBytes);
        solo.Run();
        for (int i = 0; i < 3; i++) Assert.Equal(1, solo.Counted(FcpStatus.ObjectIdMismatch, () => solo.Carol.SendSymbols(Duo.Zone, ids[0], 4, SymbolBytes, wrong))); // one chunk, again and again
        Assert.Equal(1, solo.Counted(FcpStatus.ObjectIdMismatch, () => solo.Carol.SendSymbols(Duo.Zone, ids[1], 4, SymbolBytes, wrong)));
        Assert.Empty(solo.Bob.Log.Refused);
        Assert.Equal(1, solo.Counted(FcpStatus.DecodeCapacityExceeded, () => solo.Carol.SendSymbols(Duo.Zone, ids[2], 4, SymbolBytes, wrong)));
        Assert.Single(solo.Bob.Log.Refused);
        Assert.Equal(4, solo.Counted(FcpStatus.UnknownObject, () => solo.Carol.SendSymbols(Duo.Zone, ids[3], 4, SymbolBytes, wrong)));
        Assert.Equal(0, solo.Bob.Core.AssemblyBytes);
        solo.Carol.SendSymbols(Duo.Zone, right[0], 4, SymbolBytes, rightContent);
        solo.WaitFor(() => solo.Bob.Log.Received.Count == 1, "the other file arrives");
        Assert.Equal(rightContent, solo.Bob.Disk.Files["right"]);
    }

    /// <summary>[WIRE §19] (decode CPU): wrong chunks are charged with what they took; beyond the budget the first wrong one fails its file.</summary>
    [Fact]
    public void Chunks_ThatAreWrongBeyondTheirTime_FailTheFile()
    {
        using var solo = new Solo(11, static plan => plan with { Options = plan.Options with { Admission = plan.Options.Admission with { DecodeCpuMillisecondsPerMinute = 0 } } });
        ObjectId[] ids = OfferOne(solo, "file", out byte[] content);
        byte[] wrong = (byte[])content.Clone();
        wrong[0] ^= 1;
        Assert.Equal(1, solo.Counted(FcpStatus.DecodeCpuBudgetExceeded, () => solo.Carol.SendSymbols(Duo.Zone, ids[0], 4, SymbolBytes, wrong)));
        Assert.Single(solo.Bob.Log.Refused);
        ids = OfferOne(solo, "another", out content); // what is right costs nothing of it
        solo.Carol.SendSymbols(Duo.Zone, ids[0], 4, SymbolBytes, content);
        solo.WaitFor(() => solo.Bob.Log.Received.Count == 1, "another file arrives");
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a\0b")]
    [InlineData("")]
    public void File_OfAHostileName_IsRefused(string name)
    {
        using var solo = new Solo(4);
        Assert.Equal(1, solo.Counted(FcpStatus.InvalidName, () => solo.Carol.SendBody(Duo.Zone, RawFile(Id(solo), name, 100, 65_536))));
        Assert.Empty(solo.Bob.Log.Opened);
    }

    [Fact]
    public void Announcements_ThatContradictThemselves_AreRefusedByName()
    {
        using var solo = new Solo(5);
        TransferId id = Id(solo);
        Assert.Equal(1, solo.Counted(FcpStatus.InvalidFile, () => solo.Carol.SendBody(Duo.Zone, RawFile(id, "file", 100, 1000))));
        Assert.Equal(1, solo.Counted(FcpStatus.InvalidFile, () => solo.Carol.SendBody(Duo.Zone, RawFile(id, "file", (1ul << 48) + 1, 65_536))));
        Assert.Equal(1, solo.Counted(FcpStatus.UnknownTransfer, () => solo.Announce(id, 0, solo.Random.Bytes(100), ChunkBytes)));
        solo.Announce(id, "file", 100_000);
        solo.Run();
        Assert.Equal(1, solo.Counted(FcpStatus.InvalidFile, () => solo.Announce(id, 2, solo.Random.Bytes(100), ChunkBytes)));
        Assert.Equal(1, solo.Counted(FcpStatus.InvalidFile, () => solo.Announce(id, 1, solo.Random.Bytes(100), ChunkBytes)));
        Assert.Equal(0, solo.Bob.Core.AssemblyBytes);
    }

    [Fact]
    public void Statuses_ThatTellWhatCannotBe_AreRefusedAndChangeNothing()
    {
        using var solo = new Solo(6);
        OutgoingFile file = solo.Bob.Send("offered", solo.Random.Bytes(100_000), solo.Carol.Member);
        solo.WaitFor(() => solo.Carol.Bodies(Duo.Zone, SegmentBody.Schema).Length > 0, "the segment is announced");
        Assert.Equal(1, solo.Counted(FcpStatus.UnknownTransfer, () => Status(solo, Id(solo), [])));
        Assert.Equal(1, solo.Counted(FcpStatus.InvalidStatus, () => Status(solo, file.Id, [new SegmentRange(0, 2)])));
        Assert.Equal(1, solo.Counted(FcpStatus.InvalidStatus, () => Status(solo, file.Id, [new SegmentRange(1, 1)])));
        Assert.Equal(1, solo.Counted(FcpStatus.InvalidStatus, () => Status(solo, file.Id, [new SegmentRange(ulong.MaxValue - 1, 1)])));
        Assert.Equal(OutgoingFileState.Sending, file.State);
        Assert.Equal(0ul, file.CompleteBytes);
        Status(solo, file.Id, [new SegmentRange(0, 1)]);
        solo.Run();
        Assert.Equal(OutgoingFileState.Completed, file.State); // a receiver may lie to its own harm
    }

    [Fact]
    public void Files_MoreThanOneSourceMayHave_AreRefused()
    {
        using var solo = new Solo(7);
        for (int i = 0; i < TransferRules.IncomingPerSourceMax; i++) solo.Announce(Id(solo), $"file {i}", 1000);
        solo.Run();
        Assert.Equal(1, solo.Counted(FcpStatus.NoRoom, () => solo.Announce(Id(solo), "one more", 1000)));
        Works(solo);
    }

    /// <summary>One symbol of each of so many chunks that all memory is taken: others must still get their share.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Symbols_OfMoreChunksThanThereIsMemory_DoNotKeepOthersOut(bool isRefreshed)
    {
        const int Chunks = 600;
        using var solo = new Solo(8, static plan => plan with { Options = plan.Options with { AssemblyBytes = 1024 * 1024, CreditBytesMax = 512 * 1024 } });
        TransferId id = Id(solo);
        byte[] content = solo.Random.Bytes(Chunks * ChunkBytes);
        solo.Announce(id, "hoard", (ulong)content.Length, 64 * 1024 * 1024);
        solo.Run();
        ObjectId[] ids = solo.Announce(id, 0, content, ChunkBytes);
        solo.Run();
        void Hoard(uint esi)
        {
            for (int i = 0; i < Chunks; i++) solo.Carol.SendSymbols(Duo.Zone, ids[i], 4, SymbolBytes, content.AsSpan((i * ChunkBytes) + ((int)esi * SymbolBytes), SymbolBytes).ToArray(), esi);
        }

        Hoard(0);
        solo.Run();
        Assert.True(solo.Bob.Core.AssemblyBytes > 900 * 1024, "the memory is full");
        solo.Alice.Start();
        solo.WaitFor(() => solo.Alice.Core.StateOf(solo.Bob.Id) == LinkState.Ready, "alice is connected");
        if (isRefreshed)
        {
            for (uint second = 0; second < 20; second++)
            {
                uint esi = second % 3;
                solo.World.At(solo.World.NowTicks + TimeSpan.FromSeconds(second).Ticks, () => Hoard(esi));
            }
        }

        Works(solo);
        Assert.True(solo.Bob.Core.AssemblyBytes <= 1024 * 1024);
    }

    [Fact]
    public void Segments_OfMoreChunksThanOneSourceMayHave_AreRefusedAndOthersAreNot()
    {
        using var solo = new Solo(9);
        const int Bytes = 64 * 1024 * 1024;
        long refused = solo.Counted(FcpStatus.NoRoom, () =>
        {
            TransferId id = Id(solo);
            solo.Announce(id, "many", 4ul * Bytes, Bytes);
            solo.Run();
            for (ulong segment = 0; segment < 3; segment++)
            {
                solo.Announce(id, segment, Bytes, 2048, [.. Enumerable.Range(0, Bytes / 2048).Select(number => ObjectId.Read(Unique(number, segment)))]);
            }
        });
        Assert.Equal(1, refused); // two are all that one source may list
        solo.Alice.Start();
        solo.WaitFor(() => solo.Alice.Core.StateOf(solo.Bob.Id) == LinkState.Ready, "alice is connected");
        Works(solo);
    }

    private static byte[] Unique(int number, ulong segment)
    {
        byte[] id = new byte[32];
        BitConverter.TryWriteBytes(id, number);
        BitConverter.TryWriteBytes(id.AsSpan(8), segment);
        return id;
    }

    /// <summary>A file of another member arrives.</summary>
    private static void Works(Solo solo)
    {
        if (!solo.Alice.IsUp) solo.Alice.Start();
        byte[] content = solo.Random.Bytes(2_000_000);
        OutgoingFile file = solo.Alice.Send("honest", content, solo.Bob.Member);
        solo.WaitFor(() => file.State == OutgoingFileState.Completed, "the file of an honest member arrives", TimeSpan.FromSeconds(20));
        Assert.Equal(content, solo.Bob.Disk.Files["honest"]);
    }

    private static TransferId Id(Solo solo) => new(Bytes16.Read(solo.Random.Bytes(16)));

    /// <summary>A file of one chunk, announced and known to the receiver.</summary>
    private static ObjectId[] OfferOne(Solo solo, string name, out byte[] content)
    {
        TransferId id = Id(solo);
        content = solo.Random.Bytes(ChunkBytes);
        solo.Announce(id, name, ChunkBytes);
        solo.Run();
        ObjectId[] ids = solo.Announce(id, 0, content, ChunkBytes);
        solo.Run();
        return ids;
    }

    private void Status(Solo solo, TransferId id, SegmentRange[] done)
    {
        TransferStatusBody.Write(_writer.Reset(), id, done, 1_000_000);
        solo.Carol.SendBody(Duo.Zone, _writer.Written);
    }

    /// <summary>A File body that its own writer would refuse to write.</summary>
    private byte[] RawFile(TransferId id, string name, ulong bytes, ulong segmentBytes)
    {
        _writer.Reset();
        _writer.BeginPayload(FileBody.Schema);
        _writer.BeginMap(4);
        _writer.Key("name"u8);
        _writer.Text(Encoding.UTF8.GetBytes(name));
        _writer.Key("size"u8);
        _writer.Unsigned(bytes);
        _writer.Key("transfer_id"u8);
        _writer.Bytes(id.Value);
        _writer.Key("segment_bytes"u8);
        _writer.Unsigned(segmentBytes);
        return _writer.ToArray();
    }
}
