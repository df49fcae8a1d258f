using System;
using System.Collections.Generic;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Replay;

namespace FcpFast.Protocol.Session;

/// <summary>A session that is kept over restarts (mode M1), with a copy of its keys.</summary>
/// <param name="Parameters">What the handshake agreed.</param>
/// <param name="Keys">The 96 bytes of <see cref="SessionKeySchedule.Derive"/>; owned by the record.</param>
/// <param name="CreatedUnixSeconds">When it was made: its age goes on counting.</param>
/// <param name="Reserve">What may have been used of it.</param>
/// <param name="Lanes">Its lanes' ceilings.</param>
/// <remarks>Source: [REPLAY §5.3], [REPLAY §6.2] (M1).</remarks>
public sealed record SessionRecord(
    SessionParameters Parameters, SecretKey Keys, ulong CreatedUnixSeconds, SessionReserve Reserve, IReadOnlyList<LaneRecord> Lanes) : IDisposable
{
    /// <summary>
    /// Of a record that a start has read: control numbers up to this one may have been sealed by the processes before; those above it, up to the
    /// limit, were reserved for this one, durably, when it was read.
    /// </summary>
    public ulong ControlUsed { get; init; }

    /// <summary>Erases the keys.</summary>
    public void Dispose() => Keys.Dispose();
}
