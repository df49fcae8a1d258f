using System;
using System.Collections.Generic;
using FcpFast.Protocol.Batch;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Wire;
using FcpFast.Simulation.Fleets;
using FcpFast.Simulation.Links;
using FcpFast.Simulation.Nodes;

namespace FcpFast.Simulation.Actors;

/// <summary>A member of the fleet that does what a test says: it holds real keys, and no core keeps it within the rules.</summary>
/// <remarks>
/// Shape: it opens a session as initiator and, while <see cref="Behaves"/>, answers retries, Pings and probes; everything else is the test's.
///        So it stands for another implementation, for a peer with a defect, and for an insider.
/// </remarks>
public sealed partial class ScriptedPeer : Actor, IDisposable
{
    private readonly NodeClock _clock;
    private readonly NodeIdentity _identity;
    private readonly HandshakeContext _context;
    private readonly InstanceSource _instances;
    private readonly CborWriter _writer = new(1024);
    private readonly byte[] _boot;
    private HandshakeInitiator? _handshake;
    private Sequencer? _probes;
    private IHost? _to;

    /// <summary>Puts a member into the fleet's world.</summary>
    public ScriptedPeer(Fleet fleet, Member member)
        : base(Required(fleet).World, Required(member).Name)
    {
        Member = member;
        _clock = new NodeClock(World);
        WorldRandom random = World.NewRandom(member.Name + " scripted");
        _identity = fleet.Issue(member, random, Now.UnixSeconds);
        Sessions = new SessionTable();
        _context = new HandshakeContext(Crypto, _identity.Self, _identity.Peers, Sessions);
        _instances = new InstanceSource(Crypto, _identity.Self.SigningSeed, 0, "scripted", "");
        _boot = random.Bytes(Bytes16.Length);
    }

    /// <summary>Who it is.</summary>
    public Member Member { get; }

    /// <summary>False to answer nothing by itself.</summary>
    public bool Behaves { get; set; } = true;

    /// <summary>Its session; null before the Ack.</summary>
    public PeerSession? Session { get; private set; }

    /// <summary>The id of its session; empty before the Ack.</summary>
    public byte[] SessionId
    {
        get
        {
            byte[] id = new byte[Bytes16.Length];
            if (Session is not { } session) return [];
            session.Id.Value.Write(id);
            return id;
        }
    }

    /// <summary>What became of the Ack.</summary>
    public FcpStatus AckStatus { get; private set; }

    /// <summary>Its stream in the zone; null before it has sealed anything.</summary>
    public SealingStream? Stream { get; private set; }

    /// <summary>Plaintexts of the control messages that came, in order.</summary>
    public List<byte[]> Payloads { get; } = [];

    /// <summary>Its seams.</summary>
    public CryptoProvider Crypto => _identity.Crypto;

    /// <summary>Its session table.</summary>
    public SessionTable Sessions { get; }

    /// <summary>The time by its clocks.</summary>
    public Instant Now => _clock.Read();

    /// <summary>Connects to a node and opens a session.</summary>
    public void Greet(IHost to)
    {
        _to = to;
        Connect(to);
    }

    /// <summary>The keys of a zone.</summary>
    public ZoneKeyRing RingOf(string zone) => _identity.RingOf(zone);

    /// <summary>Seals a schema-prefixed payload under the session and sends it.</summary>
    public void SendControl(ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[payload.Length + FcpcHeader.OverheadBytes];
        if (Session!.SealControl(payload, frame) == FcpStatus.Accepted) Connection?.Send(isHandshake: false, frame);
    }

    /// <summary>Seals a payload for the zone and sends it.</summary>
    public void SendBody(string zone, ReadOnlySpan<byte> payload) => SendControl(SealBody(zone, payload));

    /// <summary>Seals a payload for the zone; whoever has it may send it on.</summary>
    public byte[] SealBody(string zone, ReadOnlySpan<byte> payload)
    {
        SealingStream stream = StreamOf(zone);
        using KeyLease key = stream.BodyKey!.Lease();
        stream.Bodies.Take(1, (ulong)payload.Length, Now, out FrameSeq seq);
        var origin = new BodyOrigin(stream.Zone, stream.Epoch, Member.Id, stream.Instance, seq);
        var body = new CborWriter(1024);
        SealedBody.Seal(body, Crypto.Aead, new BodyKey(stream.ZoneKeyId, stream.Algorithm, key.Bytes), origin, payload);
        return body.ToArray();
    }

    /// <summary>Puts the session's MAC before a frame and sends it as a datagram.</summary>
    /// <param name="frame">The frame; its number is the datagram's.</param>
    public void SendFrame(ReadOnlySpan<byte> frame) => SendDatagram(_to!, Sealed(frame));

    /// <summary>The datagram of a frame under the session's MAC.</summary>
    public byte[] Sealed(ReadOnlySpan<byte> frame)
    {
        byte[] datagram = new byte[DatagramLayout.HeaderBytes + frame.Length];
        frame.CopyTo(datagram.AsSpan(DatagramLayout.HeaderBytes));
        FcpsHeader.Parse(frame, out FcpsHeader header);
        using KeyLease key = Session!.SendMacKey.Lease();
        DatagramMac.Seal(Crypto.Mac, Session.Suite, key.Bytes, Session.Id, Session.SendDirection, header.Seq, datagram);
        return datagram;
    }

    /// <summary>Sends a probe, or the echo of one.</summary>
    public void SendProbe(ObjectId id, bool isEcho)
    {
        _probes ??= new Sequencer(Draw(default), SequencerLimits.Default, Now);
        _probes.Take(1, ProbeDatagram.Bytes, Now, out FrameSeq seq);
        byte[] datagram = new byte[ProbeDatagram.Bytes];
        if (ProbeDatagram.Write(Crypto.Mac, Session!, id, _probes.Instance, seq, isEcho, datagram) == FcpStatus.Accepted) SendDatagram(_to!, datagram);
    }

    /// <summary>Its stream in a zone, made when it is first asked for.</summary>
    public SealingStream StreamOf(string zone)
    {
        ZoneKeyRing ring = RingOf(zone);
        ring.Tick(Now.UnixSeconds, []);
        return Stream ??= new SealingStream(Crypto, ring, ring.Active!, Member.Id, Draw(ring.Active!.Id), SequencerLimits.Default, Now);
    }

    /// <inheritdoc/>
    public override void TakeConnection(StreamEnd end)
    {
        base.TakeConnection(end);
        if (_to is null || end.IsAccepted) return;
        _handshake = new HandshakeInitiator(_context, ((SimulatedNode)_to).Id, Now);
        SendHello(end);
    }

    /// <inheritdoc/>
    public override void TakeMessage(StreamEnd end, bool isHandshake, byte[] message)
    {
        base.TakeMessage(end, isHandshake, message);
        if (isHandshake && _handshake is not null && Behaves) TakeAnswer(end, message);
        else if (!isHandshake && Session is not null) TakeControl(message);
    }

    /// <inheritdoc/>
    public override void TakeDatagram(Packet packet)
    {
        base.TakeDatagram(packet);
        if (!Behaves || Session is null) return;
        bool isFrame = DatagramView.Parse(packet.Bytes, WireLimits.DatagramBytesMax, out DatagramView view) == FcpStatus.Accepted;
        if (isFrame && view.ParseFrame(out FrameView frame) == FcpStatus.Accepted && frame.IsProbe && (frame.Flags & FrameFlags.Response) == 0)
        {
            SendProbe(frame.ObjectId, isEcho: true);
        }
    }

    /// <summary>Erases its keys.</summary>
    public void Dispose()
    {
        _handshake?.Dispose();
        Session?.Dispose();
        Stream?.Dispose();
        _identity.Dispose();
    }

    private static T Required<T>(T value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value;
    }

    private SenderInstanceId Draw(ZoneKeyId zoneKey) =>
        _instances.Draw(zoneKey, out SenderInstanceId instance) == FcpStatus.Accepted ? instance : throw new InvalidOperationException("no instance");

    private void SendHello(StreamEnd end)
    {
        _handshake!.WriteHello(_writer);
        end.Send(isHandshake: true, _writer.Written);
    }

    private void TakeAnswer(StreamEnd end, byte[] message)
    {
        if (_handshake!.ReceiveRetry(message) == FcpStatus.Accepted)
        {
            SendHello(end);
            return;
        }

        AckStatus = _handshake.ReceiveAck(message, Now, out PeerSession? session);
        if (session is null) return;
        Session = session;
        Sessions.TryAdd(session);
        SendPing(new PingBody(Bytes16.Read(_boot), Bytes16.Read(_boot), IsReply: false));
    }

    private void TakeControl(byte[] message)
    {
        byte[] plaintext = new byte[message.Length - FcpcHeader.OverheadBytes];
        bool isOpened = FcpcHeader.ParseFrame(message, FcpcHeader.CiphertextBytesMax, out FcpcHeader header) == FcpStatus.Accepted
            && Session!.OpenControl(header, message, plaintext) == FcpStatus.Accepted;
        if (!isOpened) return;
        Payloads.Add(plaintext);
        if (Behaves && PingBody.Parse(plaintext, out PingBody ping) == FcpStatus.Accepted && !ping.IsReply)
        {
            SendPing(new PingBody(ping.Nonce, Bytes16.Read(_boot), IsReply: true));
        }
    }

    private void SendPing(PingBody ping)
    {
        ping.Write(_writer.Reset());
        SendControl(_writer.Written);
    }
}
