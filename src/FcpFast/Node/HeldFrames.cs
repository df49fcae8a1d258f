using System;
using FcpFast.Protocol.Batch;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Node;

/// <summary>Verified frames that wait for one thing that is about to come: for word of their source, or for their stream's record to be durable.</summary>
/// <param name="awaited">The refusal of what waits here.</param>
/// <param name="bytesMax">How many bytes may wait.</param>
/// <remarks>
/// Shape:   a bound of bytes and of 1 s, in the order in which they came.
/// Threads: the shard's thread.
/// Cost:    the memory is taken when the first one comes; nothing is allocated a frame.
/// Source:  [WIRE §16.8], [REPLAY §6.1].
/// </remarks>
internal sealed class HeldFrames(FcpStatus awaited, int bytesMax)
{
    /// <summary>The least that is worth while.</summary>
    public const int BytesLeast = 1024 * 1024;

    private const int SmallFrameBytes = 256;
    private const long HeldTicks = Instant.TicksPerSecond;

    private readonly int _framesMax = bytesMax / SmallFrameBytes;
    private byte[]? _bytes;
    private FrameSlot[]? _slots;
    private long[]? _heldTicks;
    private int _count;
    private int _usedBytes;

    /// <summary>When the oldest held frame has waited long enough; never if none is held.</summary>
    public long DueTicks => _count == 0 ? long.MaxValue : _heldTicks![0] + HeldTicks;

    /// <summary>The memory of held frames.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _usedBytes);

    /// <summary>The held frames.</summary>
    public Span<FrameSlot> Held => _slots.AsSpan(0, _count);

    /// <summary>True if a frame of a source is held.</summary>
    public bool Holds(NodeId source)
    {
        foreach (ref readonly FrameSlot slot in Held)
        {
            if (slot.Lane!.Stream is { } stream && stream.Id.Source == source) return true;
        }

        return false;
    }

    /// <summary>Lets every held frame be tried again.</summary>
    public void Resume()
    {
        foreach (ref FrameSlot slot in Held) slot.Resume(awaited);
    }

    /// <summary>Lets the held frames of an instance be tried again; those of others wait on.</summary>
    public void Resume(SenderInstanceId instance)
    {
        foreach (ref FrameSlot slot in Held)
        {
            if (slot.Instance == instance) slot.Resume(awaited);
        }
    }

    /// <summary>Holds a frame; false if there is no room.</summary>
    public bool TryHold(ReadOnlySpan<byte> slab, FrameSlot slot, Instant now)
    {
        _bytes ??= new byte[bytesMax];
        _slots ??= new FrameSlot[_framesMax];
        _heldTicks ??= new long[_framesMax];
        if (_count == _framesMax || _usedBytes + slot.FrameBytes > bytesMax) return false;
        slab.Slice(slot.FrameOffset, slot.FrameBytes).CopyTo(_bytes.AsSpan(_usedBytes));
        slot.HoldAt(_usedBytes);
        _slots[_count] = slot;
        _heldTicks[_count] = now.Ticks;
        _count++;
        _usedBytes += slot.FrameBytes;
        return true;
    }

    /// <summary>Lets go of the held frames that have been judged, or have waited too long; returns how many of the latter there were.</summary>
    /// <remarks>The others are held on, where they lie; their memory is used anew once none is left.</remarks>
    public int Release(Instant now)
    {
        int kept = 0, expired = 0;
        for (int i = 0; i < _count; i++)
        {
            if (_slots![i].Status != awaited) continue;
            if (now.Ticks - _heldTicks![i] >= HeldTicks)
            {
                expired++;
                continue;
            }

            _slots[kept] = _slots[i];
            _heldTicks[kept] = _heldTicks[i];
            kept++;
        }

        Array.Clear(_slots ?? [], kept, _count - kept);
        _count = kept;
        if (kept == 0) _usedBytes = 0;
        return expired;
    }
}
