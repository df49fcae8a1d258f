using System.Collections.Concurrent;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;

namespace FcpFast.Host;

/// <summary>One store of the anti-replay state for several shards: what has become durable goes to the shard that keeps the stream's window.</summary>
/// <remarks>
/// Threads: <see cref="Sort"/> on the store's own; each shard uses its share.
/// Cost:    a lock of the store a record, which is a stream or 65,536 frames; looking for what is durable takes none.
/// Source:  [REPLAY §5.3].
/// </remarks>
internal sealed class ReplayShares
{
    private readonly IReplayStore _store;
    private readonly ShardMap _map;
    private readonly Share[] _shares;

    /// <param name="store">The store; only these shares take from it.</param>
    /// <param name="map">Who owns a stream's source.</param>
    public ReplayShares(IReplayStore store, ShardMap map)
    {
        _store = store;
        _map = map;
        _shares = new Share[map.Shards];
        for (int shard = 0; shard < _shares.Length; shard++) _shares[shard] = new Share(store);
    }

    /// <summary>The store as a shard sees it.</summary>
    public IReplayStore Of(int shard) => _shares[shard];

    /// <summary>Something has become durable: streams go to their owners, epochs to everyone.</summary>
    public void Sort()
    {
        while (_store.TryTake(out ContentRecord record)) _shares[_map.OwnerOf(record.Stream.Source)].Streams.Enqueue(record);
        while (_store.TryTake(out EpochRecord epoch))
        {
            foreach (Share share in _shares) share.Epochs.Enqueue(epoch);
        }
    }

    private sealed class Share(IReplayStore store) : IReplayStore
    {
        public ConcurrentQueue<ContentRecord> Streams { get; } = new();

        public ConcurrentQueue<EpochRecord> Epochs { get; } = new();

        public bool TryPut(in ContentRecord record) => store.TryPut(record);

        public bool TryPut(in EpochRecord record) => store.TryPut(record);

        public bool TryTake(out ContentRecord record) => Streams.TryDequeue(out record);

        public bool TryTake(out EpochRecord record) => Epochs.TryDequeue(out record);

        public void Forget(ZoneIdHash zone, ZoneKeyId zoneKeyId) => store.Forget(zone, zoneKeyId);
    }
}
