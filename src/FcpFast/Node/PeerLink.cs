using System.Collections.Generic;
using FcpFast.Protocol.Admission;
using FcpFast.Protocol.Batch;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Wire;

namespace FcpFast.Node;

/// <summary>The way to one peer: connection, handshake, session, datagram path, and the streams that are sealed for it.</summary>
/// <remarks>Threads: the shard's thread. Source: [WIRE §8], [WIRE §9].</remarks>
internal sealed class PeerLink(PeerConfiguration configuration, RequestBudget requests, RelayBudget relayed)
{
    public PeerConfiguration Configuration { get; private set; } = configuration;

    public NodeId Peer => Configuration.NodeId;

    /// <summary>What the peer's requests may still cost.</summary>
    public RequestBudget Requests { get; } = requests;

    /// <summary>What a relay still passes on for the peer.</summary>
    public RelayBudget Relayed { get; } = relayed;

    /// <summary>Bodies that opened before a crash would leave them opened.</summary>
    public WaitingBodies Waiting { get; } = new();

    public LinkState State { get; set; }

    /// <summary>True while a session is confirmed, whatever becomes of its connection and path.</summary>
    public bool IsUp => State is LinkState.Established or LinkState.Ready;

    public Connection? Connection { get; set; }

    /// <summary>True while a new connection is being made for the session that goes on.</summary>
    public bool IsReconnecting { get; set; }

    /// <summary>True while nothing of the peer has opened on a connection that was made for a session that goes on.</summary>
    public bool IsUnheard { get; set; }

    /// <summary>This node's own Hello that is not answered; a first one, or one for a rekey.</summary>
    public HandshakeInitiator? Handshake { get; set; }

    /// <summary>When that handshake is given up.</summary>
    public long HandshakeDueTicks { get; set; }

    /// <summary>When the first Hello of a row of tries was sent.</summary>
    public long GreetedTicks { get; set; }

    /// <summary>When the next Hello for a rekey may be sent.</summary>
    public long NextRekeyTicks { get; set; }

    /// <summary>The session that is used.</summary>
    public PeerSession? Session { get; set; }

    /// <summary>What sessions have carried that are closed.</summary>
    public SessionTraffic Closed { get; set; }

    /// <summary>A session that the peer has not confirmed yet.</summary>
    public PeerSession? Unconfirmed { get; set; }

    /// <summary>The connection that its Hello came by; null if it came as a datagram.</summary>
    public Connection? UnconfirmedBy { get; set; }

    /// <summary>When a pending connection is given up.</summary>
    public long DeadlineTicks { get; set; }

    /// <summary>When the next try may begin.</summary>
    public long NextTryTicks { get; set; }

    public int FailedTries { get; set; }

    public long ToldFailureTicks { get; set; } = long.MinValue / 2;

    /// <summary>When a control message was received last.</summary>
    public long HeardTicks { get; set; }

    /// <summary>When a Ping was sent last.</summary>
    public long PingedTicks { get; set; }

    /// <summary>The Ping that is not answered; null if none.</summary>
    public Bytes16? PendingPing { get; set; }

    /// <summary>When the first Ping of a row was sent that nothing has answered.</summary>
    public long UnansweredSinceTicks { get; set; }

    /// <summary>The peer's process, as it names itself; null before it has.</summary>
    public Bytes16? Boot { get; set; }

    /// <summary>Where datagrams to the peer go.</summary>
    public LinkPath Path { get; } = new(AddressOf(configuration));

    /// <summary>Whose frames a relay brings; null for any other peer.</summary>
    public RelayedSources? Sources { get; set; } = configuration.IsRelay ? new RelayedSources() : null;

    /// <summary>The counter of probes.</summary>
    public Sequencer? ProbeSequencer { get; set; }

    /// <summary>Echoes that are owed: where to, and the probe's id.</summary>
    public Queue<(NetAddress To, ObjectId Id)> Echoes { get; } = new();

    /// <summary>When the session is to be kept over restarts.</summary>
    public long KeepDueTicks { get; set; }

    /// <summary>Instances of this node that the peer goes on with after a restart of its own: it has told where.</summary>
    public HashSet<SenderInstanceId> Fenced { get; } = [];

    /// <summary>True if the peer has told where this node's streams go on while its words might have been recordings: they were not believed, and are not repeated.</summary>
    public bool HasMissedFences { get; set; }

    /// <summary>The streams sealed for this peer, one a zone.</summary>
    public Dictionary<ZoneIdHash, SealingStream> Streams { get; } = [];

    /// <summary>Streams to which the change is still to come, at most one a zone key.</summary>
    public List<ComingStream> Coming { get; } = [];

    /// <summary>Streams that the peer has announced and that are not answered for yet, the oldest first.</summary>
    public List<StreamNotice> Announced { get; } = [];

    /// <summary>The stream that is to come under a zone key; null if none was drawn.</summary>
    public ComingStream? ComingUnder(ZoneIdHash zone, ZoneKeyId key)
    {
        foreach (ComingStream coming in Coming)
        {
            if (coming.Stream.ZoneKeyId == key && coming.Stream.ZoneHash == zone) return coming;
        }

        return null;
    }

    /// <summary>A stream has taken its place: those under older keys are not changed to any more.</summary>
    public void LeaveBehind(ZoneKeyRing ring, SealingStream next)
    {
        bool isOlder = true;
        foreach (ZoneKey key in ring.ZoneKeys)
        {
            if (ComingUnder(ring.ZoneHash, key.Id) is { } coming && isOlder)
            {
                if (coming.Stream != next) coming.Stream.Dispose();
                Coming.Remove(coming);
            }

            isOlder &= key.Id != next.ZoneKeyId;
        }
    }

    /// <summary>A zone key left its ring.</summary>
    public void Forget(ZoneIdHash zone, ZoneKeyId key)
    {
        if (ComingUnder(zone, key) is not { } coming) return;
        coming.Stream.Dispose();
        Coming.Remove(coming);
    }

    /// <summary>Keeps an announcement until it can be answered; false if it waits already.</summary>
    public bool WaitFor(in StreamNotice notice)
    {
        if (Announced.Contains(notice)) return false;
        if (Announced.Count == LinkRules.AnnouncedMax) Announced.RemoveAt(0);
        Announced.Add(notice);
        return true;
    }

    /// <summary>Goes on with another address or the other role; a session that is up keeps the way that it has proven.</summary>
    public void Configure(PeerConfiguration changed)
    {
        Configuration = changed;
        Path.Configure(AddressOf(changed));
    }

    /// <summary>Forgets what was known of the peer's process and path; the link is down.</summary>
    public void Reset()
    {
        Path.Restart();
        Echoes.Clear();
        ProbeSequencer = null;
        Boot = null;
        FailedTries = 0;
    }

    public void EndStreams()
    {
        foreach (SealingStream stream in Streams.Values) stream.Dispose();
        foreach (ComingStream coming in Coming) coming.Stream.Dispose();
        Streams.Clear();
        Coming.Clear();
        Announced.Clear();
    }

    /// <summary>Ends the streams that the peer does not go on with.</summary>
    public void EndUnfencedStreams()
    {
        foreach ((ZoneIdHash zone, SealingStream stream) in Streams)
        {
            if (Fenced.Contains(stream.Instance)) continue;
            stream.Dispose();
            Streams.Remove(zone); // removing while enumerating is allowed for Dictionary
        }

        for (int i = Coming.Count - 1; i >= 0; i--) // its process before may have answered for them
        {
            if (Fenced.Contains(Coming[i].Stream.Instance)) continue;
            Coming[i].Stream.Dispose();
            Coming.RemoveAt(i);
        }
    }

    public void EndStreamsOlderThan(long startedTicks)
    {
        foreach ((ZoneIdHash zone, SealingStream stream) in Streams)
        {
            if (stream.StartedTicks > startedTicks) continue;
            stream.Dispose();
            Streams.Remove(zone); // removing while enumerating is allowed for Dictionary
        }
    }

    public void EndHandshake()
    {
        Handshake?.Dispose();
        Handshake = null;
    }

    public bool MayTellFailure(Instant now)
    {
        if (now.Ticks - ToldFailureTicks < Instant.TicksPerSecond) return false;
        ToldFailureTicks = now.Ticks;
        return true;
    }

    private static NetAddress AddressOf(PeerConfiguration configuration) => configuration.ConnectsTo ? configuration.Address : default;
}
