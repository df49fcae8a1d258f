using System;

namespace FcpFast.Node;

/// <summary>The datagram socket of a node, as its core uses it to pass frames on while it holds their slab.</summary>
/// <remarks>Threads: the shard's thread; nothing blocks.</remarks>
public interface IDatagramPort
{
    /// <summary>Sends datagrams of equal size that lie side by side; the last may be shorter.</summary>
    /// <returns>False if the socket does not take (all of) them now: they are lost, as the network might have lost them.</returns>
    bool Send(ReadOnlySpan<byte> datagrams, int datagramBytes, DatagramRoute to);
}
