using System;
using System.Collections.Generic;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Protocol.Wire;
using Pipelines.Sockets.Unofficial;

namespace FcpFast.Transport.Streams;

/// <summary>The TCP side of a node: accepts and makes connections that carry handshake messages and control frames.</summary>
/// <remarks>
/// Shape:   connections, their memory and their time are bounded by <see cref="StreamOptions"/>, whatever the other sides do.
/// Errors:  what a peer or the network does is a status, a count or a <see cref="StreamCloseReason"/>.
/// Threads: any. All of it is the cold path: tasks and allocations, a bounded number of them.
/// Source:  [WIRE §9], [DESIGN §1] (Pipelines at every border).
/// </remarks>
public sealed partial class StreamPort : IAsyncDisposable
{
    // How often lateness is looked for; time limits are that coarse.
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(250);

    private readonly TimeProvider _time;
    private readonly long _startedAt;
    private readonly ITimer _looking;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ByteBudget _budget;
    private readonly ByteBudget _unprovenBudget;
    private readonly Lock _gate = new();
    private readonly Dictionary<long, StreamConnection> _connections = [];
    private readonly Dictionary<NetAddress, int> _strangersOf = [];
    private readonly Dictionary<long, Task> _running = [];
    private int _admitted;
    private long _lastId;

    /// <summary>A port that neither listens nor is connected yet.</summary>
    /// <param name="options">Its bounds.</param>
    /// <param name="handler">Takes what happens.</param>
    /// <param name="time">The clock of the time limits.</param>
    public StreamPort(StreamOptions options, IStreamHandler handler, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(handler);
        options.Require();
        Options = options;
        Handler = handler;
        _budget = new ByteBudget(options.BudgetBytes);
        _unprovenBudget = new ByteBudget(options.UnprovenBudgetBytes);
        _time = time ?? TimeProvider.System;
        _startedAt = _time.GetTimestamp();
        _looking = _time.CreateTimer(static port => ((StreamPort)port!).Look(), this, LookPeriod, LookPeriod);
    }

    /// <summary>What happened so far.</summary>
    public StreamCounters Counters { get; } = new();

    /// <summary>Connections now, accepted and made.</summary>
    public int Connections
    {
        get
        {
            lock (_gate) return _admitted;
        }
    }

    /// <summary>Memory that messages take now, those included that the handler has not disposed.</summary>
    public long MessageBytes => _budget.UsedBytes + _unprovenBudget.UsedBytes;

    /// <summary>What the handler threw last: a defect of this program. Null if there was none.</summary>
    public Exception? HandlerFault { get; private set; }

    internal StreamOptions Options { get; }

    internal IStreamHandler Handler { get; }

    internal long NowTicks => _time.GetElapsedTime(_startedAt).Ticks;

    /// <summary>Closes everything and waits until the last handler call has returned.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] running;
        List<StreamConnection> open;
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested) return;
            _stopping.Cancel();
            open = [.. _connections.Values];
        }

        _listener?.Dispose();
        foreach (StreamConnection connection in open) connection.Close(StreamCloseReason.PortStopped);
        await _accepting.ConfigureAwait(false);
        lock (_gate) running = [.. _running.Values];
        await Task.WhenAll(running).ConfigureAwait(false);
        await _looking.DisposeAsync().ConfigureAwait(false);
    }

    internal ByteBudget BudgetOf(StreamConnection connection) => connection.IsProven ? _budget : _unprovenBudget;

    internal void NoteHandlerFault(Exception fault) => HandlerFault = fault;

    /// <summary>The other side of a connection has proved who it is: it counts among its subscriber's strangers no more.</summary>
    internal void NoteProven(StreamConnection connection)
    {
        lock (_gate)
        {
            if (connection.IsStranger && _connections.ContainsKey(connection.Id)) LeaveStrangers(connection.Remote);
            connection.IsStranger = false;
        }
    }

    /// <summary>Takes a connection off the lists and tells the handler, if it knows of it.</summary>
    internal async Task EndAsync(StreamConnection connection, bool isTold)
    {
        lock (_gate)
        {
            _ = _connections.Remove(connection.Id);
            Leave(connection.Remote, connection.IsStranger);
        }

        Counters.Add(connection.CloseReason);
        try
        {
            if (isTold) await Handler.ClosedAsync(connection, _stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // nobody asks any more
        }
        catch (Exception e)
        {
            NoteHandlerFault(e);
        }

        lock (_gate) _ = _running.Remove(connection.Id);
    }

    /// <summary>Takes a place for a connection; <see cref="Leave"/> gives it back.</summary>
    private StreamConnectStatus Enter(in NetAddress remote, bool isAccepted)
    {
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested) return StreamConnectStatus.PortStopped;
            int ofSubscriber = isAccepted ? _strangersOf.GetValueOrDefault(remote.Subscriber) : 0;
            if (_admitted >= Options.ConnectionsMax)
            {
                if (isAccepted) Counters.Add(StreamCount.RefusedForTotal);
                return StreamConnectStatus.LimitReached;
            }

            if (ofSubscriber >= Options.ConnectionsPerSubscriberMax)
            {
                Counters.Add(StreamCount.RefusedForSubscriber);
                return StreamConnectStatus.LimitReached;
            }

            if (isAccepted) _strangersOf[remote.Subscriber] = ofSubscriber + 1;
            _admitted++;
            return StreamConnectStatus.Connected;
        }
    }

    /// <summary>The caller holds the gate.</summary>
    private void Leave(in NetAddress remote, bool isStranger)
    {
        _admitted--;
        if (isStranger) LeaveStrangers(remote);
    }

    /// <summary>The caller holds the gate.</summary>
    private void LeaveStrangers(in NetAddress remote)
    {
        int left = _strangersOf[remote.Subscriber] - 1;
        if (left == 0) _ = _strangersOf.Remove(remote.Subscriber);
        else _strangersOf[remote.Subscriber] = left;
    }

    /// <summary>As an accepted socket, over any pipe; for the tests.</summary>
    internal StreamConnection? Attach(IDuplexPipe pipe, IDisposable socket, in NetAddress remote) =>
        Enter(remote, isAccepted: true) == StreamConnectStatus.Connected ? Begin(pipe, socket, remote, isAccepted: true, tag: null) : null;

    /// <summary>Makes the connection of an admitted socket and lets it run; null if the port has stopped meanwhile.</summary>
    private StreamConnection? Begin(Socket socket, in NetAddress remote, bool isAccepted, object? tag)
    {
        SocketConnection.SetRecommendedServerOptions(socket);
        var pipes = new PipeOptions(pauseWriterThreshold: PipeBytesMax, resumeWriterThreshold: PipeBytesMax / 2, useSynchronizationContext: false);

        // ZeroLengthReads: an idle connection holds no buffer.
        SocketConnection pipe = SocketConnection.Create(socket, pipes, pipes, SocketConnectionOptions.ZeroLengthReads);
        return Begin(pipe, pipe, remote, isAccepted, tag);
    }

    private StreamConnection? Begin(IDuplexPipe pipe, IDisposable socket, in NetAddress remote, bool isAccepted, object? tag)
    {
        lock (_gate)
        {
            if (!_stopping.IsCancellationRequested)
            {
                var connection = new StreamConnection(this, ++_lastId, remote, isAccepted, tag, pipe, socket);
                _connections.Add(connection.Id, connection);
                _running.Add(connection.Id, Task.Run(connection.RunAsync)); // whose end waits for this gate
                return connection;
            }
        }

        socket.Dispose();
        return null;
    }

    private void Look()
    {
        List<StreamConnection> open;
        lock (_gate) open = [.. _connections.Values];
        long now = NowTicks;
        foreach (StreamConnection connection in open) connection.CheckTime(now);
    }
}
