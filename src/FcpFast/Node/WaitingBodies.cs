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

    private readonly List<WaitingBody> _waiting = [];
    private int _bytes;

    public int Count => _waiting.Count;

    /// <summary>True if a body of the instance must wait because others of it do.</summary>
    public bool HasOf(SenderInstanceId instance) => CountOf(instance) > 0;

    /// <summary>Takes a body; false if there is no room.</summary>
    public bool TryAdd(in WaitingBody body)
    {
        bool hasRoom = _waiting.Count < BodiesMax && body.Payload.Length <= BytesMax - _bytes && CountOf(body.Instance) < BodiesOfOneStreamMax;
        if (!hasRoom) return false;
        _waiting.Add(body);
        _bytes += body.Payload.Length;
        return true;
    }

    /// <summary>Takes out the next body that no earlier one of its stream holds up; false if there is none.</summary>
    /// <param name="stillWaiting">Instances of which a body has been put back in this pass.</param>
    /// <param name="body">The body.</param>
    public bool TryTake(ISet<SenderInstanceId> stillWaiting, out WaitingBody body)
    {
        for (int i = 0; i < _waiting.Count; i++)
        {
            body = _waiting[i];
            if (stillWaiting.Contains(body.Instance)) continue;
            _waiting.RemoveAt(i);
            _bytes -= body.Payload.Length;
            return true;
        }

        body = default;
        return false;
    }

    /// <summary>Puts a body back before all others: it was the first of its stream.</summary>
    public void PutBack(in WaitingBody body)
    {
        _waiting.Insert(0, body);
        _bytes += body.Payload.Length;
    }

    private int CountOf(SenderInstanceId instance)
    {
        int count = 0;
        foreach (WaitingBody waiting in _waiting)
        {
            if (waiting.Instance == instance) count++;
        }

        return count;
    }
}
