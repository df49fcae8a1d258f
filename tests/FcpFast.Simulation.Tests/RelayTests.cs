using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Interop.Libsodium;
using FcpFast.Node;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Replay;
using FcpFast.Simulation.Actors;
using FcpFast.Simulation.Fleets;
using FcpFast.Simulation.Links;
using FcpFast.Simulation.Nodes;
using FcpFast.Simulation.Tests.Support;

namespace FcpFast.Simulation.Tests;

/// <summary>[WIRE §16.8], [REPLAY §2.9]: three nodes, the one in the middle without keys of the zone.</summary>
public sealed class RelayTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void Send_ThroughARelay_ArrivesAndTheRelayOpensNothing()
    {
        using var trio = new Trio(1);
        byte[] content = new WorldRandom(1, "content").Bytes(2_000_000);
        OutgoingFile file = trio.Alice.Send("file", content, trio.Bob.Member);
        trio.Completes(file);
        Assert.Equal(content, trio.Bob.Disk.Files["file"]);
        Assert.Equal(0, trio.Relay.Core.FramesOpened);
        Assert.Equal(trio.Alice.Core.FramesSent, trio.Relay.Core.FramesPassedOn);
        Assert.Equal(0, trio.Bob.Audit.Repeats);
    }

    [Fact]
    public void Send_ThroughARelayOverBadPaths_ArrivesAndNothingIsOpenedTwice()
    {
        using var trio = new Trio(2);
        trio.World.Mesh.Datagrams(trio.Alice, trio.Relay).Add(Rules.Drop(0.1), Rules.Duplicate(0.1), Rules.Reorder(0.1, 100));
        trio.World.Mesh.Datagrams(trio.Relay, trio.Bob).Add(Rules.Drop(0.1), Rules.Duplicate(0.1), Rules.Corrupt(0.01));
        byte[] content = new WorldRandom(2, "content").Bytes(2_000_000);
        OutgoingFile there = trio.Alice.Send("there", content, trio.Bob.Member), back = trio.Bob.Send("back", content, trio.Alice.Member);
        trio.Completes(there);
        trio.Completes(back);
        Assert.Equal(0, trio.Bob.Audit.Repeats + trio.Alice.Audit.Repeats + trio.Relay.Audit.Repeats);
    }

    /// <summary>[REPLAY §2.9]: a relay may make any MAC; what came by another path, or comes again, is opened once all the same.</summary>
    [Fact]
    public void Frames_BroughtAgainByAHostileRelay_AreRefusedByTheContentWindow()
    {
        using var hostile = new HostileRelay(3);
        hostile.Carol.SendDatagram(hostile.Bob, hostile.Frames[0]); // directly
        hostile.Relay.SendControl(hostile.Body); // proves to bob whose instance it is
        hostile.World.RunFor(TimeSpan.FromSeconds(0.5));
        Assert.Equal(1, hostile.Bob.Core.FramesOpened);
        for (int i = 0; i < 3; i++) hostile.Relay.SendFrame(hostile.Frames[0].AsSpan(40));
        hostile.World.RunFor(TimeSpan.FromSeconds(0.5));
        Assert.Equal(1, hostile.Bob.Core.FramesOpened);
        Assert.Equal(3, hostile.Bob.CountOf(FcpStatus.ReplayDuplicate)); // in the content window, then twice in the lane
        hostile.Relay.SendFrame(hostile.Frames[1].AsSpan(40)); // a fresh one is taken from the relay
        hostile.World.RunFor(TimeSpan.FromSeconds(0.5));
        Assert.Equal(2, hostile.Bob.Core.FramesOpened);
        hostile.Carol.SendDatagram(hostile.Bob, hostile.Frames[1]);
        hostile.World.RunFor(TimeSpan.FromSeconds(0.5));
        Assert.Equal(2, hostile.Bob.Core.FramesOpened);
        Assert.Equal(0, hostile.Bob.Audit.Repeats);
    }

    /// <summary>[REPLAY §2.9]: of several shards one keeps a source's windows; what a relay brings to another one never counts there.</summary>
    [Fact]
    public void Frames_OfASourceOfAnotherShard_NeverCountWhereARelayBringsThem()
    {
        using var hostile = new HostileRelay(9, shard: new LoneShard(0, 2, "carol"));
        hostile.Relay.SendControl(hostile.Body);
        hostile.Relay.SendFrame(hostile.Frames[0].AsSpan(40));
        hostile.World.RunFor(TimeSpan.FromSeconds(3)); // longer than frames are held for word of their source
        Assert.Equal(0, hostile.Bob.Core.FramesOpened);
        Assert.Equal(1, hostile.Bob.Core.ControlCounters[FcpStatus.UnknownSource]);
        Assert.Equal(1, hostile.Bob.Counters[FcpStatus.UnknownSource]);
    }

    [Fact]
    public void Frames_AlteredByAHostileRelay_DoNotOpenAndTheRightOnesStillDo()
    {
        using var hostile = new HostileRelay(4);
        hostile.Relay.SendControl(hostile.Body);
        byte[] altered = hostile.Frames[0][40..];
        altered[^20] ^= 1;
        hostile.Relay.SendFrame(altered);
        hostile.World.RunFor(TimeSpan.FromSeconds(0.5));
        Assert.Equal(1, hostile.Bob.CountOf(FcpStatus.DecryptFailed));
        Assert.Equal(0, hostile.Bob.Core.AssemblyBytes);
        hostile.Carol.SendDatagram(hostile.Bob, hostile.Frames[0]); // its number is not spent where it counts
        hostile.World.RunFor(TimeSpan.FromSeconds(0.5));
        Assert.Equal(1, hostile.Bob.Core.FramesOpened);
    }

    [Fact]
    public void Frames_WithoutAWordOfTheirSource_AreHeldForASecondAndThenRefused()
    {
        using var hostile = new HostileRelay(5);
        hostile.Relay.SendFrame(hostile.Frames[0].AsSpan(40));
        hostile.World.RunFor(TimeSpan.FromSeconds(0.5));
        hostile.Relay.SendControl(hostile.Body);
        hostile.World.RunFor(TimeSpan.FromSeconds(0.1));
        Assert.Equal(1, hostile.Bob.Core.FramesOpened); // held until the body came
        byte[] stranger = hostile.Frames[1][40..];
        stranger[98] ^= 1; // an instance of nobody
        hostile.Relay.SendFrame(stranger);
        hostile.World.RunFor(TimeSpan.FromSeconds(2));
        Assert.Equal(1, hostile.Bob.Counters[FcpStatus.UnknownSource]);
    }

    [Fact]
    public void Body_BroughtAgainOrAltered_IsRefused()
    {
        using var hostile = new HostileRelay(6);
        hostile.Relay.SendControl(hostile.Body);
        hostile.Relay.SendControl(hostile.Body);
        byte[] altered = (byte[])hostile.SecondBody.Clone();
        altered[^1] ^= 1;
        hostile.Relay.SendControl(altered);
        hostile.World.RunFor(TimeSpan.FromSeconds(0.5));
        Assert.Equal(1, hostile.Bob.CountOf(FcpStatus.ReplayDuplicate));
        Assert.Equal(1, hostile.Bob.CountOf(FcpStatus.DecryptFailed));
        hostile.Relay.SendControl(hostile.SecondBody); // as it was sealed, it is taken
        hostile.World.RunFor(TimeSpan.FromSeconds(0.5));
        Assert.Equal(2, hostile.Bob.CountOf(FcpStatus.ReplayDuplicate) + hostile.Bob.CountOf(FcpStatus.DecryptFailed));
    }

    [Theory]
    [InlineData("relay")]
    [InlineData("bob")]
    public void Process_RestartsInTheMiddle_TheTransferCompletes(string victim)
    {
        using var trio = new Trio(4);
        byte[] content = new WorldRandom(4, "content").Bytes(3_000_000);
        OutgoingFile file = trio.Alice.Send("file", content, trio.Bob.Member);
        Assert.True(trio.World.RunUntil(() => file.CompleteBytes > 1_000_000, Minute));
        SimulatedNode node = victim == "bob" ? trio.Bob : trio.Relay;
        node.Crash();
        trio.World.RunFor(TimeSpan.FromSeconds(2));
        node.Start();
        trio.Completes(file);
        Assert.Equal(content, trio.Bob.Disk.Files["file"]);
        Assert.Equal(0, trio.Bob.Audit.Repeats);
    }

    /// <summary>[REPLAY §6.1]: what was opened before a restart is not opened after it, whichever way it came then and comes now.</summary>
    [Theory]
    [InlineData(RelayedReplayRule.Ceilings)]
    [InlineData(RelayedReplayRule.EpochFence)]
    [InlineData(null)]
    public void Frames_BroughtAgainAfterARestart_AreOpenedOnceWhereRecordsAreKept(RelayedReplayRule? rule)
    {
        using var hostile = new HostileRelay(7, rule);
        hostile.Carol.SendDatagram(hostile.Bob, hostile.Frames[0]); // directly
        hostile.Relay.SendControl(hostile.Body);
        hostile.World.RunFor(TimeSpan.FromSeconds(0.5));
        hostile.Relay.SendFrame(hostile.Frames[1].AsSpan(40));
        hostile.World.RunFor(TimeSpan.FromSeconds(0.5));
        Assert.Equal(2, hostile.Bob.Core.FramesOpened);
        hostile.Bob.Crash();
        hostile.Bob.Start();
        hostile.GreetAgain();
        foreach (byte[] body in hostile.Announcements) hostile.Relay.SendControl(body);
        hostile.Relay.SendControl(hostile.Body);
        hostile.World.RunFor(TimeSpan.FromSeconds(0.5));
        foreach (byte[] frame in hostile.Frames) hostile.Relay.SendFrame(frame.AsSpan(40));
        hostile.World.RunFor(TimeSpan.FromSeconds(2));
        Assert.Equal(rule is null, hostile.Bob.Audit.Repeats > 0); // without records the relay succeeds: the test can fail
    }

    /// <summary>[REPLAY §8], L5: with half a second a flush nothing stands still, since records are asked for ahead.</summary>
    [Theory]
    [InlineData(RelayedReplayRule.Ceilings)]
    [InlineData(RelayedReplayRule.EpochFence)]
    public void Send_WithASlowDisk_DoesNotWaitForIt(RelayedReplayRule rule)
    {
        using var trio = new Trio(8, plan: new NodePlan { ReplayRule = rule, ReplayFlush = TimeSpan.FromSeconds(0.5) });
        byte[] content = new WorldRandom(8, "content").Bytes(8_000_000);
        OutgoingFile file = trio.Alice.Send("file", content, trio.Bob.Member);
        trio.Completes(file);
        Assert.Equal(content, trio.Bob.Disk.Files["file"]);
        Assert.True(trio.Bob.CountOf(FcpStatus.ReplayNotDurable) < trio.Alice.Core.FramesSent / 20, trio.Describe());
    }

    /// <summary>[WIRE §8], [REPLAY §8] L4: both hops' sessions follow one another, each in its own time, and no frame is lost for it.</summary>
    [Fact]
    public void Send_ThroughARelayOverSessionsThatWearOut_LosesNoFrame()
    {
        using var trio = new Trio(7, static options => options with { SessionLimits = SequencerLimits.Default with { SoftFrames = 1_500 } });
        byte[] content = new WorldRandom(7, "content").Bytes(8_000_000);
        OutgoingFile file = trio.Alice.Send("file", content, trio.Bob.Member);
        trio.Completes(file);
        Assert.Equal(content, trio.Bob.Disk.Files["file"]);
        Assert.True(trio.Alice.Core.Rekeys >= 3 && trio.Bob.Core.Rekeys >= 3, $"{trio.Alice.Core.Rekeys} and {trio.Bob.Core.Rekeys} rekeys");
        Assert.Equal(trio.Alice.Core.FramesSent, trio.Relay.Core.FramesPassedOn);
        Assert.Equal(trio.Alice.Core.FramesSent, trio.Bob.Core.FramesAccepted);
        FcpStatus[] ofSessions = [FcpStatus.UnknownSession, FcpStatus.InvalidSignature, FcpStatus.ReplayDuplicate, FcpStatus.ReplayTooOld, FcpStatus.ReplayInstanceTaken];
        foreach (FcpStatus status in ofSessions) Assert.Equal(0, trio.Relay.CountOf(status) + trio.Bob.CountOf(status));
    }

    /// <summary>[WIRE §19], [WIRE §16.8]: a relay passes on no more for a peer than its budget, and what it does not is sent again.</summary>
    [Fact]
    public void Send_ThroughARelayWithABudget_IsHeldToItAndArrives()
    {
        const int BytesPerSecond = 1_000_000, ContentBytes = 4_000_000;
        using var trio = new Trio(8, ofRelay: static options => options with { RelayBytesPerSecondMax = BytesPerSecond });
        byte[] content = new WorldRandom(8, "content").Bytes(ContentBytes), small = new WorldRandom(8, "small").Bytes(50_000);
        long startedTicks = trio.World.NowTicks;
        OutgoingFile file = trio.Alice.Send("file", content, trio.Bob.Member), back = trio.Bob.Send("back", small, trio.Alice.Member);
        trio.Completes(back); // bob's budget is his own
        Assert.NotEqual(OutgoingFileState.Completed, file.State);
        trio.Completes(file);
        double seconds = TimeSpan.FromTicks(trio.World.NowTicks - startedTicks).TotalSeconds;
        Assert.True(seconds >= (ContentBytes / (double)BytesPerSecond) - 1, $"{seconds} s"); // the bucket holds one second's bytes
        Assert.True(trio.Relay.CountOf(FcpStatus.RelayBudgetExceeded) > 0);
        Assert.Equal(content, trio.Bob.Disk.Files["file"]);
        Assert.Equal(0, trio.Bob.Audit.Repeats);
    }

    /// <summary>Bob; carol, a member with a session of her own; and a relay that has what carol has sealed.</summary>
    private sealed class HostileRelay : IDisposable
    {
        private readonly Fleet _fleet;

        private readonly SimulatedNode _bob;

        public HostileRelay(ulong seed, RelayedReplayRule? rule = RelayedReplayRule.Ceilings, IShardPort? shard = null)
        {
            World = new World(seed);
            _fleet = new Fleet(World);
            Member bob = _fleet.Enrol("bob"), carol = _fleet.Enrol("carol"), relay = _fleet.Enrol("relay", isRelay: true);
            _fleet.Found("z:work", AeadAlgorithm.ChaCha20Poly1305, bob, carol);
            _bob = new SimulatedNode(_fleet, bob, new NodePlan
            {
                ReplayRule = rule, NewCore = (parts, options, now) => new NodeCore<LibsodiumAead, PortableMac>(parts with { Shards = shard }, options, now),
            });
            Bob.Start();
            Carol = new ScriptedPeer(_fleet, carol);
            Relay = new ScriptedPeer(_fleet, relay);
            Carol.Greet(Bob);
            Relay.Greet(Bob);
            Assert.True(World.RunUntil(() => Carol.Session is not null && Relay.Session is not null, Minute));
            World.RunFor(TimeSpan.FromSeconds(0.1));
            Announce();
        }

        public World World { get; }

        public SimulatedNode Bob => _bob;

        public ScriptedPeer Carol { get; }

        public ScriptedPeer Relay { get; }

        /// <summary>Carol's Stream body.</summary>
        public byte[] Body { get; private set; } = [];

        public byte[] SecondBody { get; private set; } = [];

        /// <summary>Carol's bodies that announce the file and its segment.</summary>
        public List<byte[]> Announcements { get; } = [];

        /// <summary>Carol's datagrams of one chunk that bob awaits.</summary>
        public IReadOnlyList<byte[]> Frames { get; private set; } = [];

        /// <summary>The relay opens a session with bob's new process.</summary>
        public void GreetAgain()
        {
            byte[] before = Relay.SessionId;
            Relay.Greet(Bob);
            Assert.True(World.RunUntil(() => !Relay.SessionId.AsSpan().SequenceEqual(before), Minute));
            World.RunFor(TimeSpan.FromSeconds(0.1));
        }

        public void Dispose()
        {
            Carol.Dispose();
            Relay.Dispose();
            Bob.Dispose();
            _fleet.Dispose();
        }

        private void Announce(ReadOnlySpan<byte> body)
        {
            Announcements.Add(Carol.SealBody("z:work", body));
            Carol.SendControl(Announcements[^1]);
            World.RunFor(TimeSpan.FromSeconds(0.1));
        }

        private void Announce()
        {
            byte[] content = new WorldRandom(World.Seed, "content").Bytes(4096);
            var id = new TransferId(Bytes16.Read(content));
            var writer = new CborWriter(4096);
            new FileBody { TransferId = id, Name = "file"u8, Shape = new FileShape(4096, 65_536) }.Write(writer);
            Announce(writer.Written);
            using KeyLease key = Carol.RingOf("z:work").ActiveObjectIdKey!.Key.Lease();
            var manifest = new CborWriter(4096);
            ChunkedObjectManifest.Write(manifest, new Blake3Hasher(), key.Bytes, Fleet.ZoneOf("z:work"), Carol.Now.UnixSeconds, content, 4096);
            ChunkedObjectManifest.Parse(manifest.Written, out ChunkedObjectManifest parsed);
            new SegmentBody { TransferId = id, Manifest = parsed, ObjectIdKeyId = Carol.RingOf("z:work").ActiveObjectIdKey!.Id }.Write(writer.Reset());
            Announce(writer.Written);
            StreamBody.Write(writer.Reset());
            Body = Carol.SealBody("z:work", writer.Written);
            SecondBody = Carol.SealBody("z:work", writer.Written);
            Frames = Carol.SealSymbols("z:work", parsed.ChunkId(0), 4, 1024, content);
        }
    }

    [Fact]
    public void Follow_OfOtherRoutesDuringATransfer_CountsAtOnceAndKeepsTheSessions()
    {
        using var trio = new Trio(30);
        IReadOnlyList<RelayRoute> routes = trio.Relay.Plan.Options.Routes;
        SessionId?[] sessions = SessionsOf(trio.Relay);
        byte[] content = new WorldRandom(30, "content").Bytes(2_000_000);
        OutgoingFile file = trio.Alice.Send("file", content, trio.Bob.Member);
        Assert.True(trio.World.RunUntil(() => trio.Relay.Core.FramesPassedOn > 200, Minute), trio.Describe());
        trio.Relay.Core.Follow([], trio.Relay.Clock.Read());
        long passedOn = trio.Relay.Core.FramesPassedOn;
        trio.World.RunFor(TimeSpan.FromSeconds(3));
        Assert.Equal((passedOn, OutgoingFileState.Sending), (trio.Relay.Core.FramesPassedOn, file.State));
        trio.Relay.Core.Follow(routes, trio.Relay.Clock.Read());
        trio.Completes(file);
        Assert.Equal(content, trio.Bob.Disk.Files["file"]);
        Assert.Equal(sessions, SessionsOf(trio.Relay));
        Assert.Equal(0, trio.Bob.Audit.Repeats + trio.Relay.Audit.Repeats);
    }

    [Fact]
    public void Follow_OfRoutesThatCannotBe_ChangesNothing()
    {
        using var trio = new Trio(31);
        var zone = Fleet.ZoneOf("z:work");
        RelayRoute good = trio.Relay.Plan.Options.Routes[0];
        RelayRoute[][] wrong = [[new(zone, good.From, [good.From])], [new(zone, good.From, [trio.Relay.Id])], [good, good]];
        foreach (RelayRoute[] routes in wrong) Assert.Throws<ArgumentException>(() => trio.Relay.Core.Follow(routes, trio.Relay.Clock.Read()));
        trio.Completes(trio.Alice.Send("file", [1, 2, 3], trio.Bob.Member));
    }

    private static SessionId?[] SessionsOf(SimulatedNode node) => [.. node.Core.DescribePeers().Select(static peer => peer.Session)];
}
