using System;
using System.Buffers;
using System.IO.Pipelines;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Transport.Streams;

public sealed partial class StreamConnection
{
    /// <summary>Takes messages one after the other until something ends it.</summary>
    private async Task<StreamCloseReason> ReadAsync()
    {
        while (true)
        {
            (StreamHead head, StreamCloseReason end) = await ReadHeadAsync().ConfigureAwait(false);
            if (end != StreamCloseReason.Open) return end;
            ByteBudget budget = _port.BudgetOf(this);
            EndMessageTime(); // waiting for memory is not the other side's fault
            await budget.TakeAsync(StreamMessage.BudgetBytes(head.MessageBytes), _closing.Token).ConfigureAwait(false);
            StreamMessage message = StreamMessage.Rent(Id, head, budget);
            bool isHandedOn = false;
            try
            {
                BeginMessageTime();
                end = await FillAsync(message.Bytes).ConfigureAwait(false);
                if (end != StreamCloseReason.Open) return end;
                EndMessageTime();
                Volatile.Write(ref _firstMessageDue, Never);
                _port.Counters.Add(StreamCount.MessagesReceived);
                _port.Counters.Add(StreamCount.BytesReceived, head.MessageBytes);
                await _port.Handler.MessageAsync(this, message, _closing.Token).ConfigureAwait(false);
                isHandedOn = true;
            }
            finally
            {
                if (!isHandedOn) message.Dispose();
            }
        }
    }

    private async ValueTask<(StreamHead Head, StreamCloseReason End)> ReadHeadAsync()
    {
        while (true)
        {
            (ReadResult read, StreamCloseReason end) = await ReadSomeAsync().ConfigureAwait(false);
            if (end != StreamCloseReason.Open) return (default, end);
            ReadOnlySequence<byte> buffer = read.Buffer;
            int controlBytesMax = IsProven ? _port.Options.ControlBytesMax : _port.Options.UnprovenControlBytesMax;
            FcpStatus status = StreamFraming.ParseHead(buffer, controlBytesMax, out StreamHead head, out bool needsMore);
            if (status == FcpStatus.Accepted)
            {
                _pipe.Input.AdvanceTo(buffer.GetPosition(head.PrefixBytes));
                return (head, StreamCloseReason.Open);
            }

            bool isBegun = !buffer.IsEmpty;
            if (isBegun) BeginMessageTime();
            _pipe.Input.AdvanceTo(buffer.Start, buffer.End);
            if (!needsMore)
            {
                Refusal = status;
                return (default, StreamCloseReason.Malformed);
            }

            if (read.IsCompleted) return (default, isBegun ? StreamCloseReason.Truncated : StreamCloseReason.PeerClosed);
        }
    }

    private async ValueTask<StreamCloseReason> FillAsync(Memory<byte> message)
    {
        while (!message.IsEmpty)
        {
            (ReadResult read, StreamCloseReason end) = await ReadSomeAsync().ConfigureAwait(false);
            if (end != StreamCloseReason.Open) return end;
            ReadOnlySequence<byte> buffer = read.Buffer;
            int bytes = (int)Math.Min(buffer.Length, message.Length);
            buffer.Slice(0, bytes).CopyTo(message.Span);
            _pipe.Input.AdvanceTo(buffer.GetPosition(bytes));
            message = message[bytes..];
            if (read.IsCompleted && bytes == buffer.Length && !message.IsEmpty) return StreamCloseReason.Truncated;
        }

        return StreamCloseReason.Open;
    }

    private async ValueTask<(ReadResult Read, StreamCloseReason End)> ReadSomeAsync()
    {
        try
        {
            ReadResult read = await _pipe.Input.ReadAsync().ConfigureAwait(false);
            return read.IsCanceled ? (read, StreamCloseReason.ClosedHere) : (read, StreamCloseReason.Open);
        }
        catch (Exception e) when (IsOfThePipe(e))
        {
            return (default, StreamCloseReason.PeerReset); // or closed here: then that reason stands already
        }
    }
}
