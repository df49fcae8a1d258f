using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Fuzz.Runs;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Tests.Objects.Transfers;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Fuzz.Targets;

/// <summary>
/// Reassembly of files from what a member announces and sends, right or wrong, in any order, over a store that may be slow or fail. Whatever comes: the arena keeps
/// its bounds, statuses are ones that a sender accepts, and a file that is finished has the bytes that its source announced.
/// </summary>
/// <remarks>Source: [WIRE §16.9], [WIRE §17], [WIRE §18].</remarks>
internal static class TransferTarget
{
    private const int SegmentBytes = 64 * 1024;

    private static readonly int[] Sizes = [1, 1023, 1024, 8 * 1024, SegmentBytes, SegmentBytes + 1, (2 * SegmentBytes) + 5000];
    private static readonly string[] Faults = ["open", "inspect", "write", "finish"];

    public static IEnumerable<FuzzTarget> All { get; } =
    [
        new("transfers", static input => InputRandom.Run(input, Course), Seeds) { InputBytesMax = 1024, AllocatedBytesMax = long.MaxValue / 4 },
    ];

    private static string? Course(Random random)
    {
        NodeId alice = TestNodes.Node("alice"), bob = TestNodes.Node("bob");
        ZoneKeyRing ring = TestNodes.Zone(new RealCrypto().Provider, "z:work", 1, [alice, bob]).Ring;
        var here = new ReceivingSide(ring, arenaBytes: 128 * 1024, creditBytes: 64 * 1024);
        var contradicted = new HashSet<ulong>();
        for (int step = 0, judged = 0; step < 300; step++)
        {
            Step(here, random, contradicted);
            FuzzFinding.Unless(here.Table.FreeBytes >= 0 && here.Table.FreeBytes <= here.Table.ArenaBytes, "chunks lie within the arena");
            _ = here.TakeStatuses(); // each of them must be one that a sender accepts
            for (; judged < here.Observer.Received.Count; judged++) // once, when it is finished: another of its name may follow
            {
                IncomingFile file = here.Observer.Received[judged];
                if (contradicted.Contains(file.Id.Value.Word0)) continue;
                byte[] right = Content(file.Id.Value.Word0, (int)file.Shape.SizeBytes);
                FuzzFinding.Unless(here.Store.Finished[file.Name].AsSpan().SequenceEqual(right), $"{file.Name} was finished with other bytes than its source announced");
            }
        }

        return null;
    }

    private static void Step(ReceivingSide here, Random random, HashSet<ulong> contradicted)
    {
        ulong id = (ulong)random.Next(1, 4);
        int size = Sizes[(int)(id + (ulong)random.Next(2)) % Sizes.Length]; // one of two: a file announced anew with another size
        byte[] content = Content(id, size);
        int index = random.Next((size / SegmentBytes) + 1);
        byte[] segment = content[Math.Min(index * SegmentBytes, size - 1)..Math.Min((index + 1) * SegmentBytes, size)];
        byte[] chunk = ReceivingSide.Chunk(segment, random.Next((segment.Length + ReceivingSide.ChunkBytes - 1) / ReceivingSide.ChunkBytes));
        switch (random.Next(12))
        {
            case 0:
                here.File(size, id, $"file-{id}", SegmentBytes);
                break;
            case 1:
                here.Segment(segment, (ulong)index, id);
                break;
            case 2:
                int place = random.Next(4);
                if (place != index) contradicted.Add(id); // a source that announces one segment in the place of another gets what it announced
                here.Segment(segment, (ulong)place, id, chunkBytes: random.Next(2) == 0 ? 1024 : 16 * 1024);
                break;
            case 3: // a symbol of whatever size, number and count
                byte[] data = new byte[8 * random.Next(32, 300)];
                here.Symbol(here.IdOf(chunk), (uint)random.Next(300), (ushort)random.Next(300), data);
                here.Transfers.AfterBatch();
                here.Transfers.NoteArrivals();
                break;
            case 4: // right in form, wrong in content: the chunk must fail its own check
                byte[] wrong = [.. chunk];
                wrong[^1] ^= 1;
                here.Symbols(wrong, claimedId: here.IdOf(chunk));
                break;
            case 5:
                here.Symbols(chunk, [random.Next((chunk.Length + 1023) / 1024)]);
                break;
            case 6:
                here.Store.IsHeld = !here.Store.IsHeld;
                break;
            case 7:
                here.Store.Failing = random.Next(2) == 0 ? Faults[random.Next(Faults.Length)] : null;
                break;
            case 8 or 9:
                here.Tick(random.Next(3) switch { 0 => 0, 1 => 1, _ => 31 });
                break;
            default:
                here.Symbols(chunk);
                break;
        }
    }

    private static byte[] Content(ulong id, int size)
    {
        byte[] content = new byte[size];
        new Random((int)id).NextBytes(content);
        return content;
    }

    private static IEnumerable<byte[]> Seeds() => Enumerable.Range(1, 8).Select(static seed =>
    {
        byte[] dice = new byte[600];
        new Random(seed).NextBytes(dice);
        return dice;
    });
}
