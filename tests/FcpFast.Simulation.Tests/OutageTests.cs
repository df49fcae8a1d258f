using System;
using FcpFast.Node;
using FcpFast.Protocol.Objects;
using FcpFast.Simulation.Tests.Support;

namespace FcpFast.Simulation.Tests;

/// <summary>Paths that break and come back, processes that end and start again: every transfer completes or resumes.</summary>
public sealed class OutageTests
{
    private const int ContentBytes = 3_000_000;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void Connection_BreaksInTheMiddle_TheTransferCompletes()
    {
        using Duo duo = Begin(1, out OutgoingFile file, out byte[] content);
        duo.World.Mesh.Break(duo.Alice, duo.Bob);
        duo.Arrives(file, content, duo.Bob, Minute);
    }

    /// <summary>What was on its way is lost with the connection, the last status and refusals among it.</summary>
    [Fact]
    public void Connection_BreaksAtEveryMoment_TheTransferCompletes()
    {
        for (int moment = 0; moment < 60; moment++)
        {
            using Duo duo = TransferTests.Small(100 + (ulong)moment).Connect();
            byte[] content = duo.Random.Bytes(600_000);
            OutgoingFile file = duo.Alice.Send("file", content, duo.Bob.Member);
            duo.World.RunFor(TimeSpan.FromMilliseconds(moment));
            duo.World.Mesh.Break(duo.Alice, duo.Bob);
            duo.Arrives(file, content, duo.Bob, Minute);
            Assert.Single(duo.Bob.Disk.Files);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(20)]
    [InlineData(120)]
    public void Datagrams_AreCutForAWhile_TheTransferCompletes(int seconds)
    {
        using Duo duo = Begin(2, out OutgoingFile file, out byte[] content);
        duo.AliceToBob.IsCut = true;
        duo.World.RunFor(TimeSpan.FromSeconds(seconds));
        Assert.Equal(OutgoingFileState.Sending, file.State);
        duo.AliceToBob.IsCut = false;
        duo.Arrives(file, content, duo.Bob, Minute);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(14)]
    [InlineData(40)]
    [InlineData(600)]
    public void Everything_IsCutForAWhile_TheTransferCompletes(int seconds)
    {
        using Duo duo = Begin(3, out OutgoingFile file, out byte[] content);
        duo.World.Mesh.Part(duo.Alice, duo.Bob);
        duo.World.RunFor(TimeSpan.FromSeconds(seconds));
        duo.World.Mesh.Heal(duo.Alice, duo.Bob);
        duo.Arrives(file, content, duo.Bob, Minute);
    }

    [Fact]
    public void Connection_IsRefusedForAWhile_TheTransferCompletes()
    {
        using Duo duo = Begin(4, out OutgoingFile file, out byte[] content);
        duo.Bob.Plan = duo.Bob.Plan with { IsListening = false };
        duo.World.Mesh.Break(duo.Alice, duo.Bob);
        duo.World.RunFor(TimeSpan.FromSeconds(60));
        duo.Bob.Plan = duo.Bob.Plan with { IsListening = true };
        duo.Arrives(file, content, duo.Bob, Minute);
    }

    [Fact]
    public void BothWays_AfterTheConnectionBroke_BothComplete()
    {
        using Duo duo = TransferTests.Small(5).Connect();
        byte[] there = duo.Random.Bytes(ContentBytes), back = duo.Random.Bytes(ContentBytes);
        OutgoingFile a = duo.Alice.Send("there", there, duo.Bob.Member), b = duo.Bob.Send("back", back, duo.Alice.Member);
        duo.WaitFor(() => a.CompleteBytes > 0 && b.CompleteBytes > 0, "both are begun");
        duo.World.Mesh.Part(duo.Alice, duo.Bob);
        duo.World.RunFor(TimeSpan.FromSeconds(30)); // long enough for both to give the session up
        duo.World.Mesh.Heal(duo.Alice, duo.Bob);
        duo.Arrives(a, there, duo.Bob, Minute);
        duo.Arrives(b, back, duo.Alice, Minute);
        Assert.InRange(duo.Alice.Audit.StreamCount, 1, 3);
        Assert.InRange(duo.Bob.Audit.StreamCount, 1, 3);
    }

    /// <summary>One end's new stream must not make the other begin a new one, or neither would ever keep its own.</summary>
    [Fact]
    public void BothWays_WithStreamsThatWearOut_EachBeginsAsManyAsItsFramesNeed()
    {
        const int FramesOfAStream = 400;
        Nodes.NodePlan Plan(Nodes.NodePlan plan) => plan with
        {
            Options = plan.Options with { StreamLimits = Protocol.Replay.SequencerLimits.Default with { SoftFrames = FramesOfAStream / 2 } },
        };
        using Duo duo = new Duo(13, Plan, Plan).Connect();
        byte[] there = duo.Random.Bytes(ContentBytes), back = duo.Random.Bytes(ContentBytes);
        OutgoingFile a = duo.Alice.Send("there", there, duo.Bob.Member), b = duo.Bob.Send("back", back, duo.Alice.Member);
        duo.Arrives(a, there, duo.Bob, Minute);
        duo.Arrives(b, back, duo.Alice, Minute);
        Assert.InRange(duo.Alice.Audit.StreamCount, 8, 12);
        Assert.InRange(duo.Bob.Audit.StreamCount, 8, 12);
    }

    [Fact]
    public void ManyFiles_AfterTheSessionWasLost_AllCompleteOverFewStreams()
    {
        using Duo duo = TransferTests.Small(6, slots: 40).Connect();
        var files = new (OutgoingFile File, byte[] Content)[32];
        for (int i = 0; i < files.Length; i++)
        {
            byte[] content = duo.Random.Bytes(150_000);
            files[i] = (duo.Alice.Send($"file {i}", content, duo.Bob.Member), content);
        }

        duo.WaitFor(() => files[0].File.CompleteBytes > 0, "they are begun");
        duo.World.Mesh.Part(duo.Alice, duo.Bob);
        duo.World.RunFor(TimeSpan.FromSeconds(30));
        duo.World.Mesh.Heal(duo.Alice, duo.Bob);
        foreach ((OutgoingFile file, byte[] content) in files) duo.Arrives(file, content, duo.Bob, Minute);
        Assert.InRange(duo.Bob.Audit.StreamCount, 1, 3);
    }

    [Fact]
    public void Receiver_CrashesInTheMiddle_TheTransferResumes()
    {
        using Duo duo = Begin(7, out OutgoingFile file, out byte[] content);
        duo.WaitFor(() => file.CompleteBytes > ContentBytes / 2, "half is sent");
        long needed = TransferTests.Symbols(ContentBytes) / 2;
        duo.Bob.Crash();
        duo.World.RunFor(TimeSpan.FromSeconds(3));
        long sent = duo.Alice.Core.FramesSent;
        duo.Bob.Start();
        duo.Arrives(file, content, duo.Bob, Minute);
        Assert.True(duo.Bob.Log.Received[0].IsResumed);
        Assert.True(duo.Alice.Core.FramesSent - sent <= needed, $"{duo.Alice.Core.FramesSent - sent} frames were sent for the half that was missing");
    }

    [Fact]
    public void Sender_CrashesInTheMiddle_TheTransferResumes()
    {
        using Duo duo = TransferTests.Small(8).Connect();
        byte[] content = duo.Random.Bytes(ContentBytes);
        OutgoingFile file = duo.Alice.Send("file", content, duo.Bob.Member, modified: 1);
        duo.WaitFor(() => file.CompleteBytes > ContentBytes / 2, "half is sent");
        duo.Alice.Crash();
        duo.World.RunFor(TimeSpan.FromSeconds(3));
        duo.Alice.Start();
        OutgoingFile again = duo.Alice.Send("file", content, duo.Bob.Member, modified: 1);
        duo.Arrives(again, content, duo.Bob, Minute);
        Assert.True(duo.Alice.Core.FramesSent <= TransferTests.Symbols(ContentBytes) / 2, duo.Describe());
        Assert.Single(duo.Bob.Disk.Files);
    }

    [Fact]
    public void Both_CrashAgainAndAgain_TheTransferCompletesAtLast()
    {
        using Duo duo = TransferTests.Small(9).Connect();
        byte[] content = duo.Random.Bytes(ContentBytes);
        OutgoingFile file = duo.Alice.Send("file", content, duo.Bob.Member, modified: 1);
        for (int i = 0; i < 10; i++)
        {
            duo.World.RunFor(TimeSpan.FromMilliseconds(duo.Random.Next(1, 60)));
            Nodes.SimulatedNode victim = i % 2 == 0 ? duo.Bob : duo.Alice;
            victim.Crash();
            duo.World.RunFor(TimeSpan.FromMilliseconds(duo.Random.Next(1, 2000)));
            victim.Start();
            if (victim == duo.Alice) file = duo.Alice.Send("file", content, duo.Bob.Member, modified: 1);
            duo.WaitFor(() => duo.Alice.Core.StateOf(duo.Bob.Id) == LinkState.Ready, "the link is ready again");
        }

        duo.Arrives(file, content, duo.Bob, Minute);
    }

    [Fact]
    public void Receiver_LosesItsDisk_GetsTheWholeFileAgain()
    {
        using Duo duo = Begin(10, out OutgoingFile file, out byte[] content);
        duo.WaitFor(() => file.CompleteBytes > ContentBytes / 2, "half is sent");
        duo.Bob.Crash();
        duo.Bob.Disk.Erase();
        duo.Bob.Start();
        duo.Arrives(file, content, duo.Bob, Minute);
        Assert.False(duo.Bob.Log.Received[0].IsResumed);
    }

    [Fact]
    public void Idle_ForAnHour_TheLinkStaysAndCostsNextToNothing()
    {
        using Duo duo = new Duo(11).Connect();
        long events = duo.World.EventCount, packets = duo.AliceToBob.Tally.Sent + duo.BobToAlice.Tally.Sent;
        duo.World.RunFor(TimeSpan.FromHours(1));
        Assert.Equal(LinkState.Ready, duo.Alice.Core.StateOf(duo.Bob.Id));
        Assert.True(duo.World.EventCount - events < 60_000, $"{duo.World.EventCount - events} events in an hour in which nothing happens");
        Assert.InRange(duo.AliceToBob.Tally.Sent + duo.BobToAlice.Tally.Sent - packets, 300, 800); // probes every 20 s, and their echoes
        byte[] content = duo.Random.Bytes(100_000);
        duo.Arrives(duo.Alice.Send("file", content, duo.Bob.Member), content, duo.Bob, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void BothEnds_OpenTheSessionAtOnce_OneWinsAndDataPasses()
    {
        var world = new World(12);
        using var fleet = new Fleets.Fleet(world);
        Fleets.Member a = fleet.Enrol("alice"), b = fleet.Enrol("bob");
        fleet.Found(Duo.Zone, Protocol.Crypto.AeadAlgorithm.ChaCha20Poly1305, a, b);
        using var alice = new Nodes.SimulatedNode(fleet, a, new Nodes.NodePlan());
        using var bob = new Nodes.SimulatedNode(fleet, b, new Nodes.NodePlan { ConnectsTo = [alice] });
        alice.Plan = alice.Plan with { ConnectsTo = [bob] };
        alice.Start();
        bob.Start();
        Assert.True(world.RunUntil(() => alice.Core.StateOf(b.Id) == LinkState.Ready && bob.Core.StateOf(a.Id) == LinkState.Ready, Minute), world.Trace.Tail());
        byte[] content = new WorldRandom(12, "content").Bytes(1_000_000);
        OutgoingFile there = alice.Send("there", content, b), back = bob.Send("back", content, a);
        Assert.True(world.RunUntil(() => there.State == OutgoingFileState.Completed && back.State == OutgoingFileState.Completed, Minute), world.Trace.Tail());
        int changes = alice.Log.Links.Count + bob.Log.Links.Count;
        world.RunFor(TimeSpan.FromMinutes(5));
        Assert.True(alice.Log.Links.Count + bob.Log.Links.Count - changes == 0, "the link goes up and down\n" + world.Trace.Tail());
    }

    private static Duo Begin(ulong seed, out OutgoingFile file, out byte[] content)
    {
        Duo duo = TransferTests.Small(seed).Connect();
        content = duo.Random.Bytes(ContentBytes);
        OutgoingFile begun = duo.Alice.Send("file", content, duo.Bob.Member);
        duo.WaitFor(() => begun.CompleteBytes > 0, "the transfer is begun");
        file = begun;
        return duo;
    }
}
