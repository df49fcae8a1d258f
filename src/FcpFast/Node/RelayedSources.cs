using System;
using System.Collections.Generic;
using FcpFast.Protocol.Batch;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;

namespace FcpFast.Node;

/// <summary>Which source each instance on a relay's session belongs to, and the frames that came before that was known.</summary>
/// <remarks>
/// Shape:   an instance is bound by the first body of it that opened on this session, or on one that it succeeds by a rekey; at most as many
///          as a session has lanes, and of one source as many as it has content windows: its oldest makes room, never another's. Frames of
///          instances without a binding are held, at most 1 MiB and 1 s, in the order in which they came.
/// Threads: the shard's thread.
/// Cost:    the memory for held frames is taken when the first one comes; nothing is allocated a frame.
/// Source:  [WIRE §5], [WIRE §16.8].
/// </remarks>
internal sealed class RelayedSources
{
    private const int HeldBytesMax = 1024 * 1024;
    private const int HeldFramesMax = 4096;
    private const long HeldTicks = Instant.TicksPerSecond;

    private readonly Dictionary<(ZoneIdHash, ZoneKeyId, SenderInstanceId), NodeId> _sources = [];
    private readonly Dictionary<NodeId, Queue<(ZoneIdHash Zone, ZoneKeyId Key, SenderInstanceId Instance)>> _bySource = [];
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

    /// <summary>The source of an instance; the default if none is proven.</summary>
    public NodeId Find(ZoneIdHash zone, ZoneKeyId zoneKey, SenderInstanceId instance) => _sources.GetValueOrDefault((zone, zoneKey, instance));

    /// <summary>A body of the instance has opened: it names its source. True if that was not known before.</summary>
    public bool Bind(ZoneIdHash zone, ZoneKeyId zoneKey, SenderInstanceId instance, NodeId source)
    {
        if (_sources.ContainsKey((zone, zoneKey, instance))) return false;
        if (!_bySource.TryGetValue(source, out Queue<(ZoneIdHash, ZoneKeyId, SenderInstanceId)>? own)) _bySource[source] = own = new();
        if (own.Count >= ReplayRules.ContentWindowsPerSourceMax || _sources.Count >= ReplayRules.RelayLanesMax)
        {
            if (own.Count == 0) return false;
            _sources.Remove(own.Dequeue());
        }

        _sources.Add((zone, zoneKey, instance), source);
        own.Enqueue((zone, zoneKey, instance));
        return true;
    }

    /// <summary>The zone key left the ring.</summary>
    public void Forget(ZoneIdHash zone, ZoneKeyId zoneKey)
    {
        foreach (Queue<(ZoneIdHash Zone, ZoneKeyId Key, SenderInstanceId Instance)> own in _bySource.Values)
        {
            for (int i = own.Count; i > 0; i--)
            {
                (ZoneIdHash Zone, ZoneKeyId Key, SenderInstanceId Instance) id = own.Dequeue();
                if (id.Zone == zone && id.Key == zoneKey) _sources.Remove(id);
                else own.Enqueue(id);
            }
        }
    }

    /// <summary>Lets the held frames of an instance be tried again; those of others wait on.</summary>
    public void Resume(SenderInstanceId instance)
    {
        foreach (ref FrameSlot slot in Held)
        {
            if (slot.Instance == instance) slot.Resume();
        }
    }

    /// <summary>Holds a frame; false if there is no room.</summary>
    public bool TryHold(ReadOnlySpan<byte> slab, FrameSlot slot, Instant now)
    {
        _bytes ??= new byte[HeldBytesMax];
        _slots ??= new FrameSlot[HeldFramesMax];
        _heldTicks ??= new long[HeldFramesMax];
        if (_count == HeldFramesMax || _usedBytes + slot.FrameBytes > HeldBytesMax) return false;
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
            if (_slots![i].Status != FcpStatus.UnknownSource) continue;
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
