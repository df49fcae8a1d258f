using System;
using System.Collections.Generic;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Wire;

namespace FcpFast.Node;

/// <summary>A node without sockets, clock or threads: everything that happens comes in through these methods.</summary>
/// <remarks>Threads: one thread, the shard's.</remarks>
public interface INodeCore : IDisposable
{
    /// <summary>Where refusals of datagrams and frames are counted.</summary>
    /// <remarks>Each datagram that is taken is verified or counted here once; each frame that verified is opened or counted here once.</remarks>
    StatusCounters Counters { get; }

    /// <summary>Where refusals of what came over connections are counted: handshake and control messages, and the chunks and files they announce.</summary>
    StatusCounters ControlCounters { get; }

    /// <summary>Frames that were sealed.</summary>
    long FramesSent { get; }

    /// <summary>Frames that verified and were fresh, probes left out.</summary>
    long FramesAccepted { get; }

    /// <summary>Frames that opened.</summary>
    long FramesOpened { get; }

    /// <summary>Frames that verified and are of zones that this node only passes on; each counted once, wherever it went.</summary>
    long FramesPassedOn { get; }

    /// <summary>What became of frames on their way out of a relay, counted once for each peer that they were to go to.</summary>
    StatusCounters ForwardCounters { get; }

    /// <summary>Sessions that replaced one that was still in use.</summary>
    long Rekeys { get; }

    /// <summary>Datagrams that verified and were fresh, probes included.</summary>
    long DatagramsVerified { get; }

    /// <summary>Bytes of chunks that are being put together.</summary>
    int AssemblyBytes { get; }

    /// <summary>Sessions with state.</summary>
    int SessionCount { get; }

    /// <summary>The way to each peer; allocates.</summary>
    IReadOnlyList<FcpPeerFigures> DescribePeers();

    /// <summary>What there is of each zone with keys; allocates.</summary>
    IReadOnlyList<FcpZoneFigures> DescribeZones();

    /// <summary>The MAC suite of the session established last.</summary>
    MacSuite LastSuite { get; }

    /// <summary>A connection is up.</summary>
    /// <param name="connection">Its number.</param>
    /// <param name="peer">The peer that was connected to; the default for one that came in.</param>
    /// <param name="remote">The other end.</param>
    /// <param name="now">The time.</param>
    void Connected(long connection, NodeId peer, NetAddress remote, Instant now);

    /// <summary>A connection to a peer could not be made.</summary>
    void ConnectFailed(NodeId peer, Instant now);

    /// <summary>A whole message came in.</summary>
    /// <param name="connection">By which connection.</param>
    /// <param name="isHandshake">True for a handshake message, without its length.</param>
    /// <param name="message">The message; overwritten.</param>
    /// <param name="now">The time.</param>
    void Received(long connection, bool isHandshake, Span<byte> message, Instant now);

    /// <summary>A connection is gone.</summary>
    void Disconnected(long connection, Instant now);

    /// <summary>Datagrams came in.</summary>
    /// <param name="slab">Side by side, all of one size but the last; overwritten.</param>
    /// <param name="datagramBytes">That size.</param>
    /// <param name="from">Their sender.</param>
    /// <param name="now">The time.</param>
    void ReceivedDatagrams(Span<byte> slab, int datagramBytes, NetAddress from, Instant now);

    /// <summary>Another shard hands over a Hello of a peer that this one owns; it has been admitted, and came as a datagram.</summary>
    /// <param name="hello">The message.</param>
    /// <param name="from">Its sender's address.</param>
    /// <param name="now">The time.</param>
    void ReceivedHello(ReadOnlySpan<byte> hello, NetAddress from, Instant now);

    /// <summary>Fills a slab with datagrams that are due.</summary>
    /// <param name="slab">Up to 64 KiB.</param>
    /// <param name="segmentsMax">The most datagrams that one call of the kernel takes.</param>
    /// <param name="now">The time.</param>
    /// <param name="datagramBytes">Their size; the last may be shorter.</param>
    /// <param name="to">Where they go, and from which port.</param>
    /// <returns>Bytes to send; 0 if nothing is due.</returns>
    int FillDatagrams(Span<byte> slab, int segmentsMax, Instant now, out int datagramBytes, out DatagramRoute to);

    /// <summary>Does what time demands, and lets the store begin what the turn asked of it: in each turn, after what came in and before the sleep.</summary>
    void Tick(Instant now);

    /// <summary>When <see cref="Tick"/> or <see cref="FillDatagrams"/> has something to do next, if nothing happens.</summary>
    long NextTicks(Instant now);

    /// <summary>The way to a peer.</summary>
    LinkState StateOf(NodeId peer);

    /// <summary>Goes on with the keys and members of a zone as the control plane has them now.</summary>
    /// <param name="keys">All keys of the zone; taken over.</param>
    /// <param name="minSuite">The weakest suite that its frames may come under.</param>
    /// <param name="members">Its members.</param>
    /// <param name="now">The time.</param>
    void Follow(ZoneKeyRingImage keys, MacSuite minSuite, IReadOnlySet<NodeId> members, Instant now);

    /// <summary>Files an identity; sessions with a node end at once if its key counts no more, and a node that was not known may open one.</summary>
    void Follow(PeerIdentity peer, Instant now);

    /// <summary>Goes on with a peer as it is configured now: a new one gets a link, one whose way changed loses its session, every other keeps it.</summary>
    /// <remarks>Shape: one that opened its session itself keeps it, too; one that is no longer connected to and has no attestation on file is forgotten.</remarks>
    void Follow(PeerConfiguration peer, Instant now);

    /// <summary>Goes on with these routes in place of those before; sessions and streams stay.</summary>
    /// <remarks>Errors: <see cref="ArgumentException"/> for a route back, to a stranger, or given twice; then nothing has changed.</remarks>
    void Follow(IReadOnlyList<RelayRoute> routes, Instant now);

    /// <summary>Takes no announcement of a file any more that is not under way: its sender goes on when this node is back. [WIRE §16.9]</summary>
    void Drain();

    /// <summary>Files that are being received from nodes that can be reached now.</summary>
    int IncomingCount { get; }

    /// <summary>Sends a record of the control plane to a peer; false if there is no session or no room now.</summary>
    bool SendRecord(NodeId to, ReadOnlySpan<byte> payload, Instant now);

    /// <summary>Sessions that this process goes on with, of the process before it.</summary>
    int SessionsResumed { get; }

    /// <summary>Ends all sessions and streams at once, erases their keys, and takes and sends nothing until <see cref="Begin"/>.</summary>
    void Halt(Instant now);

    /// <summary>Goes on as another life of this node: new instances, new handshakes, and no relayed frame that the old life may have opened.</summary>
    /// <param name="life">What makes its instances differ from those of every other; its generation is durable.</param>
    /// <param name="now">The time.</param>
    void Begin(HostLife life, Instant now);

    /// <summary>Starts to send a file.</summary>
    void Send(OutgoingFile file);

    /// <summary>Gives a file up.</summary>
    void Cancel(OutgoingFile file);
}
