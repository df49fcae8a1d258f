using System;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace FcpFast.Transport.Streams;

/// <summary>A bounded queue between the connections and a loop that looks when it likes.</summary>
/// <remarks>
/// Shape:   at most so many events; above, the connections are not read until the loop has caught up.
/// Threads: connections write, one loop takes.
/// Cost:    <see cref="TryTake"/> does not allocate.
/// </remarks>
public sealed class StreamInbox : IStreamHandler
{
    private readonly Channel<StreamEvent> _events;
    private readonly Action? _wake;

    /// <summary>An inbox.</summary>
    /// <param name="eventsMax">The most events that wait.</param>
    /// <param name="wake">Called after each event, from any thread: <see cref="Udp.UdpPort.Wake"/> is made for this.</param>
    public StreamInbox(int eventsMax, Action? wake = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(eventsMax, 1);
        _events = Channel.CreateBounded<StreamEvent>(new BoundedChannelOptions(eventsMax) { SingleReader = true });
        _wake = wake;
    }

    /// <summary>Events waiting.</summary>
    public int Count => _events.Reader.Count;

    /// <summary>Takes the oldest event; false if there is none.</summary>
    public bool TryTake(out StreamEvent next) => _events.Reader.TryRead(out next);

    /// <inheritdoc/>
    public ValueTask OpenedAsync(StreamConnection connection, CancellationToken cancellation) =>
        PutAsync(new StreamEvent(StreamEventKind.Opened, connection, null), cancellation);

    /// <inheritdoc/>
    public ValueTask MessageAsync(StreamConnection connection, StreamMessage message, CancellationToken cancellation) =>
        PutAsync(new StreamEvent(StreamEventKind.Message, connection, message), cancellation);

    /// <inheritdoc/>
    public ValueTask ClosedAsync(StreamConnection connection, CancellationToken cancellation) =>
        PutAsync(new StreamEvent(StreamEventKind.Closed, connection, null), cancellation);

    private async ValueTask PutAsync(StreamEvent next, CancellationToken cancellation)
    {
        await _events.Writer.WriteAsync(next, cancellation).ConfigureAwait(false);
        _wake?.Invoke();
    }
}
