using System;
using System.Collections.Generic;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;

namespace FcpFast.Protocol.Session;

/// <summary>A session that outlives its process (mode M1).</summary>
/// <remarks>
/// Shape:   control numbers are sealed below a limit that is durable as soon as the session is, and go on above it after a restart. Which ones
///          were received is not stored: a session that goes on takes nothing of its control channel as new before the peer has answered a nonce
///          of this process, since that answer is numbered above all that was recorded.
/// Source:  [REPLAY §6.2], [REPLAY §5.3], [REPLAY §7], [REPLAY §8] (S4, S8).
/// </remarks>
public sealed partial class PeerSession
{
    /// <summary>Control numbers that a record reserves.</summary>
    public const ulong ControlStep = 1 << 16;

    private SecretKey? _keptKeys;
    private ulong _controlLimit = ulong.MaxValue;
    private ulong _controlAsked = ulong.MaxValue;

    /// <summary>True once its record was given to a store.</summary>
    public bool IsKept { get; private set; }

    /// <summary>True while nothing that comes over its control channel can be told from a recording; see <see cref="ProveControl"/>.</summary>
    public bool IsUnproven { get; private set; }

    /// <summary>True if its keys were held back for a record that is not made yet.</summary>
    public bool CanBeKept => _keptKeys is not null && State == SessionState.Established;

    /// <summary>Goes on with a session of a process before this one.</summary>
    /// <param name="crypto">The seams.</param>
    /// <param name="record">What was kept of it; the caller disposes it.</param>
    /// <param name="lanes">Restored from the record.</param>
    /// <param name="limits">When a successor is wanted; already jittered.</param>
    /// <param name="now">The time.</param>
    public static PeerSession Resume(CryptoProvider crypto, SessionRecord record, LaneTable lanes, SequencerLimits limits, Instant now)
    {
        ArgumentNullException.ThrowIfNull(record);
        Invariant.Require(record.ControlUsed > 0 && record.ControlUsed < record.Reserve.ControlLimit, "control numbers are reserved before a session goes on");
        using KeyLease keys = record.Keys.Lease();
        if (!keys.IsLive) ThrowHelper.BadState("the key was disposed");
        ulong ageSeconds = now.UnixSeconds > record.CreatedUnixSeconds ? now.UnixSeconds - record.CreatedUnixSeconds : 0;
        long ageTicks = (long)Math.Min(ageSeconds, int.MaxValue) * Instant.TicksPerSecond;
        return new PeerSession(crypto, record.Parameters, keys.Bytes, lanes, limits, now with { Ticks = now.Ticks - ageTicks })
        {
            State = SessionState.Established,
            IsKept = true,
            IsUnproven = true,
            FailedVerifications = record.Reserve.FailedVerifications,
            _framesSent = record.Reserve.Traffic.FramesSent,
            _framesReceived = record.Reserve.Traffic.FramesReceived,
            _bytesSent = record.Reserve.Traffic.BytesSent,
            _bytesReceived = record.Reserve.Traffic.BytesReceived,
            _controlSent = record.ControlUsed,
            _controlLimit = record.Reserve.ControlLimit,
            _controlAsked = record.Reserve.ControlLimit,
        };
    }

    /// <summary>Holds a copy of the keys back, so that the session can be kept later.</summary>
    internal PeerSession HoldingKeys(CryptoProvider crypto, ReadOnlySpan<byte> keys)
    {
        _keptKeys = crypto.Vault.Import(keys);
        return this;
    }

    /// <summary>Makes the record of this session, with a first ceiling for every lane; from now on it is kept.</summary>
    /// <param name="store">Where later ceilings go; the record itself must be given to it before anything else happens.</param>
    /// <param name="now">The time.</param>
    public SessionRecord Keep(ISessionStore store, Instant now)
    {
        if (!CanBeKept) ThrowHelper.BadState("no keys were held back for a record");
        ulong ageSeconds = (ulong)Math.Max(0, now.Ticks - CreatedTicks) / (ulong)Instant.TicksPerSecond;
        var lanes = new List<LaneRecord>();
        Lanes.Keep(Id, store, lanes);
        _controlLimit = _controlAsked = _controlSent + ControlStep;
        var record = new SessionRecord(Parameters, _keptKeys!, now.UnixSeconds - Math.Min(now.UnixSeconds, ageSeconds), ReserveUpTo(_controlLimit), lanes);
        _keptKeys = null;
        IsKept = true;
        return record;
    }

    /// <summary>The next reservation, if it is time to ask for one; to be given to the store at once.</summary>
    public bool TryReserve(out SessionReserve reserve)
    {
        bool isWanted = IsKept && _controlAsked == _controlLimit && _controlLimit - _controlSent < ControlStep / 2;
        reserve = isWanted ? ReserveUpTo(Math.Max(_controlLimit, _controlSent) + ControlStep) : default;
        return isWanted;
    }

    /// <summary>The store has taken a reservation in.</summary>
    public void Asked(in SessionReserve reserve) => _controlAsked = reserve.ControlLimit;

    /// <summary>A reservation has become durable.</summary>
    public void Take(in SessionReserve reserve) => _controlLimit = Math.Max(_controlLimit, reserve.ControlLimit);

    /// <summary>The peer has answered a nonce of this process: what it numbers above that answer is new.</summary>
    /// <param name="seq">The answer's number.</param>
    public void ProveControl(FrameSeq seq)
    {
        Invariant.Require(IsUnproven, "a control channel is proven once");
        IsUnproven = false;
        _controlReceived = seq.Value;
    }

    /// <summary>It is not to be kept any more, if it is not yet.</summary>
    private void EraseKeptKeys()
    {
        _keptKeys?.Dispose();
        _keptKeys = null;
    }

    private SessionReserve ReserveUpTo(ulong controlLimit) => new(Id, controlLimit, Traffic, FailedVerifications);
}
