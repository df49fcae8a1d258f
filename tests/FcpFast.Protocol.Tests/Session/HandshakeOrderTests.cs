using System;
using System.Linq;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Session;

/// <summary>[WIRE §7.5], [WIRE §7.6], [WIRE §7.7]: of two things that are wrong with a Hello or an Ack the earlier one is named, and a refusal changes nothing.</summary>
public sealed class HandshakeOrderTests
{
    private static readonly SessionId KnownSession = new(new Bytes16(77, 77));
    private static readonly byte[] SpentNonce = HandshakeSamples.Fill(0x51, 16);

    /// <summary>What may be wrong with a Hello, in the order of [WIRE §7.5]; two of one group are not tried together.</summary>
    private static readonly Fault<HelloDraft>[] HelloFaults =
    [
        new("cookie", FcpStatus.InvalidCookie, "cookie", static d => d with { Cookie = HandshakeSamples.Fill(1, 32) }),
        new("recipient", FcpStatus.WrongRecipient, "to", static d => d with { To = "carol" }),
        new("self", FcpStatus.SelfHandshake, "from to", static d => d with { From = "bob" }),
        new("identity", FcpStatus.AttestationNodeMismatch, "from", static d => d with { From = "stranger" }),
        new("behind", FcpStatus.TimestampSkew, "time", static d => d with { Timestamp = TestNodes.Start.UnixSeconds - 121 }),
        new("ahead", FcpStatus.TimestampSkew, "time", static d => d with { Timestamp = TestNodes.Start.UnixSeconds + 121 }),
        new("attestation", FcpStatus.InvalidAttestation, "from", static d => d with { From = "invalid" }),
        new("expired", FcpStatus.AttestationExpired, "from", static d => d with { From = "expired" }),
        new("unverified", FcpStatus.AttestationVerifyFailed, "from", static d => d with { From = "unverified" }),
        new("unsigned", FcpStatus.MissingSignature, "signature", static d => d with { IsUnsigned = true }),
        new("forged", FcpStatus.InvalidSignature, "signature", static d => d with { SignedBy = "mallory" }),
        new("replayed", FcpStatus.HelloReplayed, "from nonce", static d => d with { Nonce = SpentNonce }),
        new("suite", FcpStatus.NoMutualSuite, "suite", static d => d with { Suites = [MacSuite.HmacSha256] }),
        new("zero key", FcpStatus.InvalidPublicKey, "key", static d => d with { EphemeralKey = new byte[32] }),
    ];

    /// <summary>What may be wrong with an Ack, in the same order.</summary>
    private static readonly Fault<AckDraft>[] AckFaults =
    [
        new("from", FcpStatus.AckPeerMismatch, "from", static d => d with { From = "carol" }),
        new("to", FcpStatus.AckPeerMismatch, "to", static d => d with { To = "carol" }),
        new("behind", FcpStatus.TimestampSkew, "time", static d => d with { Timestamp = TestNodes.Start.UnixSeconds - 121 }),
        new("ahead", FcpStatus.TimestampSkew, "time", static d => d with { Timestamp = TestNodes.Start.UnixSeconds + 121 }),
        new("not offered", FcpStatus.SuiteNotOffered, "suite", static d => d with { Suite = MacSuite.HmacSha256 }),
        new("known session", FcpStatus.DuplicateSessionId, "session", static d => d with { SessionId = KnownSession }),
        new("unsigned", FcpStatus.MissingSignature, "signature", static d => d with { IsUnsigned = true }),
        new("forged", FcpStatus.InvalidSignature, "signature", static d => d with { SignedBy = "mallory" }),
        new("zero key", FcpStatus.InvalidPublicKey, "key", static d => d with { EphemeralKey = new byte[32] }),
    ];

    public static TheoryData<string> OfHello => [.. HelloFaults.Select(static fault => fault.Name)];

    public static TheoryData<string> OfAck => [.. AckFaults.Select(static fault => fault.Name)];

    [Theory]
    [MemberData(nameof(OfHello))]
    public void Receive_OneFaultOfAHello_IsNamedAndChangesNothing(string name)
    {
        Fault<HelloDraft> fault = HelloFaults.Single(fault => fault.Name == name);
        using HandshakeParty bob = Bob(requiresCookie: name == "cookie");
        for (int i = 0; i < 2; i++) // twice, for a refusal is not remembered
        {
            int keys = bob.Crypto.Vault.Live.Count;
            Assert.Equal(fault.Status, bob.Receive(fault.Apply(Right()).Bytes(), out PeerSession? session));
            Assert.Null(session);
            Assert.Equal(name == "cookie", bob.Reply.Length > 0); // every other refusal looks alike from outside: silence
            Assert.Equal(keys, bob.Crypto.Vault.Live.Count);
        }

        if (name == "cookie") return;
        Assert.Equal(FcpStatus.Accepted, bob.Receive(Right().Bytes(), out _)); // the same nonce, for it was never accepted
    }

    [Theory]
    [MemberData(nameof(OfHello))]
    public void Receive_TwoFaultsOfAHello_NamesTheEarlierOne(string name)
    {
        int first = Array.FindIndex(HelloFaults, fault => fault.Name == name);
        using HandshakeParty bob = Bob(requiresCookie: name == "cookie");
        foreach (Fault<HelloDraft> second in HelloFaults.Skip(first + 1).Where(second => !HelloFaults[first].Excludes(second)))
        {
            FcpStatus found = bob.Receive(HelloFaults[first].Apply(second.Apply(Right())).Bytes(), out _);
            Assert.True(found == HelloFaults[first].Status, $"{name} and {second.Name}: {found}");
        }
    }

    [Theory]
    [MemberData(nameof(OfAck))]
    public void ReceiveAck_OneFault_IsNamedAndTheRightAckIsStillTaken(string name)
    {
        Fault<AckDraft> fault = AckFaults.Single(fault => fault.Name == name);
        using HandshakeParty alice = Alice();
        using HandshakeInitiator initiator = alice.Greet(Bob(), out byte[] hello);
        var right = new AckDraft { Hello = hello };
        Assert.Equal(fault.Status, initiator.ReceiveAck(fault.Apply(right).Bytes(), TestNodes.Start, out PeerSession? session));
        Assert.Null(session);
        FcpStatus after = initiator.ReceiveAck(right.Bytes(), TestNodes.Start, out session);
        bool isKeySpent = name == "zero key"; // signed by the peer itself; an ephemeral key is used once, whatever comes of it
        Assert.Equal(isKeySpent ? FcpStatus.AckPeerMismatch : FcpStatus.Accepted, after);
        Assert.Equal(isKeySpent, session is null);
    }

    [Theory]
    [MemberData(nameof(OfAck))]
    public void ReceiveAck_TwoFaults_NamesTheEarlierOne(string name)
    {
        int first = Array.FindIndex(AckFaults, fault => fault.Name == name);
        using HandshakeParty alice = Alice();
        using HandshakeInitiator initiator = alice.Greet(Bob(), out byte[] hello);
        foreach (Fault<AckDraft> second in AckFaults.Skip(first + 1).Where(second => !AckFaults[first].Excludes(second)))
        {
            byte[] ack = AckFaults[first].Apply(second.Apply(new AckDraft { Hello = hello })).Bytes();
            FcpStatus found = initiator.ReceiveAck(ack, TestNodes.Start, out _);
            Assert.True(found == AckFaults[first].Status, $"{name} and {second.Name}: {found}");
        }
    }

    [Theory]
    [InlineData(FcpStatus.InvalidAttestation, FcpStatus.InvalidAttestation)]
    [InlineData(FcpStatus.AttestationVerifyFailed, FcpStatus.AttestationVerifyFailed)]
    [InlineData(FcpStatus.Accepted, FcpStatus.AttestationExpired)]
    public void ReceiveAck_OfAPeerWhoseAttestationDoesNotCount_IsRefusedBeforeItsSuite(FcpStatus filed, FcpStatus expected)
    {
        using HandshakeParty alice = Alice();
        using HandshakeInitiator initiator = alice.Greet(Bob(), out byte[] hello);
        var below = new AckDraft { Hello = hello, Suite = MacSuite.HmacSha256 };
        alice.File("bob", filed, expiresInSeconds: 0);
        Assert.Equal(expected, initiator.ReceiveAck(below.Bytes(), TestNodes.Start, out _));
        Assert.Equal(FcpStatus.TimestampSkew, initiator.ReceiveAck((below with { Timestamp = 1 }).Bytes(), TestNodes.Start, out _));
    }

    [Theory]
    [InlineData(119, FcpStatus.Accepted)]
    [InlineData(120, FcpStatus.Accepted)]
    [InlineData(121, FcpStatus.TimestampSkew)]
    [InlineData(-120, FcpStatus.Accepted)]
    [InlineData(-121, FcpStatus.TimestampSkew)]
    public void Receive_TimestampAtTheEdgeOfTheSkew_IsJudgedToTheSecond(int seconds, FcpStatus expected)
    {
        using HandshakeParty bob = Bob();
        HelloDraft hello = Right() with { Timestamp = (ulong)((long)TestNodes.Start.UnixSeconds + seconds) };
        Assert.Equal(expected, bob.Receive(hello.Bytes(), out _));
        foreach (ulong far in new[] { 0ul, ulong.MaxValue })
        {
            Assert.Equal(FcpStatus.TimestampSkew, bob.Receive((hello with { Timestamp = far, Nonce = new byte[16] }).Bytes(), out _));
        }
    }

    [Fact]
    public void ReceiveAck_FromANodeNoLongerOnFile_IsRefused()
    {
        using HandshakeParty alice = Alice(), nobody = new("nobody");
        using var initiator = new HandshakeInitiator(alice.Context, nobody.Id, TestNodes.Start);
        byte[] hello = HandshakeParty.Hello(initiator);
        var ack = new AckDraft { Hello = hello, From = "nobody", Timestamp = 1 };
        Assert.Equal(FcpStatus.AttestationNodeMismatch, initiator.ReceiveAck(ack.Bytes(), TestNodes.Start, out _));
    }

    private static HelloDraft Right() => new() { Suites = [MacSuite.Blake3] };

    private static HandshakeParty Alice()
    {
        var alice = new HandshakeParty("alice", seed: 2, static context => context with { Suites = new SuiteList([MacSuite.Blake3]) });
        alice.File("bob");
        alice.File("carol");
        (PeerSession known, _) = TestNodes.Sessions(alice.Crypto.Provider, alice.Id, TestNodes.Node("bob"));
        alice.Sessions.TryAdd(new PeerSession(
            alice.Crypto.Provider, known.Parameters with { Id = KnownSession }, new byte[96], new FcpFast.Protocol.Replay.LaneTable(),
            FcpFast.Protocol.Replay.SequencerLimits.Default, TestNodes.Start));
        return alice;
    }

    /// <summary>Bob takes suite 2 only and has accepted one Hello of Alice before.</summary>
    private static HandshakeParty Bob(bool requiresCookie = false)
    {
        var bob = new HandshakeParty("bob", change: static context => context with { MinSuiteOf = static _ => MacSuite.Blake3 });
        foreach (string name in new[] { "alice", "bob", "carol", "mallory" }) bob.File(name);
        bob.File("invalid", FcpStatus.InvalidAttestation);
        bob.File("expired", expiresInSeconds: 0);
        bob.File("unverified", FcpStatus.AttestationVerifyFailed);
        Assert.Equal(FcpStatus.Accepted, bob.Receive((Right() with { Nonce = SpentNonce }).Bytes(), out _));
        bob.Responder.IsUnderLoad = requiresCookie;
        return bob;
    }

    private sealed record Fault<T>(string Name, FcpStatus Status, string Groups, Func<T, T> Apply)
    {
        public bool Excludes(Fault<T> other) => Groups.Split(' ').Intersect(other.Groups.Split(' ')).Any();
    }
}
