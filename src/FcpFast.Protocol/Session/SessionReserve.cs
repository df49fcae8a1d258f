using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Session;

/// <summary>What may have been used of a kept session by the time a crash ends its process.</summary>
/// <param name="Session">The session.</param>
/// <param name="ControlLimit">No control number above this one was sealed: after a restart they go on above it, so no nonce repeats.</param>
/// <param name="Traffic">What it had carried when this was written, so that its limits go on counting.</param>
/// <param name="FailedVerifications">The same of forgeries.</param>
/// <remarks>Source: [REPLAY §5.3], [REPLAY §6.2], [REPLAY §8] (S4, S8).</remarks>
public readonly record struct SessionReserve(SessionId Session, ulong ControlLimit, SessionTraffic Traffic, ulong FailedVerifications);
