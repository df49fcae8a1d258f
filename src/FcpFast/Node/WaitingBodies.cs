using System;
using System.Collections.Generic;
using FcpFast.Protocol.Ids;

namespace FcpFast.Node;

/// <summary>Zone-sealed bodies of one link that opened and wait until their streams' records are durable.</summary>
/// <remarks>
/// Shape:   bodies of one stream keep their order: one that comes while others of its stream wait, waits behind them. Those of other streams
///          pass. At most 64 bodies of 256 KiB together, of one stream 32; what does not fit is refused, and its sender repeats it.
/// Threads: the shard's thread.
/// Cost:    allocates a copy of each body that waits; nothing otherwise.
/// Source:  [REPLAY §6.1].
/// </remarks>
internal sealed class WaitingBodies
{
    public const int BodiesMax = 64;
    public const int BodiesOfOneStreamMax = 32;
    public const int BytesMax = 256 * 1024;

    private readonly List<(SenderInstanceId Instance, byte[] Payload)> _waiting = [];
    private int _bytes;

    public int Count => _waiting.Count;

    /// <summary>True if a body of the instance must wait because others of it do.</summary>
    public bool HasOf(SenderInstanceId instance)
    {
        foreach ((SenderInstanceId waiting, _) in _waiting)
        {
            if (waiting == instance) return true;
        }

        return false;
    }

    /// <summary>Takes a copy of a body; false if there is no room.</summary>
    public bool TryAdd(SenderInstanceId instance, ReadOnlySpan<byte> payload)
    {
        int ofStream = 0;
        foreach ((SenderInstanceId waiting, _) in _waiting)
        {
            if (waiting == instance) ofStream++;
        }

        if (_waiting.Count >= BodiesMax || ofStream >= BodiesOfOneStreamMax || payload.Length > BytesMax - _bytes) return false;
        _waiting.Add((instance, payload.ToArray()));
        _bytes += payload.Length;
        return true;
    }

    /// <summary>Takes out the next body that no earlier one of its stream holds up; false if there is none.</summary>
    /// <param name="stillWaiting">Instances of which a body has been put back in this pass.</param>
    /// <param name="instance">Its instance.</param>
    /// <param name="payload">The body.</param>
    public bool TryTake(ISet<SenderInstanceId> stillWaiting, out SenderInstanceId instance, out byte[] payload)
    {
        for (int i = 0; i < _waiting.Count; i++)
        {
            (instance, payload) = _waiting[i];
            if (stillWaiting.Contains(instance)) continue;
            _waiting.RemoveAt(i);
            _bytes -= payload.Length;
            return true;
        }

        (instance, payload) = (default, []);
        return false;
    }

    /// <summary>Puts a body back before all others: it was the first of its stream.</summary>
    public void PutBack(SenderInstanceId instance, byte[] payload)
    {
        _waiting.Insert(0, (instance, payload));
        _bytes += payload.Length;
    }
}
