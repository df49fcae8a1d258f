using System.Collections.Generic;
using System.Threading;
using FcpFast.Protocol.Ids;

namespace FcpFast.Host;

/// <summary>What may wait for the control plane, in all and of one peer: nobody's records keep those of others, such as his own revocation, out or waiting for long.</summary>
/// <remarks>
/// Shape:   a quarter of the whole to a peer; one record of any size where nothing else of that peer waits.
/// Threads: any.
/// Cost:    an entry a peer of which something waits.
/// </remarks>
internal sealed class QueueShares
{
    public const int RecordsMax = 4096;
    public const long BytesMax = 64 * 1024 * 1024;
    public const int RecordsOfOneMax = RecordsMax / 4;
    public const long BytesOfOneMax = BytesMax / 4;

    private readonly Lock _guard = new();
    private readonly Dictionary<NodeId, (int Records, long Bytes)> _waiting = [];
    private int _records;
    private long _bytes;

    /// <summary>Takes room for a record; false if there is none.</summary>
    public bool TryTake(NodeId from, int bytes)
    {
        lock (_guard)
        {
            (int records, long waitingBytes) = _waiting.GetValueOrDefault(from);
            bool isWithinShare = records == 0 || (records < RecordsOfOneMax && waitingBytes + bytes <= BytesOfOneMax);
            if (!isWithinShare || _records == RecordsMax || _bytes + bytes > BytesMax) return false;
            _waiting[from] = (records + 1, waitingBytes + bytes);
            _records++;
            _bytes += bytes;
            return true;
        }
    }

    /// <summary>Gives the room of a record back.</summary>
    public void Return(NodeId from, int bytes)
    {
        lock (_guard)
        {
            (int records, long waitingBytes) = _waiting[from];
            if (records == 1) _waiting.Remove(from);
            else _waiting[from] = (records - 1, waitingBytes - bytes);
            _records--;
            _bytes -= bytes;
        }
    }
}
