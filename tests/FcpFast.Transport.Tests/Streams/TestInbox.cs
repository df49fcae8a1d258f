using System;
using System.Threading.Channels;
using System.Threading.Tasks;
using FcpFast.Transport.Streams;

namespace FcpFast.Transport.Tests.Streams;

/// <summary>An inbox on which a test can wait.</summary>
internal sealed class TestInbox
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Channel<bool> _rings = Channel.CreateUnbounded<bool>();

    public TestInbox(int eventsMax = 1024) => Inbox = new StreamInbox(eventsMax, () => _rings.Writer.TryWrite(true));

    public StreamInbox Inbox { get; }

    /// <summary>The next event.</summary>
    public async Task<StreamEvent> NextAsync()
    {
        _ = await _rings.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.True(Inbox.TryTake(out StreamEvent next));
        return next;
    }

    public async Task<StreamConnection> OpenedAsync()
    {
        StreamEvent next = await NextAsync();
        Assert.Equal(StreamEventKind.Opened, next.Kind);
        Assert.Null(next.Message);
        return next.Connection;
    }

    /// <summary>The next event is a message; a copy of it.</summary>
    public async Task<(StreamMessageKind Kind, byte[] Bytes)> MessageAsync()
    {
        StreamEvent next = await NextAsync();
        Assert.Equal(StreamEventKind.Message, next.Kind);
        using StreamMessage message = next.Message!;
        Assert.Equal(next.Connection.Id, message.ConnectionId);
        return (message.Kind, message.Bytes.ToArray());
    }

    /// <summary>The next event is the end.</summary>
    public async Task<StreamConnection> ClosedAsync(StreamCloseReason reason)
    {
        StreamEvent next = await NextAsync();
        Assert.Equal((StreamEventKind.Closed, reason), (next.Kind, next.Connection.CloseReason));
        return next.Connection;
    }
}
