using System;
using System.Security.Cryptography;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Wire;

namespace FcpFast.Protocol.Session;

/// <summary>One session with one peer: keys, lanes, and the two counters of its control channel.</summary>
/// <remarks>
/// Shape:   the control counters count per session and direction and live as long as the session, whatever connections come and go:
///          so no control nonce repeats after a reconnect.
/// Threads: the owner of the session table.
/// Source:  [WIRE §7.6], [WIRE §8], [WIRE §9], [REPLAY §2.7].
/// </remarks>
public sealed partial class PeerSession : IDisposable
{
    /// <summary>Makes a session from the keys of a handshake.</summary>
    /// <param name="crypto">The seams; its MAC engine prepares the MAC keys.</param>
    /// <param name="parameters">What the handshake agreed.</param>
    /// <param name="keys">96 bytes as <see cref="SessionKeySchedule.Derive"/> gives them; the caller erases them.</param>
    /// <param name="lanes">An empty table.</param>
    /// <param name="limits">When a successor is wanted; already jittered.</param>
    /// <param name="now">The time.</param>
    public PeerSession(
        CryptoProvider crypto, SessionParameters parameters, ReadOnlySpan<byte> keys, LaneTable lanes, SequencerLimits limits, Instant now)
    {
        ArgumentNullException.ThrowIfNull(crypto);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(lanes);
        if (keys.Length != SessionKeySchedule.KeysBytes) ThrowHelper.BadArgument(nameof(keys), "three keys of 32 bytes");
        Parameters = parameters;
        Lanes = lanes;
        _limits = limits;
        CreatedTicks = now.Ticks;
        State = parameters.IsInitiator ? SessionState.Established : SessionState.Unconfirmed;
        SecretKey toResponder = PrepareMacKey(crypto, parameters.Suite, keys[..CryptoSizes.KeyBytes]);
        SecretKey toInitiator = PrepareMacKey(crypto, parameters.Suite, keys.Slice(CryptoSizes.KeyBytes, CryptoSizes.KeyBytes));
        (SendMacKey, ReceiveMacKey) = parameters.IsInitiator ? (toResponder, toInitiator) : (toInitiator, toResponder);
        _aead = crypto.Aead;
        _controlKey = crypto.Vault.Import(keys[(2 * CryptoSizes.KeyBytes)..]);
    }

    /// <summary>What the handshake agreed.</summary>
    public SessionParameters Parameters { get; }

    /// <summary>The session's id.</summary>
    public SessionId Id => Parameters.Id;

    /// <summary>The other end.</summary>
    public NodeId Peer => Parameters.Peer;

    /// <summary>The MAC suite.</summary>
    public MacSuite Suite => Parameters.Suite;

    /// <summary>Where in its life the session is.</summary>
    public SessionState State { get; private set; }

    /// <summary>When it was made.</summary>
    public long CreatedTicks { get; }

    /// <summary>When it must be closed at the latest; only while it drains.</summary>
    public long DrainsUntilTicks { get; private set; }

    /// <summary>The streams that arrive over it.</summary>
    public LaneTable Lanes { get; }

    /// <summary>The prepared MAC key of what this end sends.</summary>
    public SecretKey SendMacKey { get; }

    /// <summary>The prepared MAC key of what the peer sends.</summary>
    public SecretKey ReceiveMacKey { get; }

    /// <summary>The direction byte of what this end sends.</summary>
    public Direction SendDirection => Parameters.IsInitiator ? Direction.InitiatorToResponder : Direction.ResponderToInitiator;

    /// <summary>The direction byte of what the peer sends.</summary>
    public Direction ReceiveDirection => Parameters.IsInitiator ? Direction.ResponderToInitiator : Direction.InitiatorToResponder;

    /// <summary>MACs and control tags that failed; at 2^36 the session is closed and replaced. [REPLAY §2.8]</summary>
    public ulong FailedVerifications { get; private set; }

    /// <summary>True while frames may be verified on it.</summary>
    public bool CanReceive => State != SessionState.Closed && FailedVerifications < SessionRules.FailedVerificationsMax;

    /// <summary>True while something may be sent on it.</summary>
    public bool CanSend => State == SessionState.Established && !IsSpent;

    /// <summary>Counts a frame that claimed this session and did not verify.</summary>
    public void CountFailedVerification() => FailedVerifications++;

    /// <summary>The peer has proven that it holds the keys: from now on this end sends. Returns true the first time.</summary>
    /// <remarks>Source: [WIRE §8] (key confirmation).</remarks>
    public bool Confirm()
    {
        if (State != SessionState.Unconfirmed) return false;
        State = SessionState.Established;
        return true;
    }

    /// <summary>A successor is confirmed: accept what is under way for the grace time, send nothing more.</summary>
    public void Drain(Instant now)
    {
        if (State is not (SessionState.Unconfirmed or SessionState.Established)) return;
        State = SessionState.Draining;
        EraseKeptKeys();
        DrainsUntilTicks = now.Ticks + SessionRules.GraceTicks;
    }

    /// <summary>Erases the keys; nothing verifies any more.</summary>
    public void Dispose()
    {
        State = SessionState.Closed;
        SendMacKey.Dispose();
        ReceiveMacKey.Dispose();
        _controlKey.Dispose();
        EraseKeptKeys();
    }

    private static SecretKey PrepareMacKey(CryptoProvider crypto, MacSuite suite, ReadOnlySpan<byte> key)
    {
        Span<byte> prepared = stackalloc byte[crypto.Mac.PreparedKeyBytes(suite)];
        crypto.Mac.PrepareKey(suite, key, prepared);
        SecretKey secret = crypto.Vault.Import(prepared);
        CryptographicOperations.ZeroMemory(prepared);
        return secret;
    }
}
