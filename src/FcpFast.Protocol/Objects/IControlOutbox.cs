using System;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;

namespace FcpFast.Protocol.Objects;

/// <summary>Where transfers hand their messages to.</summary>
/// <remarks>Threads: the shard's.</remarks>
public interface IControlOutbox
{
    /// <summary>Seals a body for a zone and sends it to a member.</summary>
    /// <param name="zone">The zone.</param>
    /// <param name="to">The member.</param>
    /// <param name="payload">A schema-prefixed payload.</param>
    /// <returns>False if there is no way to it now; the caller tries again by its own timers.</returns>
    bool SendBody(ZoneKeyRing zone, NodeId to, ReadOnlySpan<byte> payload);

    /// <summary>False while nothing can be sealed in a zone for a member; what is to be sent waits. Without cost a frame, but to be asked once a slab.</summary>
    bool MaySeal(ZoneKeyRing zone, NodeId to);

    /// <summary>A member has not answered an announcement, nor its repetition.</summary>
    void NoteSilence(NodeId to);

    /// <summary>Tells a source, in a signed message, to stop sending an object.</summary>
    void SendSymbolAck(ZoneKeyRing zone, NodeId to, ObjectId objectId, SymbolAckReason reason);
}
