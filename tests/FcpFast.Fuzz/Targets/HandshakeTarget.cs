using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Fuzz.Runs;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Fuzz.Targets;

/// <summary>Both roles of the handshake against a reading of the order of checks: Hellos and Acks with any faults, again and again, with cookies and without.</summary>
/// <remarks>Source: [WIRE §7.4], [WIRE §7.5], [REPLAY §6.3].</remarks>
internal static class HandshakeTarget
{
    private const int HellosMax = 12;

    private static readonly string[] Names = ["alice", "bob", "carol", "mallory"];
    private static readonly int[] SkewSeconds = [0, -120, 120, -121, 121];
    private static readonly MacSuite[][] Offers = [[MacSuite.Blake3, MacSuite.HmacSha256], [MacSuite.HmacSha256], [MacSuite.Blake3]];

    public static IEnumerable<FuzzTarget> All { get; } =
    [
        new("handshake", static input => InputRandom.Run(input, Course), Seeds) { InputBytesMax = 256, AllocatedBytesMax = 16 * 1024 * 1024 },
    ];

    private static string? Course(Random random)
    {
        using var bob = new HandshakeParty("bob", change: static context => context with { Suites = new SuiteList([MacSuite.Blake3]) });
        bob.File("alice");
        bob.File("carol", FcpStatus.AttestationExpired);
        var accepted = new HashSet<(string From, int Nonce)>();
        Instant now = TestNodes.Start;
        for (int i = 0; i < HellosMax; i++)
        {
            now = now.After(random.Next(6));
            Greet(bob, random, now, accepted);
            Answer(bob, random, now);
        }

        return null;
    }

    private static void Greet(HandshakeParty bob, Random random, Instant now, HashSet<(string From, int Nonce)> accepted)
    {
        string from = Names[random.Next(Names.Length)], to = random.Next(8) == 0 ? Names[random.Next(Names.Length)] : "bob";
        int nonce = random.Next(3), skew = SkewSeconds[random.Next(8) == 0 ? random.Next(SkewSeconds.Length) : 0], signing = random.Next(6), cookie = random.Next(3);
        bool isProven = random.Next(2) == 0;
        var hello = new HelloDraft
        {
            From = from, To = to, Nonce = HandshakeSamples.Fill((byte)nonce, 16), Timestamp = (ulong)((long)now.UnixSeconds + skew),
            Suites = Offers[random.Next(Offers.Length)], IsUnsigned = signing == 0, SignedBy = signing == 1 ? "someone else" : null,
        };
        if (cookie == 1) hello = hello with { Cookie = HandshakeSamples.Fill(9, 32) };
        if (cookie == 2)
        {
            FcpStatus asked = bob.Receive(hello.Bytes(), out PeerSession? none, now, isAddressProven: false);
            bool mayAsk = HelloRetryMessage.Parse(bob.Reply, out HelloRetryMessage retry) == FcpStatus.Accepted;
            FuzzFinding.Unless(asked == FcpStatus.InvalidCookie && none is null && mayAsk, "whoever is asked for a cookie gets one, and nothing else");
            hello = hello with { Cookie = retry.Cookie.ToArray() };
        }

        FcpStatus expected = Judge(hello, isProven, cookie, signing, skew, nonce, accepted);
        FcpStatus found = bob.Receive(hello.Bytes(), out PeerSession? session, now, isProven);
        FuzzFinding.Unless(found == expected, $"{hello} with cookie {cookie}, proven {isProven} was {found}, not {expected}");
        FuzzFinding.Unless(found == FcpStatus.Accepted == session is not null, "a session is made by what is accepted, and only by that");
        if (found == FcpStatus.Accepted) accepted.Add((from, nonce));
        session?.Dispose();
    }

    private static FcpStatus Judge(HelloDraft hello, bool isProven, int cookie, int signing, int skew, int nonce, HashSet<(string From, int Nonce)> accepted)
    {
        if (!isProven && cookie != 2) return FcpStatus.InvalidCookie;
        if (hello.To != "bob") return FcpStatus.WrongRecipient;
        if (hello.From == "bob") return FcpStatus.SelfHandshake;
        if (hello.From == "mallory") return FcpStatus.AttestationNodeMismatch;
        if (Math.Abs(skew) > 120) return FcpStatus.TimestampSkew;
        if (hello.From == "carol") return FcpStatus.AttestationExpired;
        if (signing == 0) return FcpStatus.MissingSignature;
        if (signing == 1) return FcpStatus.InvalidSignature;
        if (accepted.Contains((hello.From, nonce))) return FcpStatus.HelloReplayed;
        return hello.Suites.Contains(MacSuite.Blake3) ? FcpStatus.Accepted : FcpStatus.NoMutualSuite;
    }

    /// <summary>One Ack with at most one fault of each kind; the first in order names it.</summary>
    private static void Answer(HandshakeParty bob, Random random, Instant now)
    {
        int faults = random.Next(64);
        using HandshakeInitiator initiator = bob.Greet(Alice, out byte[] hello, now);
        var ack = new AckDraft { Hello = hello, From = "alice", To = "bob", Timestamp = now.UnixSeconds };
        FcpStatus expected = FcpStatus.Accepted;
        if ((faults & 1) != 0) (ack, expected) = (ack with { IsUnsigned = true }, FcpStatus.MissingSignature);
        else if ((faults & 2) != 0) (ack, expected) = (ack with { SignedBy = "mallory" }, FcpStatus.InvalidSignature);
        if ((faults & 4) != 0) (ack, expected) = (ack with { Suite = MacSuite.HmacSha256 }, FcpStatus.SuiteNotOffered);
        if ((faults & 8) != 0) (ack, expected) = (ack with { Timestamp = now.UnixSeconds + 121 }, FcpStatus.TimestampSkew);
        if ((faults & 16) != 0) (ack, expected) = (ack with { From = "carol" }, FcpStatus.AckPeerMismatch);
        if ((faults & 32) != 0) (ack, expected) = (ack with { To = "carol" }, FcpStatus.AckPeerMismatch);
        FcpStatus found = initiator.ReceiveAck(ack.Bytes(), now, out PeerSession? session);
        FuzzFinding.Unless(found == expected, $"an Ack with faults {faults} was {found}, not {expected}");
        FuzzFinding.Unless(found == FcpStatus.Accepted == session is not null, "a session is made by what is accepted, and only by that");
        session?.Dispose();
    }

    private static HandshakeParty Alice { get; } = new("alice");

    private static IEnumerable<byte[]> Seeds() => Enumerable.Range(1, 6).Select(static seed =>
    {
        byte[] dice = new byte[200];
        new Random(seed).NextBytes(dice);
        return dice;
    });
}
