using System;
using FcpFast.Protocol.Ids;

namespace FcpFast.Node;

/// <summary>The control connections of a node, as its core uses them.</summary>
/// <remarks>
/// Shape:   connections are numbered; what happens to them is told to the core by <see cref="INodeCore.Connected"/>,
///          <see cref="INodeCore.Received"/> and <see cref="INodeCore.Disconnected"/>, on the shard's thread.
/// Threads: the shard's thread; nothing blocks.
/// </remarks>
public interface IStreamPort
{
    /// <summary>Starts to connect to a peer; the answer is <see cref="INodeCore.Connected"/> or <see cref="INodeCore.ConnectFailed"/>.</summary>
    void Connect(NodeId peer);

    /// <summary>Sends one whole message: a control frame, or a handshake message to which the port puts its length.</summary>
    /// <returns>False if the connection is gone or its queue is full; then it is closed.</returns>
    bool Send(long connection, bool isHandshake, ReadOnlySpan<byte> message);

    /// <summary>True if the connection's queue takes so many bytes and is not half full: what may as well be lost is sent only then.</summary>
    bool HasRoom(long connection, int bytes);

    /// <summary>A message of a session has opened on the connection: it is no stranger's any more.</summary>
    void Prove(long connection);

    /// <summary>Closes a connection.</summary>
    void Close(long connection);
}
