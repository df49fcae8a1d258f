using System;
using System.Linq;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Tests.Support;
using FcpFast.Protocol.Wire;

namespace FcpFast.Protocol.Tests.Session;

/// <summary>[WIRE §8], [REPLAY §2.7], [REPLAY §4.5]: the life of a session at either end, and its limits.</summary>
public sealed class PeerSessionTests
{
    private static readonly SequencerLimits Limits = new(100, 10_000, 100);

    private readonly RealCrypto _crypto = new();

    [Fact]
    public void State_OfEitherEnd_OnlyMovesForward()
    {
        PeerSession initiator = Session(isInitiator: true), responder = Session(isInitiator: false);
        Assert.Equal((SessionState.Established, true, true), (initiator.State, initiator.CanSend, initiator.CanReceive));
        Assert.Equal((SessionState.Unconfirmed, false, true), (responder.State, responder.CanSend, responder.CanReceive));
        Assert.False(initiator.Confirm());
        Assert.True(responder.Confirm()); // true the first time only
        Assert.False(responder.Confirm());
        Assert.True(responder.CanSend);
        responder.Drain(new Instant(1_000, 0));
        Assert.Equal((SessionState.Draining, false, true, 1_000 + (30 * Instant.TicksPerSecond)),
            (responder.State, responder.CanSend, responder.CanReceive, responder.DrainsUntilTicks));
        responder.Drain(new Instant(9_000, 0)); // the grace time does not begin again
        Assert.Equal(1_000 + (30 * Instant.TicksPerSecond), responder.DrainsUntilTicks);
        Assert.False(responder.Confirm());
        Assert.Equal(SessionState.Draining, responder.State);
        responder.Dispose();
        Assert.Equal((SessionState.Closed, false, false), (responder.State, responder.CanSend, responder.CanReceive));
        responder.Drain(default);
        Assert.False(responder.Confirm());
        Assert.Equal(SessionState.Closed, responder.State);
    }

    [Fact]
    public void Drain_OfASessionThatNobodyConfirmed_IsNotUndoneByALateConfirmation()
    {
        PeerSession session = Session(isInitiator: false);
        session.Drain(default);
        Assert.False(session.Confirm());
        Assert.False(session.CanSend);
    }

    [Fact]
    public void Keys_OfTheTwoDirections_AreApartAndAllErasedAtTheEnd()
    {
        byte[] keys = [.. Enumerable.Range(0, 96).Select(static i => (byte)i)];
        PeerSession initiator = Session(isInitiator: true, keys), responder = Session(isInitiator: false, keys);
        Assert.Equal(keys[..32], Read(initiator.SendMacKey));
        Assert.Equal(keys[32..64], Read(initiator.ReceiveMacKey));
        Assert.Equal(keys[32..64], Read(responder.SendMacKey));
        Assert.Equal(keys[..32], Read(responder.ReceiveMacKey));
        Assert.Equal((Direction.InitiatorToResponder, Direction.ResponderToInitiator), (initiator.SendDirection, initiator.ReceiveDirection));
        Assert.Equal((Direction.ResponderToInitiator, Direction.InitiatorToResponder), (responder.SendDirection, responder.ReceiveDirection));
        initiator.Dispose();
        responder.Dispose();
        Assert.Equal(6, _crypto.Vault.Keys.Count);
        Assert.Empty(_crypto.Vault.Live);
    }

    [Theory]
    [InlineData(95)]
    [InlineData(97)]
    [InlineData(0)]
    public void Make_KeysOfAnotherLength_IsTheCallersFault(int length) => Assert.Throws<ArgumentException>(() => Session(true, new byte[length]));

    [Theory]
    [InlineData("frames sent", 99, false, true)]
    [InlineData("frames sent", 100, true, true)]
    [InlineData("frames sent", 199, true, true)]
    [InlineData("frames sent", 200, true, false)]
    [InlineData("bytes sent", 9_999, false, true)]
    [InlineData("bytes sent", 10_000, true, true)]
    [InlineData("bytes sent", 19_999, true, true)]
    [InlineData("bytes sent", 20_000, true, false)]
    [InlineData("frames received", 99, false, true)]
    [InlineData("frames received", 100, true, true)]
    [InlineData("frames received", 1_000_000, true, true)] // only what this end sends stops it; the other end stops itself
    [InlineData("bytes received", 9_999, false, true)]
    [InlineData("bytes received", 10_000, true, true)]
    [InlineData("age", 99, false, true)]
    [InlineData("age", 100, true, true)]
    [InlineData("age", 199, true, true)]
    [InlineData("age", 200, true, false)]
    public void Limits_SoftAndHard_AskForASuccessorThenStop(string what, int amount, bool wantsSuccessor, bool canSend)
    {
        PeerSession session = Session(isInitiator: true);
        Assert.False(session.WantsSuccessor(TestNodes.Start));
        switch (what)
        {
            case "frames sent": session.CountSent(amount, 0); break;
            case "bytes sent": session.CountSent(0, amount); break;
            case "frames received": session.CountReceived(amount, 0); break;
            case "bytes received": session.CountReceived(0, amount); break;
            default: break;
        }

        Instant now = what == "age" ? new Instant(TestNodes.Start.Ticks + amount, 0) : TestNodes.Start;
        Assert.Equal(wantsSuccessor, session.WantsSuccessor(now));
        Assert.Equal((canSend, !canSend, true), (session.CanSend, session.IsSpent, session.CanReceive));
        Assert.Equal((TestNodes.Start.Ticks + 100, TestNodes.Start.Ticks + 200), (session.SuccessorDueTicks, session.SpentTicks));
    }

    [Fact]
    public void Limits_TheTwoDirections_AreCountedApart()
    {
        PeerSession session = Session(isInitiator: true);
        session.CountSent(60, 6_000);
        session.CountReceived(60, 6_000);
        Assert.False(session.WantsSuccessor(TestNodes.Start));
    }

    [Fact]
    public void Limits_ConfiguredAway_NeverOverflow()
    {
        var endless = new PeerSession(
            _crypto.Provider, Parameters(true), new byte[96], new LaneTable(), new SequencerLimits(ulong.MaxValue, ulong.MaxValue, long.MaxValue), TestNodes.Start);
        endless.CountSent(int.MaxValue, long.MaxValue);
        Assert.False(endless.WantsSuccessor(new Instant(long.MaxValue, 0)));
        Assert.Equal((long.MaxValue, long.MaxValue), (endless.SuccessorDueTicks, endless.SpentTicks));
    }

    /// <summary>The hard age holds also while nobody asks for a successor, because a handshake is under way.</summary>
    [Theory]
    [InlineData(199, true)]
    [InlineData(200, false)]
    public void NoteAge_AtTheHardLimit_StopsTheSender(int age, bool canSend)
    {
        PeerSession session = Session(isInitiator: true);
        session.NoteAge(new Instant(TestNodes.Start.Ticks + age, 0));
        Assert.Equal((canSend, true), (session.CanSend, session.CanReceive));
    }

    [Fact]
    public void FailedVerifications_AreTheSessionsOwn()
    {
        PeerSession session = Session(isInitiator: true);
        for (int i = 0; i < 1000; i++) session.CountFailedVerification();
        Assert.Equal((1000ul, true, true), (session.FailedVerifications, session.CanReceive, session.CanSend)); // forgeries do not end it
        Assert.Equal(1ul << 36, SessionRules.FailedVerificationsMax);
    }

    private static byte[] Read(SecretKey key)
    {
        using KeyLease lease = key.Lease();
        return lease.Bytes.ToArray();
    }

    private static SessionParameters Parameters(bool isInitiator) =>
        new(new SessionId(new Bytes16(1, 2)), TestNodes.Node("peer"), isInitiator, MacSuite.Blake3, 1200);

    private PeerSession Session(bool isInitiator, byte[]? keys = null) =>
        new(_crypto.Provider, Parameters(isInitiator), keys ?? new byte[96], new LaneTable(), Limits, TestNodes.Start);
}
