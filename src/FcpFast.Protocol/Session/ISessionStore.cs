using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;

namespace FcpFast.Protocol.Session;

/// <summary>Where sessions are kept over restarts (mode M1), with their lanes.</summary>
/// <remarks>
/// Shape:   a session's record and the ceilings in it become durable together or not at all; what is put later becomes so later. A session that
///          was dropped is gone from the disk as soon as that takes it, its keys overwritten.
/// Errors:  <c>TryPut</c> is false when no more can be taken now; nothing throws.
/// Threads: one user at a time; the flushes happen on a thread of the store.
/// Source:  [REPLAY §5.3], [REPLAY §6.2].
/// </remarks>
public interface ISessionStore : ILaneStore
{
    /// <summary>False while nothing becomes durable: then no further session is kept.</summary>
    bool IsKeeping { get; }

    /// <summary>Asks that a session is kept. The store owns the record from here on, also if it refuses it.</summary>
    bool TryPut(SessionRecord record);

    /// <summary>Asks that a reservation of a kept session becomes durable.</summary>
    bool TryPut(in SessionReserve reserve);

    /// <summary>The next reservation that is durable.</summary>
    bool TryTake(out SessionReserve reserve);

    /// <summary>The session is over: its keys and lanes are erased.</summary>
    void Drop(SessionId session);
}
