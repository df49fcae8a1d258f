using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Wire;
using FcpFast.Transport.Streams;

namespace FcpFast.Host;

/// <summary>The TCP side of a node: hands each connection to the shard that owns its peer.</summary>
/// <remarks>
/// Shape:   a connection that was made is its peer's. One that came is nobody's until its first message, which says whose it is: a Hello by its
///          sender's name, a control frame by its session. Nothing is believed: the owner verifies, and another peer's words on it find no peer there.
/// Threads: connections' own, side by side; a full inbox holds back only the connections of its shard.
/// Source:  [WIRE §9].
/// </remarks>
internal sealed class StreamFront : IStreamHandler, IAsyncDisposable
{
    private const int EventsMax = 1024;

    private readonly CancellationTokenSource _stopping = new();
    private readonly StreamInbox[] _inboxes;
    private readonly ShardMap _map;
    private readonly StreamPort _port;

    /// <param name="options">The bounds of all connections together.</param>
    /// <param name="time">The clock of time limits.</param>
    /// <param name="map">Who owns whom.</param>
    /// <param name="wakes">What wakes each shard.</param>
    public StreamFront(StreamOptions options, TimeProvider time, ShardMap map, IEnumerable<Action> wakes)
    {
        _map = map;
        _inboxes = [.. wakes.Select(static wake => new StreamInbox(EventsMax, wake))];
        _port = new StreamPort(options, this, time);
    }

    /// <summary>What happens on a shard's connections.</summary>
    public StreamInbox InboxOf(int shard) => _inboxes[shard];

    /// <summary>Accepts connections on an address.</summary>
    public NetAddress Listen(NetAddress address) => _port.Listen(address);

    /// <summary>Connects to a peer; false if that failed, and nobody will hear of it otherwise.</summary>
    public async Task<bool> ConnectAsync(NodeId peer, NetAddress address)
    {
        StreamConnectResult result = await _port.ConnectAsync(address, peer, _stopping.Token).ConfigureAwait(false);
        return result.IsConnected || _stopping.IsCancellationRequested;
    }

    public async ValueTask OpenedAsync(StreamConnection connection, CancellationToken cancellation)
    {
        if (connection.Tag is NodeId peer) await _inboxes[_map.OwnerOf(peer)].OpenedAsync(connection, cancellation).ConfigureAwait(false);
        else if (_inboxes.Length == 1) await GiveAsync(connection, _inboxes[0], cancellation).ConfigureAwait(false);
    }

    public async ValueTask MessageAsync(StreamConnection connection, StreamMessage message, CancellationToken cancellation)
    {
        if (connection.Tag is null) await GiveAsync(connection, _inboxes[OwnerOf(message)], cancellation).ConfigureAwait(false);
        await InboxOf(connection)!.MessageAsync(connection, message, cancellation).ConfigureAwait(false);
    }

    public ValueTask ClosedAsync(StreamConnection connection, CancellationToken cancellation) =>
        InboxOf(connection) is { } inbox ? inbox.ClosedAsync(connection, cancellation) : ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _port.DisposeAsync().ConfigureAwait(false);
        foreach (StreamInbox inbox in _inboxes)
        {
            while (inbox.TryTake(out StreamEvent next)) next.Message?.Dispose();
        }

        _stopping.Dispose();
    }

    /// <summary>The inbox is the connection's from the moment on at which it has heard of it.</summary>
    private static async ValueTask GiveAsync(StreamConnection connection, StreamInbox inbox, CancellationToken cancellation)
    {
        await inbox.OpenedAsync(connection, cancellation).ConfigureAwait(false);
        connection.Tag = inbox;
    }

    private StreamInbox? InboxOf(StreamConnection connection) =>
        connection.Tag is NodeId peer ? _inboxes[_map.OwnerOf(peer)] : connection.Tag as StreamInbox;

    private int OwnerOf(StreamMessage first)
    {
        ReadOnlySpan<byte> bytes = first.Bytes.Span;
        if (first.Kind == StreamMessageKind.Handshake) return HelloMessage.Parse(bytes, out HelloMessage hello) == FcpStatus.Accepted ? _map.OwnerOf(hello.From) : 0;
        return FcpcHeader.ParseFrame(bytes, FcpcHeader.CiphertextBytesMax, out FcpcHeader header) == FcpStatus.Accepted ? _map.ShardOf(header.SessionId) : 0;
    }
}
