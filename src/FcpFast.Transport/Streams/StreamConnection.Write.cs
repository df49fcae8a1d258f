using System;
using System.Buffers;
using System.IO;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace FcpFast.Transport.Streams;

public sealed partial class StreamConnection
{
    // What goes into the pipe between two looks at the clock: the pipe holds a few of these, so a queue does not become a pipe's memory.
    private const int ChunkBytes = 16 * 1024;

    private readonly Channel<Outbound> _outbound;
    private int _outboundBytes;

    /// <summary>Bytes waiting to be sent.</summary>
    public int OutboundBytes => Volatile.Read(ref _outboundBytes);

    /// <summary>Queues a copy of a message. False if the connection has ended or, by this call, ends because its queue is full.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="message">A whole control frame, or the CBOR of a handshake message without its length.</param>
    public bool Send(StreamMessageKind kind, ReadOnlySpan<byte> message)
    {
        StreamFraming.Require(kind, message);
        if (CloseReason != StreamCloseReason.Open) return false;
        int bytes = StreamFraming.FramedBytes(kind, message.Length);
        if (Interlocked.Add(ref _outboundBytes, bytes) <= _port.Options.OutboundBytesMax)
        {
            byte[] buffer = ArrayPool<byte>.Shared.Rent(bytes);
            StreamFraming.Write(kind, message, buffer);
            if (_outbound.Writer.TryWrite(new Outbound(buffer, bytes)))
            {
                _port.Counters.Add(StreamCount.MessagesSent);
                _port.Counters.Add(StreamCount.BytesSent, message.Length);
                return true;
            }

            ArrayPool<byte>.Shared.Return(buffer);
        }

        _ = Interlocked.Add(ref _outboundBytes, -bytes);
        if (!_isFinished) Close(StreamCloseReason.OutboundFull);
        return false;
    }

    /// <summary>Sends what is queued and then tells the other side that no more will come; it is given the time of a send to close.</summary>
    public void FinishSending()
    {
        _isFinished = true;
        _ = _outbound.Writer.TryComplete();
    }

    /// <summary>Carries messages from the queue to the socket until the queue ends.</summary>
    private async Task WriteAsync()
    {
        StreamCloseReason end = StreamCloseReason.Open;
        ChannelReader<Outbound> queue = _outbound.Reader;
        while (await queue.WaitToReadAsync().ConfigureAwait(false))
        {
            while (queue.TryRead(out Outbound next))
            {
                if (end == StreamCloseReason.Open) end = await WriteOneAsync(next.Buffer.AsMemory(0, next.Bytes)).ConfigureAwait(false);
                ArrayPool<byte>.Shared.Return(next.Buffer);
                _ = Interlocked.Add(ref _outboundBytes, -next.Bytes);
                if (end != StreamCloseReason.Open) Close(end); // ends the queue
            }
        }

        if (!_isFinished || CloseReason != StreamCloseReason.Open) return;
        BeginSendTime(); // for the other side to close
        await _pipe.Output.CompleteAsync().ConfigureAwait(false);
    }

    private async ValueTask<StreamCloseReason> WriteOneAsync(ReadOnlyMemory<byte> message)
    {
        try
        {
            while (!message.IsEmpty)
            {
                int bytes = Math.Min(message.Length, ChunkBytes);
                BeginSendTime();
                FlushResult flushed = await _pipe.Output.WriteAsync(message[..bytes]).ConfigureAwait(false);
                EndSendTime();
                if (flushed.IsCanceled) return StreamCloseReason.ClosedHere;
                if (flushed.IsCompleted) return StreamCloseReason.PeerReset;
                message = message[bytes..];
            }

            return StreamCloseReason.Open;
        }
        catch (Exception e) when (IsOfThePipe(e))
        {
            return StreamCloseReason.PeerReset; // or closed here: then that reason stands already
        }
    }

    /// <summary>What a pipe throws when its socket is broken or closed; its "aborted" is a cancellation by type.</summary>
    private static bool IsOfThePipe(Exception e) =>
        e is IOException or SocketException or ObjectDisposedException or OperationCanceledException or InvalidOperationException;

    private readonly record struct Outbound(byte[] Buffer, int Bytes);
}
