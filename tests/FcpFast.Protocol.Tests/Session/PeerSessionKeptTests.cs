using System;
using System.Collections.Generic;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Tests.Support;
using FcpFast.Protocol.Wire;

namespace FcpFast.Protocol.Tests.Session;

/// <summary>[REPLAY §6.2], [REPLAY §5.3], [REPLAY §7]: the control channel of a session that outlives its process.</summary>
public sealed class PeerSessionKeptTests
{
    private readonly RealCrypto _crypto = new();
    private readonly FakeStore _store = new();
    private readonly byte[] _keys = new byte[SessionKeySchedule.KeysBytes];

    public PeerSessionKeptTests() => new Random(3).NextBytes(_keys);

    /// <summary>[REPLAY §8], S4 and S8: whatever moment ends the process, no control number is sealed twice.</summary>
    [Fact]
    public void Numbers_OverManyProcesses_AreNeverSealedTwiceAndStayBelowTheDurableLimit() => Seeded.Run(10, random =>
    {
        PeerSession session = NewSession(isInitiator: true);
        SessionRecord onDisk = session.Keep(_store, TestNodes.Start);
        ulong highest = 0;
        byte[] frame = new byte[FcpcHeader.OverheadBytes + 1];
        for (int process = 0; process < 6; process++)
        {
            for (int i = random.Next(200); i > 0; i--)
            {
                if (session.SealControl([1], frame) != FcpStatus.Accepted) break;
                FcpcHeader.ParseFrame(frame, 1000, out FcpcHeader header);
                Assert.True(header.Seq.Value > highest, $"{header.Seq.Value} after {highest}");
                highest = header.Seq.Value;
                Assert.True(highest <= onDisk.Reserve.ControlLimit);
                if (!session.TryReserve(out SessionReserve reserve)) continue;
                session.Asked(reserve);
                Assert.False(session.TryReserve(out _)); // one at a time
                if (random.Next(2) == 0) continue; // it does not become durable any more
                onDisk = onDisk with { Reserve = reserve };
                session.Take(reserve);
            }

            session.Dispose();
            onDisk = onDisk with
            {
                Reserve = onDisk.Reserve with { ControlLimit = onDisk.Reserve.ControlLimit + PeerSession.ControlStep },
                ControlUsed = onDisk.Reserve.ControlLimit,
            };
            session = Resume(onDisk);
        }

        session.Dispose();
    });

    [Fact]
    public void Seal_BeyondTheLimit_WaitsForTheStoreAndGoesOn()
    {
        using PeerSession session = NewSession(isInitiator: true);
        session.Keep(_store, TestNodes.Start).Dispose();
        byte[] frame = new byte[FcpcHeader.OverheadBytes];
        SessionReserve asked = default;
        for (ulong i = 0; i < PeerSession.ControlStep; i++)
        {
            Assert.Equal(FcpStatus.Accepted, session.SealControl([], frame));
            if (!session.TryReserve(out SessionReserve reserve)) continue;
            Assert.InRange(i, (PeerSession.ControlStep / 2) - 1, (PeerSession.ControlStep / 2) + 1); // at half of a step
            session.Asked(asked = reserve);
        }

        Assert.Equal(FcpStatus.ReplayNotDurable, session.SealControl([], frame));
        session.Take(asked);
        Assert.Equal(FcpStatus.Accepted, session.SealControl([], frame));
    }

    /// <summary>[REPLAY §8], S1: recordings open, and count as nothing; what follows the answer to a nonce of this process counts, once.</summary>
    [Fact]
    public void Control_OfASessionThatGoesOn_CountsOnlyAboveTheAnswer()
    {
        using PeerSession peer = NewSession(isInitiator: false);
        peer.Confirm();
        byte[][] recorded = [Seal(peer), Seal(peer), Seal(peer)];
        PeerSession before = NewSession(isInitiator: true);
        Assert.Equal(FcpStatus.Accepted, Open(before, recorded[0], out _));
        SessionRecord record = before.Keep(_store, TestNodes.Start);
        using PeerSession session = Resume(record with { ControlUsed = record.Reserve.ControlLimit, Reserve = record.Reserve with { ControlLimit = 2 * record.Reserve.ControlLimit } });
        Assert.True(session.IsUnproven);
        for (int i = 0; i < 2; i++)
        {
            foreach (byte[] frame in recorded) Assert.Equal(FcpStatus.Accepted, Open(session, frame, out _)); // the caller takes nothing of it as new
        }

        Assert.Equal(default, session.ControlReceived);
        byte[] answer = Seal(peer);
        Assert.Equal(FcpStatus.Accepted, Open(session, answer, out FcpcHeader header));
        session.ProveControl(header.Seq);
        Assert.False(session.IsUnproven);
        foreach (byte[] frame in (byte[][])[.. recorded, answer]) Assert.Equal(FcpStatus.ReplayRejected, Open(session, frame, out _));
        Assert.Equal(FcpStatus.Accepted, Open(session, Seal(peer), out _));
        before.Dispose();
    }

    [Fact]
    public void Keep_HandsTheKeysOverOnceAndEndsTakeThemAlong()
    {
        using PeerSession session = NewSession(isInitiator: true);
        Assert.True(session is { CanBeKept: true, IsKept: false });
        using SessionRecord record = session.Keep(_store, TestNodes.Start.After(5));
        Assert.Equal(TestNodes.Start.UnixSeconds, record.CreatedUnixSeconds);
        using (KeyLease keys = record.Keys.Lease()) Assert.Equal(_keys, keys.Bytes.ToArray());
        Assert.True(session is { CanBeKept: false, IsKept: true });
        foreach (Action<PeerSession> end in (Action<PeerSession>[])[static one => one.Drain(TestNodes.Start), static one => one.Dispose()])
        {
            using PeerSession other = NewSession(isInitiator: true);
            end(other);
            Assert.False(other.CanBeKept);
        }

        using var never = new PeerSession(_crypto.Provider, Parameters(true), _keys, new LaneTable(), SequencerLimits.Default, TestNodes.Start);
        Assert.False(never.CanBeKept); // mode M0 holds no keys back
    }

    [Fact]
    public void Age_AndTraffic_GoOnCounting()
    {
        using PeerSession session = NewSession(isInitiator: true);
        session.CountSent(10, 1_000);
        SessionRecord record = session.Keep(_store, TestNodes.Start) with { ControlUsed = 1 };
        using PeerSession next = PeerSession.Resume(
            _crypto.Provider, record, new LaneTable(), SequencerLimits.Default with { SoftTicks = 100 * Instant.TicksPerSecond }, TestNodes.Start.After(90) with { Ticks = 5 });
        Assert.Equal((10ul, 1_000ul), (next.Traffic.FramesSent, next.Traffic.BytesSent));
        Assert.False(next.WantsSuccessor(new Instant(5 + (9 * Instant.TicksPerSecond), 0)));
        Assert.True(next.WantsSuccessor(new Instant(5 + (11 * Instant.TicksPerSecond), 0)));
    }

    private static SessionParameters Parameters(bool isInitiator) =>
        new(new SessionId(new Bytes16(1, 2)), TestNodes.Node("peer"), isInitiator, MacSuite.Blake3, 1_200);

    private static byte[] Seal(PeerSession session)
    {
        byte[] frame = new byte[FcpcHeader.OverheadBytes + 1];
        Assert.Equal(FcpStatus.Accepted, session.SealControl([7], frame));
        return frame;
    }

    private static FcpStatus Open(PeerSession session, byte[] frame, out FcpcHeader header)
    {
        Assert.Equal(FcpStatus.Accepted, FcpcHeader.ParseFrame(frame, 1000, out header));
        return session.OpenControl(header, frame, new byte[1]);
    }

    private PeerSession NewSession(bool isInitiator) =>
        new PeerSession(_crypto.Provider, Parameters(isInitiator), _keys, new LaneTable(), SequencerLimits.Default, TestNodes.Start).HoldingKeys(_crypto.Provider, _keys);

    private PeerSession Resume(SessionRecord record) => PeerSession.Resume(_crypto.Provider, record, new LaneTable(), SequencerLimits.Default, TestNodes.Start);

    private sealed class FakeStore : ISessionStore
    {
        public bool IsKeeping => true;

        public List<LaneRecord> Lanes { get; } = [];

        public bool TryPut(SessionRecord record) => true;

        public bool TryPut(in SessionReserve reserve) => true;

        public bool TryPut(in LaneRecord record)
        {
            Lanes.Add(record);
            return true;
        }

        public bool TryTake(out SessionReserve reserve)
        {
            reserve = default;
            return false;
        }

        public bool TryTake(out LaneRecord record)
        {
            record = default;
            return false;
        }

        public void Drop(SessionId session)
        {
        }
    }
}
