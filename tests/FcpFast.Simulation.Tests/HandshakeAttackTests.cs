using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Node;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Session;
using FcpFast.Simulation.Actors;
using FcpFast.Simulation.Links;
using FcpFast.Simulation.Tests.Support;

namespace FcpFast.Simulation.Tests;

/// <summary>[WIRE §7.3] to [WIRE §7.5]: somebody on the path changes, mixes and reflects handshake messages. No session comes of it, and one does once it stops.</summary>
public sealed class HandshakeAttackTests
{
    public static TheoryData<string> Attacks => [.. Rewrites.Keys];

    private static readonly Dictionary<string, Func<Tape, (Func<byte[], byte[]?>? There, Func<byte[], byte[]?>? Back)>> Rewrites = new()
    {
        ["Hello offers the weaker suite only"] = static _ => (static hello => Change(hello, static (ref HelloMessage m) => m.Suites = new SuiteList([MacSuite.HmacSha256])), null),
        ["Hello offers suites in the other order"] = static _ =>
            (static hello => Change(hello, static (ref HelloMessage m) => m.Suites = new SuiteList([MacSuite.HmacSha256, MacSuite.Blake3])), null),
        ["Hello has another transport limit"] = static _ => (static hello => Change(hello, static (ref HelloMessage m) => m.TransportLimits = 600), null),
        ["Hello has another time"] = static _ => (static hello => Change(hello, static (ref HelloMessage m) => m.TimestampUnixSeconds += 1), null),
        ["Hello has no signature"] = static _ => (static hello => Change(hello, static (ref HelloMessage m) => m.Signature = default), null),
        ["Hello has no cookie"] = static _ => (static hello => Change(hello, static (ref HelloMessage m) => m.Cookie = default), null),
        ["Hello is cut short"] = static _ => (static hello => hello[..^1], null),
        ["Hello is followed by a byte"] = static _ => (static hello => [.. hello, 0], null),
        ["Hello of an earlier handshake"] = static tape => (_ => tape.Hello, null),
        ["Ack of an earlier handshake"] = static tape => (null, _ => tape.Ack),
        ["Both of an earlier handshake"] = static tape => (_ => tape.Hello, _ => tape.Ack),
        ["Ack of this handshake with the earlier session id"] = static tape => (null, ack => ChangeAck(ack, (ref AckMessage m) =>
        {
            AckMessage.Parse(tape.Ack, out AckMessage earlier);
            m.SessionId = earlier.SessionId;
        })),
        ["Ack of this handshake with the earlier ephemeral key"] = static tape => (null, ack => ChangeAck(ack, (ref AckMessage m) =>
        {
            AckMessage.Parse(tape.Ack, out AckMessage earlier);
            m.EphemeralKey = earlier.EphemeralKey;
        })),
        ["Ack of this handshake with the earlier signature"] = static tape => (null, ack => ChangeAck(ack, (ref AckMessage m) =>
        {
            AckMessage.Parse(tape.Ack, out AckMessage earlier);
            m.Signature = earlier.Signature;
        })),
        ["Ack selects the weaker suite"] = static _ => (null, static ack => ChangeAck(ack, static (ref AckMessage m) => m.Suite = MacSuite.HmacSha256)),
        ["Ack has no signature"] = static _ => (null, static ack => ChangeAck(ack, static (ref AckMessage m) => m.Signature = default)),
        ["Ack is cut short"] = static _ => (null, static ack => ack[..^1]),
        ["Ack is the Hello"] = static tape => (hello => tape.Last = hello, _ => tape.Last),
        ["Retry for ever"] = static tape => (null, _ => tape.Retry),
    };

    private delegate void Field<T>(ref T message)
        where T : allows ref struct;

    [Theory]
    [MemberData(nameof(Attacks))]
    public void Handshake_UnderAttack_GivesNoSessionUntilItStops(string attack)
    {
        using Duo duo = new Duo(1).Start();
        Tape tape = Record(duo);
        (Func<byte[], byte[]?>? there, Func<byte[], byte[]?>? back) = Rewrites[attack](tape);
        duo.Alice.Crash(); // both begin again, and bob still knows what he has seen
        duo.World.RunFor(TimeSpan.FromSeconds(1));
        Link toBob = duo.World.Mesh.Streams(duo.Alice, duo.Bob), toAlice = duo.World.Mesh.Streams(duo.Bob, duo.Alice);
        int changed = 0;
        if (there is not null) toBob.Add(Rules.When(packet => packet.IsHandshake && HasCookie(packet.Bytes) && ++changed > 0, Rules.Rewrite(there)));
        if (back is not null) toAlice.Add(Rules.When(packet => packet.IsHandshake && IsAck(packet.Bytes) && ++changed > 0, Rules.Rewrite(back)));
        int before = duo.Alice.Log.Links.Count + duo.Bob.Log.Links.Count(static change => change.State == LinkState.Established);
        duo.Alice.Start();
        duo.World.RunFor(TimeSpan.FromSeconds(30));
        Assert.True(changed > 1, $"{changed} messages were changed");
        Assert.Equal(before, duo.Alice.Log.Links.Count + duo.Bob.Log.Links.Count(static change => change.State == LinkState.Established));
        toBob.ClearRules();
        toAlice.ClearRules();
        duo.WaitFor(
            () => duo.Alice.Core.StateOf(duo.Bob.Id) == LinkState.Ready && duo.Bob.Core.StateOf(duo.Alice.Id) == LinkState.Ready, "a session", TimeSpan.FromSeconds(15));
        byte[] content = duo.Random.Bytes(50_000);
        duo.Arrives(duo.Alice.Send("file", content, duo.Bob.Member), content, duo.Bob, TimeSpan.FromSeconds(5));
    }

    /// <summary>What a node has said is sent back to it, over connections of the attacker's own and as datagrams.</summary>
    [Fact]
    public void Messages_OfANodeReflectedToIt_MakeNoSession()
    {
        using Duo duo = new Duo(2).Start();
        Tape tape = Record(duo);
        var eve = new Actor(duo.World, "eve");
        int links = duo.Bob.Log.Links.Count;
        foreach (byte[] message in new[] { tape.Ack, tape.Retry, tape.Hello })
        {
            eve.Connect(duo.Bob);
            duo.WaitFor(() => eve.Connection is not null, "eve is connected");
            eve.Connection!.Send(isHandshake: true, message);
            eve.SendDatagram(duo.Bob, message);
            duo.World.RunFor(TimeSpan.FromSeconds(1));
            eve.Close();
        }

        Assert.Equal(links, duo.Bob.Log.Links.Count);
        Assert.Empty(eve.Messages);
        Assert.DoesNotContain(eve.Datagrams, static packet => IsAck(packet.Bytes));
        Assert.Equal(LinkState.Ready, duo.Alice.Core.StateOf(duo.Bob.Id));
    }

    /// <summary>[WIRE §7.2]: every beginning of a Hello and of an Ack, as the whole message.</summary>
    [Fact]
    public void Messages_CutAnywhere_AreRefusedAndTheNodeLives()
    {
        using Duo duo = new Duo(3).Start();
        Tape tape = Record(duo);
        var eve = new Actor(duo.World, "eve");
        foreach (byte[] message in new[] { tape.Hello, tape.Ack, tape.Retry })
        {
            for (int bytes = 1; bytes < message.Length; bytes++) eve.SendDatagram(duo.Bob, message.AsSpan(0, bytes));
        }

        duo.World.RunFor(TimeSpan.FromSeconds(2));
        Assert.Empty(eve.Datagrams);
        byte[] content = duo.Random.Bytes(50_000);
        duo.Arrives(duo.Alice.Send("file", content, duo.Bob.Member), content, duo.Bob, TimeSpan.FromSeconds(5));
    }

    private static bool IsAck(byte[] message) => AckMessage.Parse(message, out _) == FcpStatus.Accepted;

    private static bool HasCookie(byte[] message) => HelloMessage.Parse(message, out HelloMessage hello) == FcpStatus.Accepted && !hello.Cookie.IsEmpty;

    private static byte[] Change(byte[] message, Field<HelloMessage> change)
    {
        Assert.Equal(FcpStatus.Accepted, HelloMessage.Parse(message, out HelloMessage hello));
        change(ref hello);
        var writer = new CborWriter(1024);
        hello.Write(writer);
        return writer.ToArray();
    }

    private static byte[] ChangeAck(byte[] message, Field<AckMessage> change)
    {
        Assert.Equal(FcpStatus.Accepted, AckMessage.Parse(message, out AckMessage ack));
        change(ref ack);
        var writer = new CborWriter(1024);
        ack.Write(writer);
        return writer.ToArray();
    }

    /// <summary>Lets a right handshake happen and keeps its messages.</summary>
    private static Tape Record(Duo duo)
    {
        var there = new List<Packet>();
        var back = new List<Packet>();
        duo.World.Mesh.Streams(duo.Alice, duo.Bob).Add(Rules.Tap(there));
        duo.World.Mesh.Streams(duo.Bob, duo.Alice).Add(Rules.Tap(back));
        duo.WaitFor(() => duo.Alice.Core.StateOf(duo.Bob.Id) == LinkState.Ready && duo.Bob.Core.StateOf(duo.Alice.Id) == LinkState.Ready, "a session");
        duo.World.Mesh.Streams(duo.Alice, duo.Bob).ClearRules();
        duo.World.Mesh.Streams(duo.Bob, duo.Alice).ClearRules();
        return new Tape(
            there.Last(static packet => packet.IsHandshake).Bytes, back.First(static packet => packet.IsHandshake).Bytes, back.Last(static packet => packet.IsHandshake).Bytes);
    }

    /// <summary>The messages of an earlier handshake of the same two nodes.</summary>
    private sealed record Tape(byte[] Hello, byte[] Retry, byte[] Ack)
    {
        public byte[] Last { get; set; } = [];
    }
}
