using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Batch;

/// <summary>[WIRE §6]: of two things that are wrong with a datagram the earlier one is named, and what is refused leaves no trace but its counter.</summary>
public sealed class ReceiveOrderTests
{
    internal const ulong SpentSeq = 40;
    internal const ulong OpenedSeq = 41;
    internal const ulong RetiredInstance = 55;
    internal const ulong SourcelessInstance = 66;
    internal const uint FilledEsi = 7;

    private static readonly RealCrypto Crypto = new();
    private static readonly NodeId Alice = TestNodes.Node("alice"), Bob = TestNodes.Node("bob"), Carol = TestNodes.Node("carol");
    private static readonly ZoneEntry Zone = TestNodes.Zone(Crypto.Provider, "z:work", 1, [Alice, Bob]);

    public static TheoryData<string> Faults => [.. ReceiveFaults.InOrder.Select(static fault => fault.Name)];

    internal static ZoneEntry StrictZone { get; } = TestNodes.Zone(Crypto.Provider, "z:strict", 1, [Alice, Bob], minSuite: MacSuite.Blake3);

    [Fact]
    public void Receive_NothingWrong_OpensTheFrame()
    {
        Situation now = Prepare();
        Assert.Equal([FcpStatus.Accepted], now.Receiver.Receive(now.Right));
        Assert.True(now.Receiver.Slots[0].IsOpened);
        Assert.True(now.Object.Holds(0, 1, (int)FilledEsi));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void Receive_OneFault_IsNamedAndLeavesNoTrace(string name)
    {
        ReceiveFaults.Fault fault = ReceiveFaults.InOrder.Single(fault => fault.Name == name);
        Situation now = Prepare();
        Trace before = now.Trace();
        Assert.Equal([fault.Status], now.Receiver.Receive(fault.Apply(now.Right)));
        Assert.False(now.Receiver.Slots[0].IsOpened);
        Assert.Equal(fault.Status == FcpStatus.InvalidSignature ? 1 : 0, now.Receiver.Verify.FailedCount);
        Assert.Equal(now.Counted(fault.Status), now.Receiver.Counters.Snapshot());
        Trace after = now.Trace();
        bool isCommitted = Position(name) > Position("retired at commit"); // a failure behind the commit does not undo it
        Assert.Equal(isCommitted, before.Lanes != after.Lanes);
        Assert.Equal(name == "compressed", before.Content != after.Content);
        Assert.Equal(before.Filled, after.Filled);
        if (isCommitted) return;
        Assert.Equal([FcpStatus.Accepted], now.Receiver.Receive(now.Right)); // the number is still to be had
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void Receive_TwoFaults_NamesTheEarlierOne(string name)
    {
        int first = Position(name);
        foreach (ReceiveFaults.Fault second in ReceiveFaults.InOrder.Skip(first + 1))
        {
            ReceiveFaults.Fault fault = ReceiveFaults.InOrder[first];
            if (fault.Excludes(second)) continue;
            Situation now = Prepare();
            FrameDraft both = fault.Apply(second.Apply(now.Right));
            FcpStatus found = now.Receiver.Receive(both)[0];
            Assert.True(found == fault.Status, $"{fault.Name} and {second.Name}: {found} instead of {fault.Status}");
        }
    }

    [Fact]
    public void Faults_OfTheList_AreAllOfTheReceivePath()
    {
        // The names of WIRE §6, §4.3 and §4.4 and REPLAY §3; TooManySymbols and ExceedsMtu need more than a datagram holds, others a second
        // session or time, and have tests of their own.
        FcpStatus[] listed = ReceiveFaults.InOrder.Select(static fault => fault.Status).Distinct().ToArray();
        Assert.Equal(29, listed.Length);
    }

    private static int Position(string name) => ReceiveFaults.InOrder.Select(static fault => fault.Name).ToList().IndexOf(name);

    /// <summary>A receiver with a relay's session, on which a number is spent, an instance retired, a number opened before and a slot filled.</summary>
    private static Situation Prepare()
    {
        (PeerSession sender, PeerSession receiving) = TestNodes.Sessions(Crypto.Provider, Carol, Bob, MacSuite.HmacSha256);
        (PeerSession otherSender, PeerSession otherReceiving) = TestNodes.Sessions(Crypto.Provider, Alice, Bob);
        var receiver = new ReceivingNode(Crypto, datagramBytesMax: 2_000)
        {
            SourceOfRelayed = static instance => instance.Value == SourcelessInstance ? default : Alice,
        };
        receiver.Relays.Add(Carol);
        receiver.Zones.Set(Zone);
        receiver.Zones.Set(StrictZone);
        receiver.Sessions.TryAdd(receiving);
        receiver.Sessions.TryAdd(otherReceiving);
        var right = new FrameDraft { Session = sender, Zone = Zone, Source = Alice, Esis = [0, 1], Seq = 50 };
        TestSink.TestObject inAssembly = receiver.Sink.Announce(Zone.Ring.ZoneHash, Alice, right.Object);
        Assert.Equal([FcpStatus.Accepted], receiver.Receive(right with { Session = otherSender, Seq = OpenedSeq, Esis = [FilledEsi] }));
        Assert.Equal([FcpStatus.UnknownObject], receiver.Receive(right with { Seq = SpentSeq, Object = new ObjectId(new Bytes32(8, 8, 8, 8)) }));
        receiving.Lanes.Commit(new SenderInstanceId(RetiredInstance), new FrameSeq(1), default, default, receiver.Now, out _);
        receiving.Lanes.Retire(default, default);
        return new Situation(receiver, receiving, right, inAssembly, receiver.Counters.Snapshot());
    }

    private sealed record Trace(string Lanes, string Content, int Filled);

    private sealed record Situation(
        ReceivingNode Receiver, PeerSession Session, FrameDraft Right, TestSink.TestObject Object, Dictionary<FcpStatus, long> CountedBefore)
    {
        public Dictionary<FcpStatus, long> Counted(FcpStatus more)
        {
            if (more == FcpStatus.UnknownSource) return CountedBefore; // the caller holds or counts it
            var counted = new Dictionary<FcpStatus, long>(CountedBefore);
            counted[more] = counted.GetValueOrDefault(more) + 1;
            return counted;
        }

        /// <summary>Everything that a refused datagram must leave as it is, seen from outside.</summary>
        public Trace Trace()
        {
            ulong[] instances = [1, 77, RetiredInstance, SourcelessInstance];
            IEnumerable<FcpStatus> lanes =
                from instance in instances
                from n in new ulong[] { 0, SpentSeq, OpenedSeq, 50, 51 }
                select Session.Lanes.Check(new SenderInstanceId(instance), new FrameSeq(n), out _);
            ContentStream? stream = null;
            Receiver.Windows.Prepare(new ContentStreamId(Zone.Ring.ZoneHash, Zone.Ring.Active!.Id, Alice, new SenderInstanceId(1)), ref stream);
            IEnumerable<ReplayVerdict> content = new ulong[] { SpentSeq, OpenedSeq, 50, 51 }.Select(n => stream!.CheckSymbols(new FrameSeq(n)));
            return new Trace(
                $"{Session.Lanes.Count}/{Session.Lanes.TombstoneCount}: {string.Join(' ', lanes)}", $"{Receiver.Windows.Count}: {string.Join(' ', content)}",
                Object.FilledCount);
        }
    }
}
