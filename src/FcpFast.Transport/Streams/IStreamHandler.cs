using System.Threading;
using System.Threading.Tasks;

namespace FcpFast.Transport.Streams;

/// <summary>Takes what happens on the connections of a <see cref="StreamPort"/>.</summary>
/// <remarks>
/// Shape:   for each connection: opened once, then its messages in order, then closed once.
/// Errors:  a cancelled token means that the connection ends (or for <see cref="ClosedAsync"/>, the port): throwing
///          <see cref="System.OperationCanceledException"/> is right then. Any other exception is a defect and closes the connection.
/// Threads: calls for one connection follow each other; those of several run side by side, on pool threads.
/// Cost:    a connection is not read while its handler has not returned: waiting is how a slow receiver holds back its peers.
/// </remarks>
public interface IStreamHandler
{
    /// <summary>A connection was accepted or made.</summary>
    ValueTask OpenedAsync(StreamConnection connection, CancellationToken cancellation);

    /// <summary>A message came; on return it is the handler's, who disposes it.</summary>
    ValueTask MessageAsync(StreamConnection connection, StreamMessage message, CancellationToken cancellation);

    /// <summary>The connection ended (<see cref="StreamConnection.CloseReason"/>).</summary>
    ValueTask ClosedAsync(StreamConnection connection, CancellationToken cancellation);
}
