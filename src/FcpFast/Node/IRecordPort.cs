using System;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Node;

/// <summary>Who judges records of the control plane: manifests, attestations, revocations, and requests for them.</summary>
/// <remarks>Threads: called on the shard's thread; must not block.</remarks>
public interface IRecordPort
{
    /// <summary>True if messages of a schema belong here.</summary>
    bool Takes(SchemaHash schema);

    /// <summary>A message of a peer, to be judged later; it is only lent.</summary>
    /// <returns><c>Accepted</c>, or <c>RecordBudgetExceeded</c> if too many wait.</returns>
    FcpStatus Receive(NodeId from, ReadOnlySpan<byte> payload);
}
