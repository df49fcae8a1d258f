using System;
using System.Security.Cryptography;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Session;

/// <summary>Answers Hellos.</summary>
/// <remarks>
/// Shape:   keeps no state for a Hello that has not proven its cookie (when one is required) and its signature. An answer is never longer
///          than its question, where the asker's address is not proven: there a cookie is always required, which makes the question longer
///          than an Ack. The session it makes stays unconfirmed until the peer has used it.
/// Errors:  the refusals of WIRE §7.5 in their order, by the names of [WIRE §7.7]; a refusal changes nothing but its counter.
/// Threads: one user at a time.
/// Cost:    a Hello without a valid cookie costs one HMAC and no allocation; an accepted one, two X25519, a signature and a verification.
/// Source:  [WIRE §7.4] to [WIRE §7.6], [REPLAY §6.3].
/// </remarks>
public sealed class HandshakeResponder : IDisposable
{
    private readonly HandshakeContext _context;
    private readonly CookieJar _cookies;
    private readonly HelloReplayTable _accepted = new();
    private readonly CborWriter _scratch = new(512);
    private readonly long _startedTicks;
    private long _highestClockOffset;
    private long _verifiedSecond;
    private int _verified;

    /// <summary>Starts a responder; for the first minutes it asks everyone for a cookie.</summary>
    public HandshakeResponder(HandshakeContext context, Instant now)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _cookies = new CookieJar(context.Crypto, now);
        _startedTicks = now.Ticks;
        _highestClockOffset = ClockOffset(now);
    }

    /// <summary>Set by the owner while Hellos come in faster than they should: then everyone is asked for a cookie.</summary>
    public bool IsUnderLoad { get; set; }

    /// <summary>Answers a Hello.</summary>
    /// <param name="message">The message as it came.</param>
    /// <param name="isAddressProven">True over a connection, false for a datagram.</param>
    /// <param name="now">The time.</param>
    /// <param name="reply">Reset; afterwards empty, a HelloRetry, or an Ack.</param>
    /// <param name="session">The new session, not yet in the session table; null unless accepted.</param>
    /// <returns>
    /// <c>Accepted</c> with a session; <c>InvalidCookie</c>, with a HelloRetry as reply where one may be sent; another refusal without a reply:
    /// those of WIRE §7.5, <c>HelloCrossed</c>, <c>HelloBudgetExceeded</c>.
    /// </returns>
    public FcpStatus Receive(ReadOnlySpan<byte> message, bool isAddressProven, Instant now, CborWriter reply, out PeerSession? session)
    {
        ArgumentNullException.ThrowIfNull(reply);
        session = null;
        reply.Reset();
        FcpStatus status = HelloMessage.Parse(message, out HelloMessage hello);
        if (status != FcpStatus.Accepted) return status;
        if (RequiresCookie(isAddressProven, now))
        {
            status = _cookies.Check(hello, now);
            if (status != FcpStatus.Accepted)
            {
                WriteRetry(hello, message.Length, now, reply);
                return status;
            }
        }

        if (!isAddressProven && !MayVerify(now)) return FcpStatus.HelloBudgetExceeded;
        status = Check(hello, now, out PeerIdentity? peer);
        if (status != FcpStatus.Accepted) return status;
        status = SelectSuite(hello, _context.MinSuiteOf(peer!.NodeId), out MacSuite suite);
        if (status == FcpStatus.Accepted) status = Accept(hello, peer, suite, now, reply, out session);
        if (status == FcpStatus.Accepted) _accepted.Add(peer.NodeId, hello.Nonce, now); // it was judged; only what is accepted is remembered
        return status;
    }

    /// <summary>Erases the cookie keys.</summary>
    public void Dispose() => _cookies.Dispose();

    private static long ClockOffset(Instant now) => (long)now.UnixSeconds - (now.Ticks / Instant.TicksPerSecond);

    private bool RequiresCookie(bool isAddressProven, Instant now) =>
        HasSteppedBack(now) || !isAddressProven || IsUnderLoad || _accepted.IsFull || now.Ticks - _startedTicks < SessionRules.CookieRequiredTicks;

    /// <summary>
    /// True while the wall clock is behind where it was: timestamps that had left the skew window are in it again, and their pairs may be forgotten.
    /// Two readings in whole seconds may differ by one without a step.
    /// </summary>
    private bool HasSteppedBack(Instant now)
    {
        long offset = ClockOffset(now);
        _highestClockOffset = long.Max(_highestClockOffset, offset);
        return offset <= _highestClockOffset - 2;
    }

    /// <summary>A cookie does not name the address that it was sent to, so one cookie can be sent from everywhere: signatures have their own bound.</summary>
    private bool MayVerify(Instant now)
    {
        long second = now.Ticks / Instant.TicksPerSecond;
        if (second != _verifiedSecond) (_verifiedSecond, _verified) = (second, 0);
        if (_verified >= _context.DatagramHellosVerifiedPerSecondMax) return false;
        _verified++;
        return true;
    }

    private void WriteRetry(scoped in HelloMessage hello, int questionBytes, Instant now, CborWriter reply)
    {
        Span<byte> cookie = stackalloc byte[SessionRules.CookieBytes];
        _cookies.Make(hello, now, cookie);
        var retry = new HelloRetryMessage { From = hello.To, To = hello.From, Cookie = cookie, TimestampUnixSeconds = now.UnixSeconds };
        retry.Write(reply);
        if (reply.Written.Length > questionBytes) reply.Reset();
    }

    private FcpStatus Check(scoped in HelloMessage hello, Instant now, out PeerIdentity? peer)
    {
        peer = null;
        if (!_context.Self.NodeId.Matches(hello.To)) return FcpStatus.WrongRecipient;
        if (hello.From.SequenceEqual(hello.To)) return FcpStatus.SelfHandshake;
        peer = _context.Peers.Find(hello.From);
        if (peer is null) return FcpStatus.AttestationNodeMismatch;
        if (!SessionRules.IsWithinSkew(hello.TimestampUnixSeconds, now.UnixSeconds)) return FcpStatus.TimestampSkew;
        FcpStatus status = peer.Judge(now.UnixSeconds);
        if (status != FcpStatus.Accepted) return status;
        status = HandshakeTranscript.VerifyHello(_context.Crypto.Signatures, peer.SigningKey, hello, _scratch);
        if (status != FcpStatus.Accepted) return status;
        return _context.GoesFirst(peer.NodeId) ? FcpStatus.HelloCrossed : _accepted.Judge(peer.NodeId, hello.Nonce, now);
    }

    private FcpStatus SelectSuite(scoped in HelloMessage hello, MacSuite floor, out MacSuite suite)
    {
        Span<MacSuite> offered = stackalloc MacSuite[SessionRules.SuitesMax];
        Span<MacSuite> supported = stackalloc MacSuite[SessionRules.SuitesMax];
        int offers = hello.Suites.CopyTo(offered), supports = 0;
        for (int i = 0; i < _context.Suites.Count; i++)
        {
            if (_context.Suites[i] >= floor) supported[supports++] = _context.Suites[i];
        }

        return SessionRules.Negotiate(offered[..offers], supported[..supports], out suite);
    }

    private FcpStatus Accept(
        scoped in HelloMessage hello, PeerIdentity peer, MacSuite suite, Instant now, CborWriter reply, out PeerSession? session)
    {
        session = null;
        CryptoProvider crypto = _context.Crypto;
        Span<byte> ephemeralSecret = stackalloc byte[CryptoSizes.KeyBytes];
        Span<byte> sharedSecret = stackalloc byte[CryptoSizes.KeyBytes];
        Span<byte> keys = stackalloc byte[SessionKeySchedule.KeysBytes];
        Span<byte> ephemeralKey = stackalloc byte[CryptoSizes.KeyBytes];
        Span<byte> nonce = stackalloc byte[SessionRules.NonceBytes];
        Span<byte> id = stackalloc byte[SessionId.Length];
        Span<byte> signature = stackalloc byte[CryptoSizes.SignatureBytes];
        crypto.Random.Fill(ephemeralSecret);
        crypto.Random.Fill(nonce);
        crypto.Random.Fill(id);
        while (!_context.Steering.Takes(id[0])) crypto.Random.Fill(id[..1]);
        crypto.KeyExchange.DerivePublicKey(ephemeralSecret, ephemeralKey);
        FcpStatus status = FcpStatus.InvalidPublicKey;
        if (crypto.KeyExchange.TryAgree(ephemeralSecret, hello.EphemeralKey, sharedSecret))
        {
            var sessionId = new SessionId(Bytes16.Read(id));
            SessionKeySchedule.Derive(crypto.Kdf, sharedSecret, sessionId, hello.From, hello.To, hello.Nonce, nonce, keys);
            var ack = new AckMessage
            {
                From = hello.To,
                To = hello.From,
                EphemeralKey = ephemeralKey,
                Nonce = nonce,
                SessionId = sessionId,
                Suite = suite,
                TimestampUnixSeconds = now.UnixSeconds,
            };
            status = Sign(ref ack, hello, signature);
            if (status == FcpStatus.Accepted)
            {
                ack.Write(reply);
                SessionRules.DatagramLimit(hello.TransportLimits, out int peerDatagramBytesMax);
                int datagramBytesMax = Math.Min(_context.DatagramBytesMax, peerDatagramBytesMax);
                var parameters = new SessionParameters(sessionId, peer.NodeId, IsInitiator: false, suite, datagramBytesMax);
                session = _context.NewSession(parameters, keys, now);
            }
        }

        CryptographicOperations.ZeroMemory(ephemeralSecret);
        CryptographicOperations.ZeroMemory(sharedSecret);
        CryptographicOperations.ZeroMemory(keys);
        return status;
    }

    private FcpStatus Sign(scoped ref AckMessage ack, scoped in HelloMessage hello, Span<byte> signature)
    {
        using KeyLease seed = _context.Self.SigningSeed.Lease();
        if (!seed.IsLive) return FcpStatus.MissingSignature;
        HandshakeTranscript.SignAck(_context.Crypto.Signatures, seed.Bytes, ack, hello.EphemeralKey, hello.Nonce, _scratch, signature);
        ack.Signature = signature;
        return FcpStatus.Accepted;
    }
}
