using System;
using System.Linq;
using FcpFast.Protocol.Admission;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;
using FcpFast.Simulation.Tests.Support;

namespace FcpFast.Simulation.Tests;

/// <summary>[WIRE §16.1] to [WIRE §16.3], [WIRE §16.5], [WIRE §16.6]: a peer of another implementation, which sends no statuses.</summary>
public sealed class ForeignPeerTests
{
    private const int ChunkBytes = 64 * 1024;

    [Fact]
    public void Request_WithAHint_IsAnsweredWithExactlyThese()
    {
        using Solo solo = Offer(1, 3 * ChunkBytes, out ObjectId[] chunks, out _);
        solo.Request(chunks[1], 10, [0, 2, 5, 63]);
        solo.Run();
        Assert.Equal([0u, 2, 5, 63], solo.Carol.SymbolsOf(chunks[1]));
        Assert.Empty(solo.Carol.SymbolsOf(chunks[0]));
        solo.Request(chunks[1], 2, [7, 8, 9]); // no more than it asks for
        solo.Run();
        Assert.Equal([7u, 8], solo.Carol.SymbolsOf(chunks[1])[4..]);
        solo.Request(chunks[1], 5, [64, 65]); // numbers that the object does not have
        solo.Run();
        Assert.Equal(6, solo.Carol.SymbolsOf(chunks[1]).Length);
    }

    [Fact]
    public void Request_WithoutAHint_IsAnsweredWithTheFirstOnesWithinTheBound()
    {
        using Solo solo = Offer(2, 2 * ChunkBytes, out ObjectId[] chunks, out _);
        solo.Request(chunks[0], 10);
        solo.Run();
        Assert.Equal(Enumerable.Range(0, 10).Select(static esi => (uint)esi), solo.Carol.SymbolsOf(chunks[0]));
        solo.Request(chunks[1], 1000);
        solo.Run();
        Assert.Equal(Enumerable.Range(0, 64).Select(static esi => (uint)esi), solo.Carol.SymbolsOf(chunks[1]));
    }

    [Fact]
    public void Request_ThatIsWrong_IsRefusedByName()
    {
        using Solo solo = Offer(3, ChunkBytes, out ObjectId[] chunks, out _);
        ObjectId chunk = chunks[0];
        Assert.Equal(1, solo.Counted(FcpStatus.SignatureInvalid, () => solo.Request(chunk, 5, isForged: true)));
        Assert.Equal(1, solo.Counted(FcpStatus.UnknownZoneKey, () => solo.Request(chunk, 5, zoneKey: new ZoneKeyId(Bytes8.Read(solo.Random.Bytes(8))))));
        Assert.Equal(1, solo.Counted(FcpStatus.ObjectNotFound, () => solo.Request(ObjectId.Read(solo.Random.Bytes(32)), 5)));
        Assert.Equal(1, solo.Counted(FcpStatus.InvalidRequest, () => solo.Request(chunk, 0)));
        Assert.Equal(1, solo.Counted(FcpStatus.InvalidRequest, () => solo.Request(chunk, 5, [3, 3])));
        Assert.Equal(1, solo.Counted(FcpStatus.InvalidRequest, () => solo.Request(chunk, 5, [1 << 24])));
        Assert.Equal(1, solo.Counted(FcpStatus.HintTooLarge, () => solo.Request(chunk, 5, [.. Enumerable.Range(0, 101).Select(static i => (uint)i)])));
        Assert.Empty(solo.Carol.SymbolsOf(chunk));
    }

    [Fact]
    public void Requests_BeyondTheBudget_AreRefusedUntilTheMinuteIsOver()
    {
        var limits = new AdmissionLimits(1 << 30, 100, 100, RequiresAuthentication: true);
        using Solo solo = Offer(4, ChunkBytes, out ObjectId[] chunks, out _, limits);
        solo.Request(chunks[0], 64);
        Assert.Equal(1, solo.Counted(FcpStatus.SymbolBudgetExceeded, () => solo.Request(chunks[0], 64)));
        Assert.Equal(64, solo.Carol.SymbolsOf(chunks[0]).Length);
        Assert.Equal(0, solo.Counted(FcpStatus.SymbolBudgetExceeded, () => solo.Request(chunks[0], 36)));
        solo.Run(60);
        Assert.Equal(0, solo.Counted(FcpStatus.SymbolBudgetExceeded, () => solo.Request(chunks[0], 64)));
        Assert.Equal(164, solo.Carol.SymbolsOf(chunks[0]).Length);
    }

    [Fact]
    public void DecodeStatus_OfACompleteObject_StopsIt()
    {
        using Solo solo = Offer(5, 2 * ChunkBytes, out ObjectId[] chunks, out _);
        Assert.Equal(0, solo.Counted(FcpStatus.AlreadyComplete, () => solo.TellDecoded(chunks[0], isComplete: false)));
        solo.Request(chunks[0], 5);
        solo.TellDecoded(chunks[0], isComplete: true);
        Assert.Equal(1, solo.Counted(FcpStatus.AlreadyComplete, () => solo.Request(chunks[0], 5)));
        Assert.Equal(0, solo.Counted(FcpStatus.AlreadyComplete, () => solo.Request(chunks[1], 5)));
        Assert.Equal(5, solo.Carol.SymbolsOf(chunks[1]).Length);
        Assert.Equal(1, solo.Counted(FcpStatus.ObjectNotFound, () => solo.TellDecoded(ObjectId.Read(solo.Random.Bytes(32)), isComplete: true)));
    }

    [Theory]
    [InlineData(SymbolAckReason.Canceled, "does not want the file")]
    [InlineData(SymbolAckReason.ResourceExhausted, "has no room")]
    [InlineData(SymbolAckReason.DecodeFailed, "could not put the file together")]
    public void Ack_ThatStops_EndsTheFileWithItsReason(SymbolAckReason reason, string words)
    {
        using Solo solo = Offer(6, ChunkBytes, out ObjectId[] chunks, out OutgoingFile file);
        solo.Tell(chunks[0], reason);
        solo.Run();
        Assert.Equal(OutgoingFileState.Failed, file.State);
        Assert.Contains(words, file.FailureDetail, StringComparison.Ordinal);
        Assert.Equal(1, solo.Counted(FcpStatus.ObjectNotFound, () => solo.Request(chunks[0], 5)));
    }

    [Fact]
    public void Ack_OfACompleteObject_StopsThatObjectAlone()
    {
        using Solo solo = Offer(7, 2 * ChunkBytes, out ObjectId[] chunks, out OutgoingFile file);
        solo.Tell(chunks[0], SymbolAckReason.Complete);
        Assert.Equal(1, solo.Counted(FcpStatus.AlreadyComplete, () => solo.Request(chunks[0], 5)));
        Assert.Equal(OutgoingFileState.Sending, file.State);
    }

    [Fact]
    public void Messages_OfAnUnknownSchema_AreCountedAndDropped()
    {
        using Solo solo = Offer(8, ChunkBytes, out _, out _);
        Assert.Equal(1, solo.Counted(FcpStatus.UnknownSchema, () => solo.Carol.SendControl(solo.Random.Bytes(100))));
        Assert.Equal(1, solo.Counted(FcpStatus.UnknownSchema, () => solo.Carol.SendBody(Duo.Zone, solo.Random.Bytes(100))));
        Assert.NotNull(solo.Carol.Connection);
    }

    /// <summary>Bob offers carol a file; she learns its chunks from his announcement and answers nothing.</summary>
    private static Solo Offer(ulong seed, int bytes, out ObjectId[] chunks, out OutgoingFile file, AdmissionLimits? limits = null)
    {
        var solo = new Solo(seed, plan => plan with { Options = plan.Options with { Admission = limits ?? AdmissionLimits.Default } });
        file = solo.Bob.Send("offered", solo.Random.Bytes(bytes), solo.Carol.Member);
        solo.WaitFor(() => solo.Carol.Bodies(Duo.Zone, SegmentBody.Schema).Length > 0, "the segment is announced");
        Assert.Equal(FcpStatus.Accepted, SegmentBody.Parse(solo.Carol.Bodies(Duo.Zone, SegmentBody.Schema)[0], out SegmentBody segment));
        chunks = new ObjectId[segment.Manifest.ChunkCount];
        for (int i = 0; i < chunks.Length; i++) chunks[i] = segment.Manifest.ChunkId(i);
        return solo;
    }
}
