using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Node;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Objects;
using FcpFast.Simulation.Nodes;
using FcpFast.Simulation.Storage;
using FcpFast.Simulation.Tests.Support;

namespace FcpFast.Simulation.Tests;

/// <summary>[WIRE §16.9]: files between two nodes over a path that loses nothing.</summary>
public sealed class TransferTests
{
    private const int ChunkBytes = 64 * 1024;
    private const int SegmentBytes = 256 * 1024;
    private const int SymbolBytes = 1024;

    public static TheoryData<int> Sizes =>
    [
        0, 1, SymbolBytes - 1, SymbolBytes, SymbolBytes + 1, ChunkBytes - 1, ChunkBytes, ChunkBytes + 1,
        SegmentBytes - 1, SegmentBytes, SegmentBytes + 1, (3 * SegmentBytes) - 1, 3 * SegmentBytes, (7 * SegmentBytes) + (5 * ChunkBytes / 2),
    ];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Send_SizesAroundEveryBoundary_ArriveOnceWithoutRetransmission(int bytes)
    {
        using var duo = Small((ulong)bytes + 1).Connect();
        byte[] content = duo.Random.Bytes(bytes);
        OutgoingFile file = duo.Alice.Send("file", content, duo.Bob.Member);
        duo.Arrives(file, content, duo.Bob, TimeSpan.FromSeconds(1));
        Assert.Equal(Symbols(bytes), duo.Alice.Core.FramesSent);
        Assert.Equal(Symbols(bytes), duo.Bob.Core.FramesOpened);
        Assert.Equal((ulong)bytes, file.CompleteBytes);
        Assert.Equal(0, duo.Bob.Disk.PartCount);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(100)]
    [InlineData(300)]
    public void Send_AnyLatency_RetransmitsNothingOfNote(int milliseconds)
    {
        using var duo = new Duo((ulong)milliseconds);
        duo.World.Mesh.Latency = TimeSpan.FromMilliseconds(milliseconds);
        duo.Connect();
        byte[] content = duo.Random.Bytes(4 * 1024 * 1024);
        duo.Arrives(duo.Alice.Send("far", content, duo.Bob.Member), content, duo.Bob, TimeSpan.FromSeconds(30));
        long symbols = Symbols(content.Length);
        Assert.True(duo.Alice.Core.FramesSent <= symbols + (symbols / 100), $"{duo.Alice.Core.FramesSent} frames for {symbols} symbols\n{duo.Describe()}");
    }

    [Theory]
    [InlineData(AeadAlgorithm.ChaCha20Poly1305, 576)]
    [InlineData(AeadAlgorithm.ChaCha20Poly1305, 1452)]
    [InlineData(AeadAlgorithm.XChaCha20Poly1305, 1200)]
    [InlineData(AeadAlgorithm.XChaCha20Poly1305, 8192)]
    public void Send_EveryAlgorithmAndDatagramSize_Arrives(AeadAlgorithm algorithm, int datagramBytes)
    {
        NodePlan Sized(NodePlan plan) => plan with { Options = plan.Options with { DatagramBytesMax = datagramBytes } };
        using Duo duo = new Duo((ulong)datagramBytes, Sized, Sized, algorithm).Connect();
        byte[] content = duo.Random.Bytes(700_001);
        duo.Arrives(duo.Alice.Send("file", content, duo.Bob.Member), content, duo.Bob, TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData(MacSuite.HmacSha256)]
    [InlineData(MacSuite.Blake3)]
    public void Send_EverySuiteAndDatagramsOneByOne_Arrives(MacSuite suite)
    {
        NodePlan Plan(NodePlan plan) => plan with
        {
            Options = plan.Options with { Suites = new Protocol.Session.SuiteList([suite]) },
            Coalesces = false,
            SegmentsMax = 1,
        };
        using Duo duo = new Duo(3, Plan, Plan).Connect();
        byte[] content = duo.Random.Bytes(300_000);
        duo.Arrives(duo.Alice.Send("file", content, duo.Bob.Member), content, duo.Bob, TimeSpan.FromSeconds(1));
        Assert.Equal(suite, duo.Bob.Core.LastSuite);
    }

    [Fact]
    public void Send_SmallFile_IsThereWithinAFewRoundTrips()
    {
        using var duo = Small(5);
        duo.World.Mesh.Latency = TimeSpan.FromMilliseconds(20);
        duo.Connect();
        byte[] content = duo.Random.Bytes(10_000);
        duo.Arrives(duo.Alice.Send("small", content, duo.Bob.Member), content, duo.Bob, TimeSpan.FromMilliseconds(200));
    }

    [Fact]
    public void Send_BothWaysAtOnce_BothArrive()
    {
        using Duo duo = Small(6).Connect();
        byte[] there = duo.Random.Bytes(900_000), back = duo.Random.Bytes(800_000);
        OutgoingFile a = duo.Alice.Send("there", there, duo.Bob.Member), b = duo.Bob.Send("back", back, duo.Alice.Member);
        duo.Arrives(a, there, duo.Bob);
        duo.Arrives(b, back, duo.Alice);
        Assert.Equal(1, duo.Alice.Audit.StreamCount);
        Assert.Equal(1, duo.Bob.Audit.StreamCount);
    }

    [Fact]
    public void Send_SeveralFilesAtOnce_AllArriveAndTakeTurns()
    {
        using Duo duo = Small(7, slots: 6).Connect();
        List<(OutgoingFile File, byte[] Content)> files = Enumerable.Range(0, 12).Select(i =>
        {
            byte[] content = duo.Random.Bytes(100_000 * (1 + (i % 4)));
            return (duo.Alice.Send($"file {i}", content, duo.Bob.Member), content);
        }).ToList();
        foreach ((OutgoingFile file, byte[] content) in files) duo.Arrives(file, content, duo.Bob);
        Assert.Equal(12, duo.Bob.Log.Received.Count);
    }

    [Fact]
    public void Send_TheSameContentThrice_ArrivesUnderThreeNames()
    {
        using Duo duo = Small(8, slots: 9).Connect();
        byte[] content = new byte[3 * SegmentBytes]; // every chunk of it is equal, too
        OutgoingFile[] files = [.. Enumerable.Range(0, 3).Select(i => duo.Alice.Send($"file {i}", content, duo.Bob.Member))];
        foreach (OutgoingFile file in files) duo.Arrives(file, content, duo.Bob);
    }

    [Fact]
    public void Send_TheSameFileAgainAfterItArrived_IsToldSoAtOnce()
    {
        using Duo duo = Small(9).Connect();
        byte[] content = duo.Random.Bytes(500_000);
        duo.Arrives(duo.Alice.Send("file", content, duo.Bob.Member, modified: 1), content, duo.Bob);
        long sent = duo.Alice.Core.FramesSent;
        duo.Arrives(duo.Alice.Send("file", content, duo.Bob.Member, modified: 1), content, duo.Bob, TimeSpan.FromSeconds(1));
        Assert.Equal(sent, duo.Alice.Core.FramesSent);
        Assert.Single(duo.Bob.Disk.Files);
    }

    [Fact]
    public void Cancel_WhileItIsSent_StopsAndLeavesThePart()
    {
        using Duo duo = Small(10).Connect();
        OutgoingFile file = duo.Alice.Send("file", duo.Random.Bytes(4 * SegmentBytes), duo.Bob.Member);
        duo.WaitFor(() => file.CompleteBytes > SegmentBytes, "a quarter is sent");
        duo.Alice.Cancel(file);
        duo.World.RunFor(TimeSpan.FromSeconds(1));
        long sent = duo.Alice.Core.FramesSent;
        duo.World.RunFor(TimeSpan.FromSeconds(60));
        Assert.Equal(OutgoingFileState.Canceled, file.State);
        Assert.Equal(sent, duo.Alice.Core.FramesSent);
        Assert.Equal(1, duo.Bob.Disk.PartCount);
        Assert.Empty(duo.Bob.Disk.Files);
    }

    [Fact]
    public void Send_OneOfTwoPeersIsDown_TheOtherGetsItsFile()
    {
        var world = new World(11);
        using var fleet = new Fleets.Fleet(world);
        Fleets.Member a = fleet.Enrol("alice"), b = fleet.Enrol("bob"), c = fleet.Enrol("carol");
        fleet.Found(Duo.Zone, AeadAlgorithm.ChaCha20Poly1305, a, b, c);
        using var bob = new SimulatedNode(fleet, b, new NodePlan());
        using var carol = new SimulatedNode(fleet, c, new NodePlan());
        using var alice = new SimulatedNode(fleet, a, new NodePlan { ConnectsTo = [bob, carol], Source = new SourceOptions(SegmentBytes, ChunkBytes) });
        bob.Start();
        carol.Start();
        alice.Start();
        Assert.True(world.RunUntil(() => alice.Core.StateOf(b.Id) == LinkState.Ready && alice.Core.StateOf(c.Id) == LinkState.Ready, Duo.Limit));
        OutgoingFile toBob = alice.Send("for bob", new WorldRandom(1, "bob").Bytes(3_000_000), b);
        Assert.True(world.RunUntil(() => toBob.CompleteBytes > 0, Duo.Limit));
        bob.Crash();
        byte[] content = new WorldRandom(1, "carol").Bytes(3_000_000);
        OutgoingFile toCarol = alice.Send("for carol", content, c);
        Assert.True(world.RunUntil(() => toCarol.State != OutgoingFileState.Sending, TimeSpan.FromSeconds(30)), world.Trace.Tail());
        Assert.Equal(content, carol.Disk.Files["for carol"]);
        Assert.Equal(OutgoingFileState.Sending, toBob.State);
    }

    /// <summary>Frames of a file at one symbol a frame.</summary>
    internal static long Symbols(int bytes)
    {
        long symbols = 0;
        for (int chunk = 0; chunk < bytes; chunk += ChunkBytes) symbols += (Math.Min(ChunkBytes, bytes - chunk) + SymbolBytes - 1) / SymbolBytes;
        return symbols;
    }

    /// <summary>Nodes that cut files into small segments.</summary>
    internal static Duo Small(ulong seed, int slots = 3)
    {
        NodePlan Plan(NodePlan plan) => plan with { Source = new SourceOptions(SegmentBytes, ChunkBytes, slots) };
        return new Duo(seed, Plan, Plan);
    }
}
