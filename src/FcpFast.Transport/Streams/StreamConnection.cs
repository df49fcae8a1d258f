using System;
using System.IO.Pipelines;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Wire;

namespace FcpFast.Transport.Streams;

/// <summary>A TCP connection that carries whole messages.</summary>
/// <remarks>
/// Shape:   made by a <see cref="StreamPort"/>; what comes goes to its <see cref="IStreamHandler"/>.
/// Errors:  whatever the other side does ends in a <see cref="CloseReason"/>.
/// Threads: any.
/// Source:  [WIRE §9].
/// </remarks>
#pragma warning disable CA1001 // _closing is never disposed: a Close may still hold it when all else has ended, and it owns no timer and no handle
public sealed partial class StreamConnection
#pragma warning restore CA1001
{
    private readonly StreamPort _port;
    private readonly IDuplexPipe _pipe;
    private readonly IDisposable _socket;
    private readonly CancellationTokenSource _closing = new();
    private int _closeReason;
    private volatile bool _isProven;

    /// <summary>A connection over a pipe; disposing <paramref name="socket"/> breaks it.</summary>
    internal StreamConnection(StreamPort port, long id, in NetAddress remote, bool isAccepted, object? tag, IDuplexPipe pipe, IDisposable socket)
    {
        _port = port;
        Id = id;
        Remote = remote;
        IsAccepted = IsStranger = isAccepted;
        Tag = tag;
        _isProven = !isAccepted;
        _pipe = pipe;
        _socket = socket;
        _outbound = Channel.CreateBounded<Outbound>(new BoundedChannelOptions(port.Options.OutboundMessagesMax) { SingleReader = true });
        long now = port.NowTicks;
        _firstMessageDue = isAccepted ? now + port.Options.FirstMessageTimeout.Ticks : Never;
        _proofDue = isAccepted ? now + port.Options.ProofTimeout.Ticks : Never;
    }

    /// <summary>Its number, never used twice by a port.</summary>
    public long Id { get; }

    /// <summary>The other end.</summary>
    public NetAddress Remote { get; }

    /// <summary>True if the other side began it.</summary>
    public bool IsAccepted { get; }

    /// <summary>For the handler's own use.</summary>
    public object? Tag { get; set; }

    /// <summary>True if the other side is known: from the start when this side began, else after <see cref="MarkProven"/>.</summary>
    public bool IsProven => _isProven;

    /// <summary>Why it ended; <see cref="StreamCloseReason.Open"/> until then.</summary>
    public StreamCloseReason CloseReason => (StreamCloseReason)Volatile.Read(ref _closeReason);

    /// <summary>What was wrong with what came, after <see cref="StreamCloseReason.Malformed"/>.</summary>
    public FcpStatus Refusal { get; private set; }

    /// <summary>True while it counts among the strangers of its subscriber; the port's own mark, under the port's gate.</summary>
    internal bool IsStranger { get; set; }

    /// <summary>Says that the other side has proved who it is: lifts the stranger's bounds.</summary>
    public void MarkProven()
    {
        _isProven = true;
        _port.NoteProven(this);
        Volatile.Write(ref _proofDue, Never);
    }

    /// <summary>Ends the connection at once; what waits to be sent is lost. A second call does nothing.</summary>
    public void Close() => Close(StreamCloseReason.ClosedHere);

    internal void Close(StreamCloseReason reason)
    {
        if (Interlocked.CompareExchange(ref _closeReason, (int)reason, (int)StreamCloseReason.Open) != (int)StreamCloseReason.Open) return;
        _ = _outbound.Writer.TryComplete();
        _closing.Cancel();
        _pipe.Input.CancelPendingRead();
        _pipe.Output.CancelPendingFlush();
        _socket.Dispose();
    }

    /// <summary>Carries the connection from its beginning to its end.</summary>
    internal async Task RunAsync()
    {
        Task writing = Task.CompletedTask;
        bool isTold = false;
        try
        {
            await _port.Handler.OpenedAsync(this, _closing.Token).ConfigureAwait(false);
            isTold = true;
            writing = WriteAsync();
            Close(await ReadAsync().ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // closed while the handler was busy
        }
        catch (Exception e)
        {
            _port.NoteHandlerFault(e);
            Close(StreamCloseReason.HandlerFailed);
        }

        await writing.ConfigureAwait(false);
        await _pipe.Input.CompleteAsync().ConfigureAwait(false);
        await _pipe.Output.CompleteAsync().ConfigureAwait(false);
        await _port.EndAsync(this, isTold).ConfigureAwait(false);
    }
}
