using System;
using System.Linq;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Tests.Support;
using FcpFast.Protocol.Wire;

namespace FcpFast.Protocol.Tests.Session;

/// <summary>[WIRE §7]: handshakes from end to end, and what an outsider or a third node may put into them.</summary>
public sealed class HandshakeTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Handshake_WithAndWithoutRetry_GivesBothEndsTheSameKeys(bool needsCookie)
    {
        using HandshakeParty alice = Party("alice", 2), bob = Party("bob", 3);
        bob.Responder.IsUnderLoad = needsCookie;
        using HandshakeInitiator initiator = alice.Greet(bob, out byte[] hello);
        RecordingVault.RecordedKey ephemeral = alice.Crypto.Vault.Keys[^1];
        Assert.False(ephemeral.IsErased);
        if (needsCookie)
        {
            Assert.Equal(FcpStatus.InvalidCookie, bob.Receive(hello, out _));
            Assert.Equal(FcpStatus.Accepted, initiator.ReceiveRetry(bob.Reply));
            byte[] first = hello;
            hello = HandshakeParty.Hello(initiator);
            HelloMessage.Parse(first, out HelloMessage without);
            HelloMessage.Parse(hello, out HelloMessage with);
            Assert.True(without.Nonce.SequenceEqual(with.Nonce) && without.EphemeralKey.SequenceEqual(with.EphemeralKey)); // repeated unchanged
            Assert.False(without.Signature.SequenceEqual(with.Signature)); // and signed anew
        }

        Assert.Equal(FcpStatus.Accepted, bob.Receive(hello, out PeerSession? there));
        Assert.Equal(FcpStatus.Accepted, initiator.ReceiveAck(bob.Reply, TestNodes.Start, out PeerSession? here));
        Assert.Equal((SessionState.Established, SessionState.Unconfirmed), (here!.State, there!.State));
        Assert.Equal((bob.Id, alice.Id, here.Id, MacSuite.Blake3), (here.Peer, there.Peer, there.Id, here.Suite));
        there.Confirm();
        AssertSpeaks(here, there);
        AssertSpeaks(there, here);
        Assert.True(ephemeral.IsErased);
    }

    [Fact]
    public void ReceiveAck_AnswerToAnotherHelloOfTheSameNode_IsRefused()
    {
        using HandshakeParty alice = Party("alice", 2), bob = Party("bob", 3);
        using HandshakeInitiator first = alice.Greet(bob, out byte[] firstHello), second = alice.Greet(bob, out byte[] secondHello);
        bob.Receive(firstHello, out _);
        byte[] firstAck = bob.Reply;
        bob.Receive(secondHello, out _);
        byte[] secondAck = bob.Reply;
        Assert.Equal(FcpStatus.InvalidSignature, first.ReceiveAck(secondAck, TestNodes.Start, out _)); // two handshakes spliced
        Assert.Equal(FcpStatus.InvalidSignature, second.ReceiveAck(firstAck, TestNodes.Start, out _));
        Assert.Equal(FcpStatus.Accepted, first.ReceiveAck(firstAck, TestNodes.Start, out _));
        Assert.Equal(FcpStatus.Accepted, second.ReceiveAck(secondAck, TestNodes.Start, out _));
    }

    [Fact]
    public void ReceiveAck_OfAThirdNodesHandshake_IsRefused()
    {
        using HandshakeParty alice = Party("alice", 2), bob = Party("bob", 3), carol = Party("carol", 4);
        using HandshakeInitiator toBob = alice.Greet(bob, out byte[] hello), toCarol = alice.Greet(carol, out byte[] other);
        carol.Receive(other, out _);
        Assert.Equal(FcpStatus.AckPeerMismatch, toBob.ReceiveAck(carol.Reply, TestNodes.Start, out _));
        Assert.Equal(FcpStatus.WrongRecipient, carol.Receive(hello, out _)); // and Bob's Hello is nothing to Carol
    }

    [Fact]
    public void Receive_OwnHelloSentBack_IsRefused()
    {
        using HandshakeParty alice = Party("alice", 2), bob = Party("bob", 3);
        using HandshakeInitiator initiator = alice.Greet(bob, out byte[] hello);
        Assert.Equal(FcpStatus.WrongRecipient, alice.Receive(hello, out _));
        bob.Receive(hello, out _);
        byte[] ack = bob.Reply;
        Assert.NotEqual(FcpStatus.Accepted, bob.Receive(ack, out _)); // an Ack is no Hello
        Assert.NotEqual(FcpStatus.Accepted, initiator.ReceiveAck(hello, TestNodes.Start, out _));
        Assert.NotEqual(FcpStatus.Accepted, initiator.ReceiveRetry(ack));
    }

    [Fact]
    public void Receive_ReplayedMessages_AreRefusedAtEachEnd()
    {
        using HandshakeParty alice = Party("alice", 2), bob = Party("bob", 3);
        using HandshakeInitiator initiator = alice.Greet(bob, out byte[] hello);
        Assert.Equal(FcpStatus.Accepted, bob.Receive(hello, out _));
        byte[] ack = bob.Reply;
        Assert.Equal(FcpStatus.HelloReplayed, bob.Receive(hello, out PeerSession? again));
        Assert.Null(again);
        Assert.Empty(bob.Reply);
        Assert.Equal(FcpStatus.Accepted, initiator.ReceiveAck(ack, TestNodes.Start, out _));
        Assert.Equal(FcpStatus.AckPeerMismatch, initiator.ReceiveAck(ack, TestNodes.Start, out again)); // the key is used once
        Assert.Null(again);
    }

    [Fact]
    public void ReceiveRetry_AtMostOneFromTheNodeThatWasAsked()
    {
        using HandshakeParty alice = Party("alice", 2), bob = Party("bob", 3), carol = Party("carol", 4);
        bob.Responder.IsUnderLoad = true;
        carol.Responder.IsUnderLoad = true;
        using HandshakeInitiator initiator = alice.Greet(bob, out byte[] hello), other = alice.Greet(carol, out byte[] toCarol);
        carol.Receive(toCarol, out _);
        Assert.Equal(FcpStatus.AckPeerMismatch, initiator.ReceiveRetry(carol.Reply));
        bob.Receive(hello, out _);
        Assert.Equal(FcpStatus.Accepted, initiator.ReceiveRetry(bob.Reply));
        Assert.Equal(FcpStatus.InvalidCookie, initiator.ReceiveRetry(bob.Reply));
        bob.Receive(HandshakeParty.Hello(initiator), out _);
        Assert.Equal(FcpStatus.Accepted, initiator.ReceiveAck(bob.Reply, TestNodes.Start, out _));
        Assert.Equal(FcpStatus.AckPeerMismatch, other.ReceiveRetry(RetryOf(bob, hello)));
        Assert.Equal(FcpStatus.InvalidCookie, initiator.ReceiveRetry(RetryOf(bob, hello))); // its Hello is no longer pending
    }

    [Theory]
    [InlineData(new[] { 2, 1 }, new[] { 2, 1 }, 1, FcpStatus.Accepted, 2)]
    [InlineData(new[] { 1, 2 }, new[] { 2, 1 }, 1, FcpStatus.Accepted, 1)] // the initiator's order
    [InlineData(new[] { 1, 2 }, new[] { 2, 1 }, 2, FcpStatus.Accepted, 2)] // the floor excludes its first choice
    [InlineData(new[] { 1 }, new[] { 2, 1 }, 2, FcpStatus.NoMutualSuite, 0)]
    [InlineData(new[] { 2 }, new[] { 1 }, 1, FcpStatus.NoMutualSuite, 0)]
    [InlineData(new[] { 2, 1 }, new[] { 1 }, 2, FcpStatus.NoMutualSuite, 0)]
    public void Receive_Suites_AreNegotiatedWithTheFloor(int[] offered, int[] supported, int floor, FcpStatus expected, int suite)
    {
        var bob = new HandshakeParty("bob", change: context => context with
        {
            Suites = new SuiteList([.. supported.Select(static number => (MacSuite)number)]),
            MinSuiteOf = _ => (MacSuite)floor,
        });
        bob.File("alice");
        var hello = new HelloDraft { Suites = [.. offered.Select(static number => (MacSuite)number)] };
        Assert.Equal(expected, bob.Receive(hello.Bytes(), out PeerSession? session));
        Assert.Equal((MacSuite)suite, session?.Suite ?? MacSuite.Unset);
    }

    [Fact]
    public void ReceiveAck_SuiteBelowTheFloor_IsRefusedThoughItWasOffered()
    {
        using HandshakeParty bob = Party("bob", 3);
        var alice = new HandshakeParty("alice", 2, static context => context with { MinSuiteOf = static _ => MacSuite.Blake3 });
        alice.File("bob");
        using HandshakeInitiator initiator = alice.Greet(bob, out byte[] hello);
        var ack = new AckDraft { Hello = hello, Suite = MacSuite.HmacSha256 };
        Assert.Equal(FcpStatus.SuiteBelowFloor, initiator.ReceiveAck(ack.Bytes(), TestNodes.Start, out _)); // a signed but careless responder
        Assert.Equal(FcpStatus.Accepted, initiator.ReceiveAck((ack with { Suite = MacSuite.Blake3 }).Bytes(), TestNodes.Start, out _));
    }

    [Theory]
    [InlineData(1400, 9000, 1400)]
    [InlineData(9000, 1400, 1400)]
    [InlineData(0, 9000, 1200)] // 0 means 1200
    [InlineData(null, 9000, 1200)]
    [InlineData(65_535, 1200, 1200)]
    public void Receive_TransportLimits_BoundWhatTheResponderSends(int? limit, int own, int expected)
    {
        var bob = new HandshakeParty("bob", change: context => context with { DatagramBytesMax = own });
        bob.File("alice");
        Assert.Equal(FcpStatus.Accepted, bob.Receive(new HelloDraft { TransportLimits = (ushort?)limit }.Bytes(), out PeerSession? session));
        Assert.Equal(expected, session!.Parameters.DatagramBytesMax);
    }

    [Fact]
    public void Receive_WhileOnesOwnHelloGoesFirst_DropsTheOtherAndForgetsIt()
    {
        bool goesFirst = true;
        var bob = new HandshakeParty("bob", change: context => context with { GoesFirst = _ => goesFirst });
        bob.File("alice");
        byte[] hello = new HelloDraft().Bytes();
        Assert.Equal(FcpStatus.HelloCrossed, bob.Receive(hello, out _));
        Assert.Empty(bob.Reply);
        Assert.Equal(FcpStatus.InvalidSignature, bob.Receive(new HelloDraft { SignedBy = "mallory" }.Bytes(), out _)); // who is not the peer learns nothing of it
        goesFirst = false;
        Assert.Equal(FcpStatus.Accepted, bob.Receive(hello, out _));
    }

    [Fact]
    public void Messages_CutOrWithAnyBitFlipped_AreRefusedAndMakeNoSession()
    {
        using HandshakeParty alice = Party("alice", 2), bob = Party("bob", 3);
        using HandshakeInitiator initiator = alice.Greet(bob, out byte[] hello);
        for (int i = 0; i < hello.Length; i++) Refuse(hello[..i]);
        Seeded.Run(300, random => Refuse(Flipped(random, hello)));
        Assert.Equal(FcpStatus.Accepted, bob.Receive(hello, out _));
        byte[] ack = bob.Reply;
        for (int i = 0; i < ack.Length; i++) Assert.NotEqual(FcpStatus.Accepted, initiator.ReceiveAck(ack.AsSpan(0, i), TestNodes.Start, out _));
        Seeded.Run(300, random => Assert.NotEqual(FcpStatus.Accepted, initiator.ReceiveAck(Flipped(random, ack), TestNodes.Start, out _)));
        Assert.Equal(FcpStatus.Accepted, initiator.ReceiveAck(ack, TestNodes.Start, out _)); // no outsider can spoil it

        void Refuse(byte[] message)
        {
            FcpStatus status = bob.Receive(message, out PeerSession? session);
            Assert.True(status is not (FcpStatus.Accepted or FcpStatus.Undecided) && session is null, status.ToString());
        }
    }

    [Fact]
    public void Sign_WithTheSeedErased_MakesNoMessage()
    {
        using HandshakeParty alice = Party("alice", 2), bob = Party("bob", 3);
        using HandshakeInitiator initiator = alice.Greet(bob, out byte[] hello);
        bob.Context.Self.SigningSeed.Dispose();
        int live = bob.Crypto.Vault.Live.Count;
        Assert.Equal(FcpStatus.MissingSignature, bob.Receive(hello, out PeerSession? session));
        Assert.Null(session);
        Assert.Empty(bob.Reply);
        Assert.Equal(live, bob.Crypto.Vault.Live.Count);
        alice.Context.Self.SigningSeed.Dispose();
        Assert.Equal(FcpStatus.MissingSignature, initiator.WriteHello(new CborWriter()));
    }

    [Fact]
    public void Dispose_OfAnInitiator_ErasesItsKeyAndTakesNoAck()
    {
        using HandshakeParty alice = Party("alice", 2), bob = Party("bob", 3);
        int live = alice.Crypto.Vault.Live.Count;
        HandshakeInitiator initiator = alice.Greet(bob, out byte[] hello);
        bob.Receive(hello, out _);
        initiator.Dispose();
        Assert.Equal(live, alice.Crypto.Vault.Live.Count);
        Assert.Equal(FcpStatus.AckPeerMismatch, initiator.ReceiveAck(bob.Reply, TestNodes.Start, out _));
    }

    private static byte[] Flipped(Random random, byte[] message)
    {
        byte[] changed = [.. message];
        changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
        return changed;
    }

    private static byte[] RetryOf(HandshakeParty responder, byte[] hello)
    {
        responder.Responder.IsUnderLoad = true;
        responder.Receive(hello, out _);
        return responder.Reply;
    }

    private static HandshakeParty Party(string name, int seed)
    {
        var party = new HandshakeParty(name, seed);
        foreach (string other in new[] { "alice", "bob", "carol" }) party.File(other);
        return party;
    }

    /// <summary>What one end says in either channel is understood at the other.</summary>
    private static void AssertSpeaks(PeerSession from, PeerSession to)
    {
        byte[] frame = new byte[52 + 3], plaintext = new byte[3];
        Assert.Equal(FcpStatus.Accepted, from.SealControl([1, 2, 3], frame));
        FcpcHeader.ParseFrame(frame, 4096, out FcpcHeader header);
        Assert.Equal(FcpStatus.Accepted, to.OpenControl(header, frame, plaintext));
        Assert.Equal([1, 2, 3], plaintext);
        using KeyLease send = from.SendMacKey.Lease();
        using KeyLease receive = to.ReceiveMacKey.Lease();
        Assert.Equal(send.Bytes.ToArray(), receive.Bytes.ToArray());
        Assert.Equal(from.SendDirection, to.ReceiveDirection);
    }
}
