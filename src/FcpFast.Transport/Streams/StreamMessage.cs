using System;
using System.Buffers;
using System.Numerics;
using System.Threading;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Transport.Streams;

/// <summary>A whole message in memory of a pool.</summary>
/// <remarks>
/// Shape:   nothing in it is verified but its length and, for a control frame, its header (C1 to C4).
/// Errors:  <see cref="InvalidOperationException"/> when its bytes are used after <see cref="Dispose"/>.
/// Threads: one holder at a time, who disposes it; until then it counts against the port's memory.
/// </remarks>
public sealed class StreamMessage : IDisposable
{
    private readonly ByteBudget _budget;
    private readonly int _messageBytes;
    private byte[]? _buffer;

    private StreamMessage(long connectionId, StreamMessageKind kind, int messageBytes, byte[] buffer, ByteBudget budget)
    {
        ConnectionId = connectionId;
        Kind = kind;
        _messageBytes = messageBytes;
        _buffer = buffer;
        _budget = budget;
    }

    /// <summary>The connection it came by.</summary>
    public long ConnectionId { get; }

    /// <summary>What it is.</summary>
    public StreamMessageKind Kind { get; }

    /// <summary>A whole control frame, or the CBOR of a handshake message without its length; the holder may open it in place.</summary>
    public Memory<byte> Bytes
    {
        get
        {
            byte[]? buffer = _buffer;
            Invariant.Require(buffer is not null, "a message is not used after it was disposed");
            return buffer.AsMemory(0, _messageBytes);
        }
    }

    /// <summary>Gives the memory back. A second call does nothing.</summary>
    public void Dispose()
    {
        byte[]? buffer = Interlocked.Exchange(ref _buffer, null);
        if (buffer is null) return;
        ArrayPool<byte>.Shared.Return(buffer);
        _budget.Give(BudgetBytes(_messageBytes));
    }

    /// <summary>What a message of this length takes from the budget: the pool hands out powers of two.</summary>
    internal static int BudgetBytes(int messageBytes) => (int)BitOperations.RoundUpToPowerOf2((uint)messageBytes);

    /// <summary>A message yet to be filled; the caller has taken <see cref="BudgetBytes"/> from the budget.</summary>
    internal static StreamMessage Rent(long connectionId, in StreamHead head, ByteBudget budget) =>
        new(connectionId, head.Kind, head.MessageBytes, ArrayPool<byte>.Shared.Rent(head.MessageBytes), budget);
}
