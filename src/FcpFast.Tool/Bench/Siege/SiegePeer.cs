using System;
using FcpFast.Protocol.Batch;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Wire;

namespace FcpFast.Tool.Bench.Siege;

/// <summary>A real peer of a <see cref="SiegeNode"/>: it opens a session over a connection, a message at a time.</summary>
internal sealed class SiegePeer : IDisposable
{
    private readonly SiegeNode _node;
    private readonly HandshakeInitiator _handshake;
    private readonly CborWriter _writer = new(512);
    private readonly long _connection;
    private readonly NetAddress _address;
    private bool _isConnected;

    /// <summary>Makes a peer that is on the node's file.</summary>
    public SiegePeer(SiegeNode node, int number, Instant now)
    {
        _node = node;
        _connection = number + 1;
        _address = NetAddress.IPv4([10, (byte)((number >> 16) & 0xFF), (byte)((number >> 8) & 0xFF), (byte)(number & 0xFF)], 7000);
        Id = SiegeNode.PeerId(number);
        var context = new HandshakeContext(node.Crypto, new LocalIdentity(Id, node.PeerSeedKey), node.OfPeers, new SessionTable());
        _handshake = new HandshakeInitiator(context, node.Id, now);
    }

    /// <summary>Its id.</summary>
    public NodeId Id { get; }

    /// <summary>Its session; null before the Ack.</summary>
    public PeerSession? Session { get; private set; }

    /// <summary>The Hello of a peer, as it stands in a datagram.</summary>
    public byte[] WriteHello()
    {
        Invariant.Require(_handshake.WriteHello(_writer) == FcpStatus.Accepted, "the key is there");
        return _writer.ToArray();
    }

    /// <summary>Takes the next step; true once the node has confirmed its session.</summary>
    public bool Step(Instant now)
    {
        if (!_isConnected)
        {
            _isConnected = true;
            _node.Core.Connected(_connection, default, _address, now);
            _node.Core.Received(_connection, isHandshake: true, WriteHello(), now);
            return false;
        }

        ReadOnlySpan<byte> answer = _node.TakeAnswer();
        if (answer.IsEmpty) return false;
        if (_handshake.ReceiveRetry(answer) == FcpStatus.Accepted)
        {
            _node.Core.Received(_connection, isHandshake: true, WriteHello(), now);
            return false;
        }

        FcpStatus status = _handshake.ReceiveAck(answer, now, out PeerSession? session);
        Invariant.Require(status == FcpStatus.Accepted, $"the node's answer is an Ack, not {status}");
        Session = session;
        Confirm(now);
        return true;
    }

    /// <summary>Sends one frame of each of some streams: each opens a lane at the node.</summary>
    public void OpenLanes(int lanes, Instant now)
    {
        Span<byte> datagram = stackalloc byte[ProbeDatagram.Bytes];
        for (int lane = 1; lane <= lanes; lane++)
        {
            FcpStatus status = ProbeDatagram.Write(
                _node.Crypto.Mac, Session!, default, new SenderInstanceId(((ulong)_connection << 8) | (uint)lane), new FrameSeq(1), isEcho: true, datagram);
            Invariant.Require(status == FcpStatus.Accepted, "a new session sends");
            _node.Core.ReceivedDatagrams(datagram, datagram.Length, _address, now);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _handshake.Dispose();
        Session?.Dispose();
    }

    private void Confirm(Instant now)
    {
        var nonce = new Bytes16((ulong)_connection, 1);
        new PingBody(nonce, nonce, IsReply: false).Write(_writer.Reset());
        byte[] frame = new byte[_writer.Written.Length + FcpcHeader.OverheadBytes];
        Invariant.Require(Session!.SealControl(_writer.Written, frame) == FcpStatus.Accepted, "a new session sends");
        _node.Core.Received(_connection, isHandshake: false, frame, now);
    }
}
