using System;
using System.Security.Cryptography;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Session;

/// <summary>One Hello and what follows from it: at most one retry, then an Ack or nothing.</summary>
/// <remarks>
/// Shape:   a new try is a new object, with a fresh nonce and ephemeral key. Messages that do not belong to this Hello change nothing,
///          so an outsider can neither complete nor spoil it.
/// Errors:  the refusals of WIRE §7.5 for Acks, in their order.
/// Threads: one user at a time.
/// Source:  [WIRE §7.3] to [WIRE §7.6].
/// </remarks>
public sealed class HandshakeInitiator : IDisposable
{
    private readonly HandshakeContext _context;
    private readonly NodeId _responder;
    private readonly SecretKey _ephemeralSecret;
    private readonly CborWriter _scratch = new(512);
    private readonly byte[] _from;
    private readonly byte[] _to;
    private readonly byte[] _ephemeralKey = new byte[CryptoSizes.KeyBytes];
    private readonly byte[] _nonce = new byte[SessionRules.NonceBytes];
    private readonly ulong _timestampUnixSeconds;
    private byte[]? _cookie;
    private bool _isOver;

    /// <summary>Prepares a Hello to <paramref name="responder"/>.</summary>
    public HandshakeInitiator(HandshakeContext context, NodeId responder, Instant now)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _responder = responder;
        _timestampUnixSeconds = now.UnixSeconds;
        _from = Bytes(context.Self.NodeId);
        _to = Bytes(responder);
        Span<byte> secret = stackalloc byte[CryptoSizes.KeyBytes];
        context.Crypto.Random.Fill(secret);
        context.Crypto.Random.Fill(_nonce);
        context.Crypto.KeyExchange.DerivePublicKey(secret, _ephemeralKey);
        _ephemeralSecret = context.Crypto.Vault.Import(secret);
        CryptographicOperations.ZeroMemory(secret);
    }

    /// <summary>Writes the Hello, with the cookie if one was asked for.</summary>
    /// <returns><c>Accepted</c>; <c>MissingSignature</c> if the signing key was erased.</returns>
    public FcpStatus WriteHello(CborWriter hello)
    {
        ArgumentNullException.ThrowIfNull(hello);
        hello.Reset();
        using KeyLease seed = _context.Self.SigningSeed.Lease();
        if (!seed.IsLive) return FcpStatus.MissingSignature;
        Span<byte> signature = stackalloc byte[CryptoSizes.SignatureBytes];
        scoped HelloMessage message = Message();
        HandshakeTranscript.SignHello(_context.Crypto.Signatures, seed.Bytes, message, _scratch, signature);
        message.Signature = signature;
        message.Write(hello);
        return FcpStatus.Accepted;
    }

    /// <summary>Takes a HelloRetry; afterwards <see cref="WriteHello"/> writes the Hello with its cookie.</summary>
    /// <returns><c>Accepted</c>; <c>AckPeerMismatch</c> if it is not for this Hello, <c>InvalidCookie</c> if a retry was taken before; its parser's faults.</returns>
    public FcpStatus ReceiveRetry(ReadOnlySpan<byte> message)
    {
        FcpStatus status = HelloRetryMessage.Parse(message, out HelloRetryMessage retry);
        if (status != FcpStatus.Accepted) return status;
        if (!retry.From.SequenceEqual(_to) || !retry.To.SequenceEqual(_from)) return FcpStatus.AckPeerMismatch;
        if (_isOver || _cookie is not null) return FcpStatus.InvalidCookie;
        _cookie = retry.Cookie.ToArray();
        return FcpStatus.Accepted;
    }

    /// <summary>Takes an Ack.</summary>
    /// <param name="message">The message as it came.</param>
    /// <param name="now">The time.</param>
    /// <param name="session">The new session, not yet in the session table; null unless accepted.</param>
    public FcpStatus ReceiveAck(ReadOnlySpan<byte> message, Instant now, out PeerSession? session)
    {
        session = null;
        FcpStatus status = AckMessage.Parse(message, out AckMessage ack);
        if (status != FcpStatus.Accepted) return status;
        if (_isOver) return FcpStatus.AckPeerMismatch;
        HelloMessage hello = Message();
        status = HandshakeTranscript.CheckAckPeers(ack, hello);
        if (status != FcpStatus.Accepted) return status;
        PeerIdentity? peer = _context.Peers.Find(_responder);
        if (peer is null) return FcpStatus.AttestationNodeMismatch;
        if (!SessionRules.IsWithinSkew(ack.TimestampUnixSeconds, now.UnixSeconds)) return FcpStatus.TimestampSkew;
        status = peer.Judge(now.UnixSeconds);
        if (status != FcpStatus.Accepted) return status;
        status = HandshakeTranscript.CheckAckSuite(ack, hello, _context.MinSuiteOf(_responder));
        if (status != FcpStatus.Accepted) return status;
        if (_context.Sessions.Knows(ack.SessionId)) return FcpStatus.DuplicateSessionId;
        status = HandshakeTranscript.VerifyAck(_context.Crypto.Signatures, peer.SigningKey, ack, hello, _scratch);
        return status == FcpStatus.Accepted ? Complete(ack, now, out session) : status;
    }

    /// <summary>Erases the ephemeral key.</summary>
    public void Dispose()
    {
        _isOver = true;
        _ephemeralSecret.Dispose();
    }

    private static byte[] Bytes(NodeId id)
    {
        byte[] bytes = new byte[id.LengthBytes];
        id.Write(bytes);
        return bytes;
    }

    private HelloMessage Message() => new()
    {
        From = _from,
        To = _to,
        EphemeralKey = _ephemeralKey,
        Nonce = _nonce,
        Cookie = _cookie,
        TimestampUnixSeconds = _timestampUnixSeconds,
        Suites = _context.Suites,
        TransportLimits = (ushort)_context.DatagramBytesMax,
    };

    /// <summary>Derives the session; the ephemeral key is used once and erased, whatever comes of it.</summary>
    private FcpStatus Complete(scoped in AckMessage ack, Instant now, out PeerSession? session)
    {
        session = null;
        Span<byte> sharedSecret = stackalloc byte[CryptoSizes.KeyBytes];
        Span<byte> keys = stackalloc byte[SessionKeySchedule.KeysBytes];
        bool agreed;
        using (KeyLease secret = _ephemeralSecret.Lease())
        {
            agreed = secret.IsLive && _context.Crypto.KeyExchange.TryAgree(secret.Bytes, ack.EphemeralKey, sharedSecret);
        }

        Dispose();
        if (agreed)
        {
            SessionKeySchedule.Derive(_context.Crypto.Kdf, sharedSecret, ack.SessionId, _from, _to, _nonce, ack.Nonce, keys);
            var parameters = new SessionParameters(ack.SessionId, _responder, IsInitiator: true, ack.Suite, _context.DatagramBytesMax);
            session = _context.NewSession(parameters, keys, now);
        }

        CryptographicOperations.ZeroMemory(sharedSecret);
        CryptographicOperations.ZeroMemory(keys);
        return agreed ? FcpStatus.Accepted : FcpStatus.InvalidPublicKey;
    }
}
