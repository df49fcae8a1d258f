using System;
using System.Linq;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Objects.Transfers;

/// <summary>[WIRE §16.9], [WIRE §16.6]: what receivers report, honest or not.</summary>
public sealed class OutgoingStatusTests
{
    private readonly ZoneKeyRing _ring = TestNodes.Zone(new RealCrypto().Provider, "z:work", 1, [TestNodes.Node("alice"), TestNodes.Node("bob")]).Ring;
    private readonly byte[] _content = new Random(5).Bytes(150_000); // segments of 8, 8 and 3 chunks
    private readonly SendingSide _here;
    private readonly OutgoingFile _file;

    public OutgoingStatusTests()
    {
        _here = new SendingSide(_ring);
        _file = _here.Start(_content);
        _here.Tick();
        _here.Tick();
    }

    [Fact]
    public void Status_OfAllSegments_CompletesTheFileAndLetsGoOfEverything()
    {
        Assert.Equal(FcpStatus.Accepted, _here.Status(_file, done: [new SegmentRange(0, 3)]));
        Assert.Equal((OutgoingFileState.Completed, (ulong)_content.Length, 0), (_file.State, _file.CompleteBytes, _here.Source.TakenSlots));
        Assert.Equal([_file], _here.Observer.Sent);
        Assert.Equal(FcpStatus.UnknownTransfer, _here.Status(_file)); // it is over
    }

    [Fact]
    public void Status_OfAnEmptyFile_CompletesIt()
    {
        OutgoingFile empty = _here.Start([], name: "empty");
        Assert.Equal(FcpStatus.Accepted, _here.Status(empty));
        Assert.Equal(OutgoingFileState.Completed, empty.State);
    }

    [Fact]
    public void Status_FromAnotherNodeOrOfAnotherFile_IsRefused()
    {
        Assert.Equal(FcpStatus.UnknownTransfer, _here.Status(_file, from: TestNodes.Node("mallory"), done: [new SegmentRange(0, 3)]));
        Assert.Equal(OutgoingFileState.Sending, _file.State);
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(3, 1)]
    [InlineData(2, 2)]
    [InlineData(ulong.MaxValue - 1, 1)]
    [InlineData(1, ulong.MaxValue - 2)]
    public void Status_OfSegmentsThatTheFileDoesNotHave_IsRefusedWhole(ulong first, ulong count)
    {
        _here.Status(_file, done: [new SegmentRange(1, 1)]);
        Assert.Equal(FcpStatus.InvalidStatus, _here.Status(_file, done: [new SegmentRange(first, count)], credit: 7));
        Assert.Equal(FcpStatus.InvalidStatus, _here.Status(_file, segment: 3, credit: 7));
        Assert.Equal((1ul, 1ul << 30), (_file.Done.Count, _file.CreditBytes));
    }

    [Fact]
    public void Status_ThatTakesBackWhatWasComplete_HasItSentAgain()
    {
        _here.Status(_file, done: [new SegmentRange(0, 2)]);
        Assert.Equal(131_072ul, _file.CompleteBytes);
        _here.Status(_file); // a receiver that lost its disk
        Assert.Equal(0ul, _file.CompleteBytes);
        _here.Tick();
        _here.Tick();
        _here.Status(_file, segment: 0);
        Assert.NotEmpty(_here.Plan());
    }

    [Fact]
    public void Status_OfMissingSymbols_HasTheseSentOnceAndNotBeforeTheyCanHaveCome()
    {
        _here.Status(_file, segment: 0);
        while (_here.Plan().Count > 0) continue;
        MissingSymbols[] missing = [new(2, new byte[] { 0b0010_0001 })];
        _here.Status(_file, segment: 0, missing: missing);
        Assert.Empty(_here.Plan()); // the status may be older than the symbols
        _here.Now = _here.Now.After(2);
        _here.Status(_file, segment: 0, missing: missing);
        _here.Status(_file, segment: 0, missing: missing);
        Assert.Equal([0u, 5u], _here.Plan().Select(static symbol => symbol.Esi));
        for (int i = 0; i < 10; i++) _here.Status(_file, segment: 0, missing: missing);
        Assert.Empty(_here.Plan()); // no more often than the way takes
    }

    [Fact]
    public void Status_OfMissingSymbolsThatDoNotExist_SendsNothing()
    {
        _here.Status(_file, segment: 0);
        while (_here.Plan().Count > 0) continue;
        _here.Now = _here.Now.After(2);
        MissingSymbols[] missing =
        [
            new(3, new byte[] { 0, 0xFF, 0xFF }), new(8, new byte[] { 0xFF }), new(1ul << 40, new byte[] { 0xFF }), new(ulong.MaxValue, new byte[] { 0xFF }),
        ];
        Assert.Equal(FcpStatus.Accepted, _here.Status(_file, segment: 0, missing: missing));
        Assert.Empty(_here.Plan());
        Assert.Equal(FcpStatus.Accepted, _here.Status(_file, segment: 0, chunks: [.. Enumerable.Repeat((byte)0xFF, 8_192)])); // bits beyond its chunks
        Assert.Equal(65_536ul, _file.CompleteBytes);
    }

    [Fact]
    public void Status_OfChunksThatWereNeverSent_SavesSendingThem()
    {
        _here.Status(_file, segment: 0, chunks: [0b1111_1110]);
        Assert.Equal(8, _here.Plan().Count);
        Assert.Equal(57_344ul, _file.CompleteBytes);
    }

    [Fact]
    public void Status_InANewStream_RestartsTheTransferOnce()
    {
        _here.Status(_file, segment: 0, instance: 1);
        while (_here.Plan().Count > 0) continue;
        Assert.True(IsNewReceiver(2)); // the receiver has restarted: what it had under way is gone
        Assert.Equal(0ul, _file.UnderWayBytes);
        Assert.False(IsNewReceiver(2));
        Assert.Equal(64, Enumerable.Range(0, 2).Sum(_ => _here.Plan().Count));

        bool IsNewReceiver(ulong instance)
        {
            var writer = new Protocol.Cbor.CborWriter();
            TransferStatusBody.Write(writer, _file.Id, [], 1 << 30, new SegmentProgress(0, [], []));
            TransferStatusBody.Parse(writer.Written, out TransferStatusBody body);
            _here.Transfers.ReceiveStatus(_ring, _file.To, new SenderInstanceId(instance), body, _here.Now, out bool isNew);
            return isNew;
        }
    }

    [Fact]
    public void Statuses_AtRandom_NeverBreakASender() => Seeded.Run(20, random =>
    {
        var here = new SendingSide(_ring);
        OutgoingFile[] files = [here.Start(_content, name: "a"), here.Start(_content[..70_000], name: "b")];
        for (int step = 0; step < 400; step++)
        {
            OutgoingFile file = files[random.Next(2)];
            ulong first = (ulong)random.Next(3);
            here.Status(
                file, random.Next(3) == 0 ? [new SegmentRange(first, (ulong)random.Next(1, 3))] : [], random.Next(4) == 0 ? random.Edge64() : 1 << 20,
                random.Next(2) == 0 ? (ulong)random.Next(3) : null, random.Bytes(random.Next(1, 3)),
                [new MissingSymbols((ulong)random.Next(9), random.Bytes(random.Next(1, 4)))], (ulong)random.Next(random.Next(10) == 0 ? 3 : 1));
            if (random.Next(50) == 0) here.SymbolBytesNow = random.Next(4) * 512;
            here.Tick(random.Next(3) == 0 ? 0.1 : 0);
            foreach ((ObjectId _, ushort k, uint esi, int offset) in here.Plan(random.Next(100_000), random.Next(1, 54)))
            {
                Assert.True(esi < k && offset >= 0 && offset + 1024 <= here.Transfers.Memory.Length);
            }

            foreach (OutgoingFile one in files)
            {
                ulong held = (ulong)one.Segments.Sum(static segment => Enumerable.Range(0, segment.ChunkCount)
                    .Where(chunk => segment.Progress(chunk).IsUnderWay).Sum(segment.BytesOf));
                if (one.State == OutgoingFileState.Sending) Assert.Equal(held, one.UnderWayBytes); // nothing leaks
            }

            Assert.True(here.Source.TakenSlots <= 4);
        }

        foreach (OutgoingFile one in files) here.Transfers.Cancel(one);
        here.SymbolBytesNow = SendingSide.SymbolBytes;
        here.Tick();
        Assert.Equal(0, here.Source.TakenSlots);
    });

    [Fact]
    public void SignedMessages_OfOtherImplementations_AskForCompleteAndStop()
    {
        _here.Status(_file, segment: 0);
        ObjectId first = _here.Plan(most: 8)[0].Object;
        NodeId bob = SendingSide.Receiver;
        Assert.Equal(FcpStatus.ObjectNotFound, _here.Transfers.ReceiveRequest(TestNodes.Node("mallory"), first, [], 5)); // only what goes to its asker
        Assert.Equal(FcpStatus.ObjectNotFound, _here.Transfers.ReceiveRequest(bob, default, [], 5));
        Assert.Equal(FcpStatus.Accepted, _here.Transfers.ReceiveRequest(bob, first, [1, 3, 7, 8, 1u << 23], 2));
        Assert.Equal([1u, 3u], _here.Plan(most: 2).Select(static symbol => symbol.Esi)); // no more than it may have
        Assert.Equal(FcpStatus.Accepted, _here.Transfers.ReceiveComplete(bob, first));
        Assert.Equal(FcpStatus.AlreadyComplete, _here.Transfers.ReceiveRequest(bob, first, [], 5));
        Assert.Equal(FcpStatus.ObjectNotFound, _here.Transfers.ReceiveStop(TestNodes.Node("mallory"), first, "no"));
        Assert.Equal(FcpStatus.Accepted, _here.Transfers.ReceiveStop(bob, first, "no room"));
        Assert.Equal((OutgoingFileState.Failed, "no room", 0), (_file.State, _file.FailureDetail, _here.Source.TakenSlots));
        Assert.Equal(FcpStatus.ObjectNotFound, _here.Transfers.ReceiveComplete(bob, first));
    }
}
