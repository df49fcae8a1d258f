using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;

namespace FcpFast.Transport.Streams;

/// <summary>A connection, or why there is none.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Connection">The connection, on <see cref="StreamConnectStatus.Connected"/>.</param>
/// <param name="Error">What the system said.</param>
public readonly record struct StreamConnectResult(StreamConnectStatus Status, StreamConnection? Connection, SocketError Error)
{
    /// <summary>True if there is a connection.</summary>
    [MemberNotNullWhen(true, nameof(Connection))]
    public bool IsConnected => Status == StreamConnectStatus.Connected;
}
