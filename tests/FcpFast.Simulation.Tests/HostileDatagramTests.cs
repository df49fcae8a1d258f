using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Node;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Objects;
using FcpFast.Simulation.Actors;
using FcpFast.Simulation.Links;
using FcpFast.Simulation.Tests.Support;

namespace FcpFast.Simulation.Tests;

/// <summary>[WIRE §6], [REPLAY §2.7], [REPLAY §2.8], [REPLAY §6.1]: what strangers, and old sessions, put onto a path.</summary>
public sealed class HostileDatagramTests
{
    [Fact]
    public void Datagram_OfEveryLength_IsCountedOnceAndChangesNothing()
    {
        using Duo duo = new Duo(1, bob: static plan => plan with { Coalesces = false }).Connect();
        var eve = new Actor(duo.World, "eve");
        int count = 0;
        foreach (int bytes in Enumerable.Range(0, 200).Concat([576, 1199, 1200, 1201, 9000, 65_507]))
        {
            eve.SendDatagram(duo.Bob, duo.Random.Bytes(bytes));
            eve.SendDatagram(duo.Bob, new byte[bytes]);
            eve.SendDatagram(duo.Bob, Enumerable.Repeat((byte)0xA6, bytes).ToArray()); // the look of a Hello
            count += bytes > 0 ? 3 : 0; // empty ones do not get past the socket
        }

        duo.World.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(count, duo.Bob.Counters.Snapshot().Sum(static pair => pair.Value));
        Assert.Equal(3 * 39 - (39 - 16), duo.Bob.CountOf(FcpStatus.DatagramTooShort)); // a longer one with that look is taken for a Hello
        Assert.Empty(eve.Datagrams);
        Works(duo);
    }

    [Fact]
    public void Datagram_LongerThanTheNodeTakes_IsRefusedByName()
    {
        using Duo duo = new Duo(2, bob: static plan => plan with { Options = plan.Options with { DatagramBytesAcceptedMax = 1200 } }).Connect();
        var eve = new Actor(duo.World, "eve");
        eve.SendDatagram(duo.Bob, new byte[1201]);
        duo.World.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(1, duo.Bob.CountOf(FcpStatus.DatagramTooLarge));
        Works(duo);
    }

    [Fact]
    public void Datagrams_EveryPrefixOfARealOne_AreRefused()
    {
        using Duo duo = new Duo(3).Connect();
        byte[] real = Capture(duo)[0].Bytes;
        var eve = new Actor(duo.World, "eve");
        long verified = duo.Bob.Core.DatagramsVerified;
        for (int bytes = 1; bytes < real.Length; bytes += bytes < 200 ? 1 : 37) eve.Spoof(duo.Alice, duo.Bob, real.AsSpan(0, bytes));
        duo.World.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(verified, duo.Bob.Core.DatagramsVerified);
        Works(duo);
    }

    /// <summary>[REPLAY §2.8]: an outsider can neither silence a peer nor use up its numbers, from its own address or in its name.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Forgeries_OfALiveSession_DoNotDisturbItsTransfer(bool isSpoofed)
    {
        using Duo duo = new Duo(4).Connect();
        byte[] real = Capture(duo)[0].Bytes;
        var eve = new Actor(duo.World, "eve");
        byte[] content = duo.Random.Bytes(1_000_000);
        OutgoingFile file = duo.Alice.Send("file", content, duo.Bob.Member);
        for (int i = 0; i < 3000; i++)
        {
            byte[] forged = (byte[])real.Clone();
            BitConverter.TryWriteBytes(forged.AsSpan(16), 5000ul + (ulong)i); // numbers that alice has not used yet
            BitConverter.TryWriteBytes(forged.AsSpan(40 + 106), 5000ul + (ulong)i);
            duo.World.At(duo.World.NowTicks + (i * 100), () =>
            {
                if (isSpoofed) eve.Spoof(duo.Alice, duo.Bob, forged);
                else eve.SendDatagram(duo.Bob, forged);
            });
        }

        duo.Arrives(file, content, duo.Bob, TimeSpan.FromSeconds(5));
        duo.World.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(3000, duo.Bob.CountOf(FcpStatus.InvalidSignature));
        Assert.Equal(TransferTests.Symbols(content.Length) + TransferTests.Symbols(CaptureBytes), duo.Alice.Core.FramesSent);
    }

    /// <summary>[REPLAY §2.8] (D13): failures count against the address that they came from; it gets no answer any more, and everyone else does.</summary>
    [Fact]
    public void Address_OfTooManyFailures_GetsNoAnswerForAMinuteAndOthersDo()
    {
        using var duo = new Duo(12);
        var taken = new List<Packet>();
        duo.World.Mesh.Streams(duo.Alice, duo.Bob).Add(Rules.Tap(taken));
        duo.Connect();
        byte[] hello = taken[0].Bytes, real = Capture(duo)[0].Bytes;
        var eve = new Actor(duo.World, "eve");
        var neighbour = new Actor(duo.World, "neighbour");
        real[^1] ^= 1;
        real[40 + 98] ^= 1; // of a stream that is not known
        for (int i = 0; i < 100; i++) eve.SendDatagram(duo.Bob, real);
        duo.World.RunFor(TimeSpan.FromSeconds(1));
        eve.SendDatagram(duo.Bob, hello);
        duo.World.RunFor(TimeSpan.FromSeconds(1));
        Assert.Single(eve.Datagrams); // a hundred failures are within the budget
        eve.SendDatagram(duo.Bob, real);
        duo.World.RunFor(TimeSpan.FromSeconds(1));
        eve.SendDatagram(duo.Bob, hello);
        neighbour.SendDatagram(duo.Bob, hello);
        duo.World.RunFor(TimeSpan.FromSeconds(1));
        Assert.Single(eve.Datagrams);
        Assert.Single(neighbour.Datagrams);
        Assert.Equal(1, duo.Bob.CountOf(FcpStatus.AuthFailureBudgetExceeded));
        Works(duo); // the peer that the frames claimed to be of
        duo.World.RunFor(TimeSpan.FromMinutes(1));
        eve.SendDatagram(duo.Bob, hello);
        duo.World.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(2, eve.Datagrams.Count);
    }

    [Fact]
    public void Replay_OfEverythingInTheSameSession_IsRefusedAsDuplicate()
    {
        using Duo duo = new Duo(5).Connect();
        List<Packet> all = Capture(duo);
        var eve = new Actor(duo.World, "eve");
        long before = duo.Bob.CountOf(FcpStatus.ReplayDuplicate);
        foreach (Packet packet in all) eve.Spoof(duo.Alice, duo.Bob, packet.Bytes);
        duo.World.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(all.Count, duo.Bob.CountOf(FcpStatus.ReplayDuplicate) - before);
        duo.HoldsNoRepeats();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Replay_AfterEitherSideRestarted_IsRefusedAsUnknownSession(bool isReceiver)
    {
        using Duo duo = new Duo(6).Connect();
        List<Packet> all = Capture(duo);
        Nodes.SimulatedNode restarted = isReceiver ? duo.Bob : duo.Alice;
        restarted.Crash();
        duo.World.RunFor(TimeSpan.FromSeconds(1));
        restarted.Start();
        duo.World.RunFor(TimeSpan.FromMinutes(1)); // the old session has drained
        Assert.Equal(LinkState.Ready, duo.Bob.Core.StateOf(duo.Alice.Id));
        var eve = new Actor(duo.World, "eve");
        long before = duo.Bob.CountOf(FcpStatus.UnknownSession), verified = duo.Bob.Core.FramesAccepted;
        foreach (Packet packet in all) eve.Spoof(duo.Alice, duo.Bob, packet.Bytes);
        duo.World.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(all.Count, duo.Bob.CountOf(FcpStatus.UnknownSession) - before);
        Assert.Equal(verified, duo.Bob.Core.FramesAccepted);
        duo.HoldsNoRepeats();
        Works(duo);
    }

    [Fact]
    public void Reflection_OfANodesOwnDatagrams_DoesNotVerify()
    {
        using Duo duo = new Duo(7).Connect();
        List<Packet> all = Capture(duo);
        var eve = new Actor(duo.World, "eve");
        long verified = duo.Alice.Core.DatagramsVerified;
        foreach (Packet packet in all) eve.Spoof(duo.Bob, duo.Alice, packet.Bytes);
        duo.World.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(verified, duo.Alice.Core.DatagramsVerified);
        Assert.Equal(all.Count, duo.Alice.CountOf(FcpStatus.InvalidSignature));
        Works(duo);
    }

    [Fact]
    public void Connection_OfAStranger_GarbageOfEveryKindIsRefusedAndItIsClosed()
    {
        using Duo duo = new Duo(8).Connect();
        var taken = new List<Packet>();
        duo.World.Mesh.Streams(duo.Alice, duo.Bob).Add(Rules.Tap(taken));
        Capture(duo);
        byte[] control = taken.First(static packet => packet.Bytes.Length > 100).Bytes;
        foreach (byte[] message in new[] { duo.Random.Bytes(100), new byte[52], control, control[..^1], [.. control[..30], 0xFF, 0xFF, .. control[32..]] })
        {
            foreach (bool isHandshake in new[] { true, false })
            {
                var eve = new Actor(duo.World, $"eve {message.Length} {isHandshake} {duo.World.Trace.Count}");
                eve.Connect(duo.Bob);
                duo.WaitFor(() => eve.Connection is not null, "eve is connected");
                eve.Connection!.Send(isHandshake, message);
                duo.World.RunFor(TimeSpan.FromSeconds(1));
                Assert.Null(eve.Connection);
                Assert.Empty(eve.Messages);
            }
        }

        Works(duo);
        Assert.Equal(LinkState.Ready, duo.Alice.Core.StateOf(duo.Bob.Id));
        Assert.Equal(2, duo.Alice.Log.Links.Count); // established and ready, once
    }

    [Fact]
    public void Connection_OfAStrangerThatIsSilent_IsClosedInTime()
    {
        using Duo duo = new Duo(9).Connect();
        var eve = new Actor(duo.World, "eve");
        eve.Connect(duo.Bob);
        duo.WaitFor(() => eve.Connection is not null, "eve is connected");
        duo.World.RunFor(TimeSpan.FromSeconds(31));
        Assert.Null(eve.Connection);
        Works(duo);
    }

    private const int CaptureBytes = 200_000;

    /// <summary>Every datagram that alice sends for one file.</summary>
    private static List<Packet> Capture(Duo duo)
    {
        var taken = new List<Packet>();
        duo.AliceToBob.Add(Rules.Tap(taken));
        byte[] content = duo.Random.Bytes(CaptureBytes);
        duo.Arrives(duo.Alice.Send("captured", content, duo.Bob.Member), content, duo.Bob, TimeSpan.FromSeconds(5));
        duo.AliceToBob.ClearRules();
        return taken;
    }

    private static void Works(Duo duo)
    {
        byte[] content = duo.Random.Bytes(100_000);
        duo.Arrives(duo.Alice.Send("afterwards", content, duo.Bob.Member), content, duo.Bob, TimeSpan.FromSeconds(10));
    }
}
