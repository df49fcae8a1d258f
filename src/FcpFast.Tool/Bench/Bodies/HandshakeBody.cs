using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Session;

namespace FcpFast.Tool.Bench.Bodies;

/// <summary>A whole handshake, both ends: Hello, HelloRetry with a cookie, Hello, Ack; signatures, key agreement and key derivation.</summary>
internal sealed class HandshakeBody : BenchBody
{
    private readonly CborWriter _toResponder = new(512);
    private readonly CborWriter _toInitiator = new(512);
    private readonly HandshakeContext _initiator;
    private readonly HandshakeContext _responder;
    private readonly HandshakeResponder _answering;
    private readonly NodeId _answeringNode;
    private Instant _now = new(Instant.TicksPerSecond, 1_700_000_000);
    private bool _isAgreed;

    public HandshakeBody()
    {
        CryptoProvider crypto = LibsodiumGate.Open();
        var peers = new PeerDirectory();
        LocalIdentity a = Identity(crypto, "bench-a", 1, peers), b = Identity(crypto, "bench-b", 2, peers);
        _answeringNode = b.NodeId;
        _initiator = new HandshakeContext(crypto, a, peers, new SessionTable());
        _responder = new HandshakeContext(crypto, b, peers, new SessionTable());
        _answering = new HandshakeResponder(_responder, _now) { IsUnderLoad = true };
    }

    public override void Check()
    {
        Pass();
        Require(_isAgreed, "both ends have a session");
    }

    public override void Pass()
    {
        // A second later each time, so that what the responder remembers of accepted Hellos stays bounded.
        _now = new Instant(_now.Ticks + Instant.TicksPerSecond, _now.UnixSeconds + 1);
        using var asking = new HandshakeInitiator(_initiator, _answeringNode, _now);
        FcpStatus status = asking.WriteHello(_toResponder);
        _isAgreed = status == FcpStatus.Accepted
            && _answering.Receive(_toResponder.Written, isAddressProven: true, _now, _toInitiator, out _) == FcpStatus.InvalidCookie
            && asking.ReceiveRetry(_toInitiator.Written) == FcpStatus.Accepted
            && asking.WriteHello(_toResponder) == FcpStatus.Accepted;
        if (!_isAgreed) return;
        _isAgreed = _answering.Receive(_toResponder.Written, isAddressProven: true, _now, _toInitiator, out PeerSession? there) == FcpStatus.Accepted;
        if (!_isAgreed) return;
        _isAgreed = asking.ReceiveAck(_toInitiator.Written, _now, out PeerSession? here) == FcpStatus.Accepted && here!.Id == there!.Id;
        here?.Dispose();
        there!.Dispose();
    }

    protected override void Release()
    {
        _answering.Dispose();
        _initiator.Self.SigningSeed.Dispose();
        _responder.Self.SigningSeed.Dispose();
    }

    private static LocalIdentity Identity(CryptoProvider crypto, string name, uint seed, PeerDirectory peers)
    {
        Invariant.Require(NodeId.Parse(name, out NodeId node) == FcpStatus.Accepted, "a node id");
        byte[] secret = BenchData.Make(seed, CryptoSizes.KeyBytes), publicKey = new byte[PublicKey.Length];
        crypto.Signatures.DerivePublicKey(secret, publicKey);
        peers.Set(new PeerIdentity(node, PublicKey.Read(publicKey), FcpStatus.Accepted, ulong.MaxValue));
        return new LocalIdentity(node, crypto.Vault.Import(secret));
    }
}
