using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Tests.Objects.Transfers;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Objects;

/// <summary>[WIRE §17], [WIRE §18]: chunks in assembly: places that are reserved, filled or released, and the memory behind them.</summary>
public sealed class AssemblyTableTests
{
    private const int ChunkBytes = 8 * 1024;

    private static readonly ZoneIdHash Zone = new(new Bytes32(1, 0, 0, 0)), Other = new(new Bytes32(2, 0, 0, 0));
    private static readonly NodeId Alice = TestNodes.Node("alice"), Bob = TestNodes.Node("bob");

    private readonly AssemblyTable _table = new(64 * 1024);
    private readonly IncomingSegment _segment = Segment();

    [Fact]
    public void Reserve_OfARunsSource_FindsItsChunksOnly()
    {
        ChunkAssembly hers = Announce(1)!, his = _table.Announce(Zone, Bob, Id(1), ChunkBytes, _segment, 1)!;
        Assert.NotSame(hers, his); // one source disturbs no other
        _table.Enter(Zone, Alice);
        Assert.Equal(FcpStatus.Accepted, Reserve(1, 0, out SymbolSlot slot));
        Assert.Equal(hers.Offset, slot.Offset);
        _table.Enter(Zone, Bob);
        Assert.Equal(FcpStatus.Accepted, Reserve(1, 0, out slot)); // not the one used last, though it has the same id
        Assert.Equal(his.Offset, slot.Offset);
        _table.Enter(Other, Alice);
        Assert.Equal(FcpStatus.UnknownObject, Reserve(1, 1, out _));
        Assert.Same(hers, _table.Find(Zone, Alice, Id(1)));
        Assert.Null(_table.Find(Other, Alice, Id(1)));
    }

    [Theory]
    [InlineData(1024, 0, 8, FcpStatus.Accepted)]
    [InlineData(1024, 7, 8, FcpStatus.Accepted)]
    [InlineData(1024, 8, 8, FcpStatus.InvalidEsi)] // repair symbols need a decoder
    [InlineData(1024, 1 << 23, 8, FcpStatus.InvalidEsi)]
    [InlineData(1024, 0, 7, FcpStatus.InvalidK)]
    [InlineData(1024, 0, 9, FcpStatus.InvalidK)]
    [InlineData(1028, 0, 8, FcpStatus.SymbolSizeOutOfRange)] // no multiple of 8
    [InlineData(1023, 0, 9, FcpStatus.SymbolSizeOutOfRange)]
    [InlineData(16_384, 0, 1, FcpStatus.Accepted)]
    [InlineData(256, 31, 32, FcpStatus.Accepted)]
    public void Reserve_FirstSymbolOfAChunk_IsHeldAgainstItsLength(int symbolBytes, int esi, ushort k, FcpStatus expected)
    {
        Announce(1);
        _table.Enter(Zone, Alice);
        Assert.Equal(expected, _table.Reserve(Id(1), symbolBytes, (uint)esi, k, out _));
        Assert.Equal(expected == FcpStatus.Accepted, _table.FreeBytes < _table.ArenaBytes);
    }

    [Fact]
    public void Reserve_ChunkOfMoreSymbolsThanAllowed_IsRefused()
    {
        _table.Announce(Zone, Alice, Id(1), 128 * 1024, _segment, 0);
        _table.Enter(Zone, Alice);
        Assert.Equal(FcpStatus.InvalidK, _table.Reserve(Id(1), 256, 0, 512, out _)); // K of at most 256
        Assert.Equal(FcpStatus.NoRoom, _table.Reserve(Id(1), 512, 0, 256, out _)); // and it must fit the memory
    }

    [Fact]
    public void Release_OfTheOnlySymbol_LetsAnotherSizeBeChosen()
    {
        Announce(1);
        _table.Enter(Zone, Alice);
        Assert.Equal(FcpStatus.Accepted, _table.Reserve(Id(1), 512, 3, 16, out SymbolSlot forged));
        Assert.Equal(FcpStatus.SymbolSizeOutOfRange, Reserve(1, 0, out _));
        _table.Release(forged); // it did not open: an unproven symbol must not fix the size
        Assert.Equal(_table.ArenaBytes, _table.FreeBytes);
        Assert.Equal(FcpStatus.Accepted, Reserve(1, 0, out SymbolSlot right));
        _table.Fill(right);
        Assert.Equal(FcpStatus.SlotFilled, Reserve(1, 0, out _));
    }

    [Fact]
    public void Announce_TheSameIdAgain_IsOneMorePlaceOrARefusal()
    {
        ChunkAssembly first = Announce(1)!;
        Assert.Same(first, _table.Announce(Zone, Alice, Id(1), ChunkBytes, _segment, 5));
        Assert.Equal([0, 5], first.Places.Select(static place => place.ChunkNumber));
        Assert.Null(_table.Announce(Zone, Alice, Id(1), ChunkBytes - 1, _segment, 6)); // one id has one length
        Assert.Equal(1, _table.ChunkCount);
    }

    [Fact]
    public void Withdraw_Twice_IsABrokenInvariant()
    {
        ChunkAssembly chunk = Announce(1)!;
        _table.Withdraw(chunk);
        Assert.Throws<InvalidOperationException>(() => _table.Withdraw(chunk));
    }

    [Fact]
    public void TryTakeComplete_OfChunksThatWereEmptiedOrWithdrawn_PassesOverThem()
    {
        ChunkAssembly emptied = Complete(1), withdrawn = Complete(2), whole = Complete(3);
        _table.Empty(emptied);
        _table.Withdraw(withdrawn);
        ChunkAssembly again = Announce(4)!; // takes the object of the one that was withdrawn
        Assert.Same(withdrawn, again);
        Assert.True(_table.TryTakeComplete(out ChunkAssembly? taken));
        Assert.Same(whole, taken);
        Assert.False(_table.TryTakeComplete(out _));
    }

    [Fact]
    public void Table_RandomUse_EqualsTheModel() => Seeded.Run(60, UseAtRandom);

    /// <summary>400 random uses, each held against a model of sets.</summary>
    internal static void UseAtRandom(Random random)
    {
        var table = new AssemblyTable(16 * ArenaAllocator.PageBytes);
        IncomingSegment segment = Segment();
        var chunks = new Dictionary<ulong, (ChunkAssembly Chunk, Dictionary<int, SymbolSlot> Reserved, HashSet<int> Filled)>();
        table.Enter(Zone, Alice);
        for (int step = 0; step < 400; step++)
        {
            ulong id = (ulong)random.Next(8);
            if (!chunks.TryGetValue(id, out (ChunkAssembly Chunk, Dictionary<int, SymbolSlot> Reserved, HashSet<int> Filled) known))
            {
                ChunkAssembly? added = table.Announce(Zone, Alice, Id(id), ChunkBytes, segment, (int)id);
                chunks[id] = (added!, [], []);
                table.Enter(Zone, Alice); // a run is entered anew once its source has announced
                continue;
            }

            int esi = random.Next(8);
            switch (random.Next(8))
            {
                case 0 when known.Reserved.Count == 0:
                    table.Withdraw(known.Chunk);
                    chunks.Remove(id);
                    break;
                case 1 or 2 when known.Reserved.Remove(esi, out SymbolSlot failed):
                    table.Release(failed);
                    break;
                case 3 or 4 when known.Reserved.Remove(esi, out SymbolSlot opened):
                    table.Fill(opened);
                    known.Filled.Add(esi);
                    break;
                default:
                    bool isHeld = known.Reserved.ContainsKey(esi) || known.Filled.Contains(esi);
                    bool hasMemory = known.Reserved.Count + known.Filled.Count > 0;
                    FcpStatus status = table.Reserve(Id(id), 1024, (uint)esi, 8, out SymbolSlot slot);
                    if (status == FcpStatus.Accepted) known.Reserved.Add(esi, slot);
                    Assert.Equal(isHeld ? FcpStatus.SlotFilled : hasMemory || table.FreeBytes > 0 || status == FcpStatus.Accepted ? FcpStatus.Accepted : FcpStatus.NoRoom, status);
                    break;
            }

            int holding = chunks.Values.Count(static chunk => chunk.Reserved.Count + chunk.Filled.Count > 0);
            Assert.Equal((chunks.Count, table.ArenaBytes - (holding * ChunkBytes)), (table.ChunkCount, table.FreeBytes));
            int[] offsets = [.. chunks.Values.Where(static chunk => chunk.Chunk.HasMemory).Select(static chunk => chunk.Chunk.Offset)];
            Assert.Equal(offsets.Length, offsets.Distinct().Count()); // no two chunks share memory
        }
    }

    private static ObjectId Id(ulong number) => new(new Bytes32(number, 7, 7, 7));

    /// <summary>A segment that chunks can be announced for; what it lists does not matter here.</summary>
    private static IncomingSegment Segment()
    {
        ZoneKeyRing ring = TestNodes.Zone(new RealCrypto().Provider, "z:work", 1, [Alice]).Ring;
        var here = new ReceivingSide(ring);
        here.File(1024);
        here.Tick();
        here.Segment(new byte[1024]);
        return here.Transfers.Files.Single().OpenSegments.Single();
    }

    private ChunkAssembly? Announce(ulong id) => _table.Announce(Zone, Alice, Id(id), ChunkBytes, _segment, 0);

    private FcpStatus Reserve(ulong id, uint esi, out SymbolSlot slot) => _table.Reserve(Id(id), 1024, esi, 8, out slot);

    private ChunkAssembly Complete(ulong id)
    {
        ChunkAssembly chunk = Announce(id)!;
        _table.Enter(Zone, Alice);
        for (uint esi = 0; esi < 8; esi++)
        {
            Assert.Equal(FcpStatus.Accepted, Reserve(id, esi, out SymbolSlot slot));
            _table.Fill(slot);
        }

        return chunk;
    }
}
