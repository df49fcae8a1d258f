using System;
using System.Buffers.Binary;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Wire;

namespace FcpFast.Protocol.Session;

/// <summary>What every handshake of a node has in common.</summary>
/// <param name="Crypto">The seams.</param>
/// <param name="Self">This node.</param>
/// <param name="Peers">The identities on file.</param>
/// <param name="Sessions">The node's sessions.</param>
/// <remarks>Threads: one user at a time.</remarks>
public sealed record HandshakeContext(CryptoProvider Crypto, LocalIdentity Self, PeerDirectory Peers, SessionTable Sessions)
{
    /// <summary>The suites that this node takes, in its order of preference.</summary>
    public SuiteList Suites { get; init; } = new([MacSuite.Blake3, MacSuite.HmacSha256]);

    /// <summary>The weakest suite that this node takes from a peer: the highest floor of the zones that the two share.</summary>
    public Func<NodeId, MacSuite> MinSuiteOf { get; init; } = static _ => MacSuite.HmacSha256;

    /// <summary>True while a Hello of this node to that peer is under way and goes first: then the peer's crossing one is dropped. [WIRE §8]</summary>
    public Func<NodeId, bool> GoesFirst { get; init; } = static _ => false;

    /// <summary>The largest datagram that this node sends.</summary>
    public int DatagramBytesMax { get; init; } = WireLimits.DatagramBytesDefault;

    /// <summary>Lanes of a session with a peer; a relay brings the streams of many.</summary>
    public Func<NodeId, int> LanesMaxOf { get; init; } = static _ => ReplayRules.LanesMax;

    /// <summary>When a session wants a successor; each session reduces them by a random part.</summary>
    public SequencerLimits Limits { get; init; } = SequencerLimits.Default;

    /// <summary>Width of a lane's window.</summary>
    public int WindowFrames { get; init; } = ReplayWindow.WidthFramesDefault;

    /// <summary>Which ids the responder may draw, so that a session's datagrams come to the shard that owns the peer.</summary>
    public SessionSteering Steering { get; init; } = SessionSteering.Single;

    /// <summary>Hellos a second, of those that come as datagrams, whose signatures are verified.</summary>
    public int DatagramHellosVerifiedPerSecondMax { get; init; } = SessionRules.DatagramHellosVerifiedPerSecondMax;

    /// <summary>True if sessions hold their keys back, so that they can be kept over restarts (mode M1).</summary>
    public bool KeepsSessions { get; init; }

    /// <summary>Makes a session with empty lanes.</summary>
    internal PeerSession NewSession(SessionParameters parameters, ReadOnlySpan<byte> keys, Instant now)
    {
        var session = new PeerSession(Crypto, parameters, keys, NewLanes(parameters.Peer), DrawLimits(), now);
        return KeepsSessions ? session.HoldingKeys(Crypto, keys) : session;
    }

    /// <summary>Goes on with a session that was kept; null if its lanes are more than it may have.</summary>
    public PeerSession? Resume(SessionRecord record, ILaneStore store, Instant now)
    {
        ArgumentNullException.ThrowIfNull(record);
        LaneTable lanes = NewLanes(record.Parameters.Peer);
        return lanes.Restore(record.Parameters.Id, store, record.Lanes, now) ? PeerSession.Resume(Crypto, record, lanes, DrawLimits(), now) : null;
    }

    internal LaneTable NewLanes(NodeId peer) => new(LanesMaxOf(peer), WindowFrames);

    internal SequencerLimits DrawLimits()
    {
        Span<byte> random = stackalloc byte[sizeof(ulong)];
        Crypto.Random.Fill(random);
        return Limits.Jittered(BinaryPrimitives.ReadUInt64LittleEndian(random));
    }
}
