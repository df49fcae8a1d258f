using System;
using System.Linq;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Objects.Transfers;

/// <summary>[WIRE §16.9]: both halves of transfers against each other, on good and bad paths.</summary>
public sealed class TransferPairTests
{
    private readonly ZoneKeyRing _ring = TestNodes.Zone(new RealCrypto().Provider, "z:work", 1, [TestNodes.Node("alice"), TestNodes.Node("bob")]).Ring;

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0.2, 0.2, 0.1)]
    [InlineData(0.5, 0, 0.5)]
    public void Transfer_OverAnyPath_BringsEveryFileWithinItsMemory(double loss, double duplication, double reordering) => Seeded.Run(2, random =>
    {
        var pair = new TransferPair(_ring, random) { Loss = loss, Duplication = duplication, Reordering = reordering };
        byte[][] contents = [random.Bytes(700_000), random.Bytes(65_536), random.Bytes(1), [], new byte[300_000]];
        OutgoingFile[] files = [.. contents.Index().Select(content => pair.Sender.Start(content.Item, name: $"f{content.Index}"))];
        pair.RunUntil(() => files.All(static file => file.State == OutgoingFileState.Completed), seconds: 120);
        for (int i = 0; i < contents.Length; i++) Assert.Equal(contents[i], pair.Receiver.Store.Finished[$"f{i}"]);
        Assert.Equal((0, pair.Receiver.Table.ArenaBytes), (pair.Receiver.Table.ChunkCount, pair.Receiver.Table.FreeBytes));
        Assert.Equal(0, pair.Sender.Source.TakenSlots);
        Assert.InRange(pair.PeakBytes, 0, pair.Receiver.Table.ArenaBytes);
        long needed = contents.Take(3).Sum(static content => (content.Length + 1023) / 1024) + (5 * 8) + 5; // of the zeroes, a chunk a segment and the tail
        if (loss == 0) Assert.InRange(pair.SymbolsSent, needed, needed + 20); // hardly anything twice
        else Assert.InRange(pair.SymbolsSent, needed, (long)(needed / (1 - loss) * 2));
    });

    [Fact]
    public void Transfer_WhoseReceiverRestartsAgainAndAgain_IsResumed() => Seeded.Run(3, random =>
    {
        byte[] block = random.Bytes(8 * 1024);
        byte[] content = [.. random.Bytes(100_000), .. block, .. block, .. random.Bytes(50_000), .. block, .. new byte[40_000]]; // with repeats
        var pair = new TransferPair(_ring, random) { Loss = 0.1 };
        OutgoingFile file = pair.Sender.Start(content);
        for (int restart = 0; restart < 8; restart++)
        {
            int steps = random.Next(1, 120);
            pair.RunUntil(() => steps-- == 0 || file.State == OutgoingFileState.Completed, seconds: 60);
            if (file.State == OutgoingFileState.Completed) break;
            pair.RestartReceiver();
        }

        pair.RunUntil(() => file.State == OutgoingFileState.Completed, seconds: 60);
        Assert.Equal(content, pair.Receiver.Store.Parts[file.Id]);
    });

    [Fact]
    public void Transfer_ToAReceiverThatHasOneOfTwoEqualChunks_Completes()
    {
        var random = new Random(1);
        byte[] block = random.Bytes(8 * 1024);
        byte[] content = [.. block, .. random.Bytes(8 * 1024), .. block];
        var pair = new TransferPair(_ring, random);
        OutgoingFile file = pair.Sender.Start(content);
        pair.RunUntil(() => pair.Receiver.Store.Written.TryGetValue(file.Id, out System.Collections.Generic.HashSet<ulong>? written) && written.Contains(0), seconds: 10);
        pair.Receiver.Store.Written[file.Id].RemoveWhere(static offset => offset != 0); // it stopped between its two writes
        pair.Receiver.Store.ClosedSegments[file.Id].Clear();
        pair.RestartReceiver();
        pair.RunUntil(() => file.State == OutgoingFileState.Completed, seconds: 60);
        Assert.Equal(content, pair.Receiver.Store.Finished["file"]);
    }
}
