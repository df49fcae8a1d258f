using System;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Nodes;

/// <summary>What a <see cref="RecordExchange"/> needs of the world, and whom it tells.</summary>
/// <remarks>Threads: called by the thread that calls the exchange.</remarks>
public interface IExchangePort
{
    /// <summary>Sends a schema-prefixed payload to a peer, soon and in order; it may be lost with the connection.</summary>
    void Send(NodeId to, ReadOnlyMemory<byte> payload);

    /// <summary>A zone's keys, members or floor changed: the data plane is to follow.</summary>
    void ZoneChanged(ZoneId zone);

    /// <summary>Whom this node takes in may have changed.</summary>
    void PeersChanged();

    /// <summary>Something that an operator must hear of.</summary>
    void Raise(NodeAlarm alarm);
}
