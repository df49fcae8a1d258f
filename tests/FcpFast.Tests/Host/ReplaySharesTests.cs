using System.Collections.Generic;
using FcpFast.Host;
using FcpFast.Node;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Wire;
using FcpFast.Tests.Support;

namespace FcpFast.Tests.Host;

/// <summary>What has become durable comes to the shard that waits for it.</summary>
public sealed class ReplaySharesTests
{
    [Fact]
    public void Sort_Streams_GoToTheOwnersOfTheirSourcesAndEpochsToAll()
    {
        var map = new ShardMap(2);
        Assert.True(map.TryAssign([new PeerConfiguration(TestFleet.Id("a"), false, default), new PeerConfiguration(TestFleet.Id("b"), false, default)], [], []));
        var store = new InstantStore();
        var shares = new ReplayShares(store, map);
        ContentRecord ofA = Record("a", 1), ofB = Record("b", 2);
        var epoch = new EpochRecord(default, new EpochId(9));
        Assert.True(shares.Of(1).TryPut(ofB));
        Assert.True(shares.Of(0).TryPut(ofA));
        Assert.True(shares.Of(0).TryPut(epoch));
        Assert.False(shares.Of(0).TryTake(out ContentRecord _)); // nobody has said that it is durable
        shares.Sort();
        Assert.True(shares.Of(0).TryTake(out ContentRecord first));
        Assert.True(shares.Of(1).TryTake(out ContentRecord second));
        Assert.Equal((ofA, ofB), (first, second));
        foreach (int shard in (int[])[0, 1])
        {
            Assert.True(shares.Of(shard).TryTake(out EpochRecord taken));
            Assert.Equal(epoch, taken);
            Assert.False(shares.Of(shard).TryTake(out ContentRecord _));
            Assert.False(shares.Of(shard).TryTake(out EpochRecord _));
        }

        shares.Of(1).Forget(default, default);
        Assert.Equal(1, store.Forgotten);
    }

    [Fact]
    public void HelloQueue_Full_TakesNoMoreUntilThereIsRoom()
    {
        var queue = new HelloQueue();
        for (int i = 0; i < HelloQueue.HellosMax; i++) Assert.True(queue.TryPut([(byte)i], default));
        Assert.False(queue.TryPut([1], default));
        Assert.True(queue.TryTake(out HelloQueue.Waiting? oldest));
        Assert.Equal([0], oldest.Hello.ToArray());
        NetAddress from = NetAddress.IPv4([127, 0, 0, 1], 9);
        Assert.True(queue.TryPut([7], from));
        Assert.False(queue.TryPut([8], from));
        HelloQueue.Waiting? last = null;
        while (queue.TryTake(out HelloQueue.Waiting? next)) last = next;
        Assert.Equal((7, from), (last!.Hello.Span[0], last.From));
    }

    private static ContentRecord Record(string source, ulong instance) =>
        new(new ContentStreamId(default, default, TestFleet.Id(source), new SenderInstanceId(instance)), IsDirect: true, 0, 0);

    private sealed class InstantStore : IReplayStore
    {
        private readonly Queue<ContentRecord> _streams = new();
        private readonly Queue<EpochRecord> _epochs = new();

        public int Forgotten { get; private set; }

        public bool TryPut(in ContentRecord record)
        {
            _streams.Enqueue(record);
            return true;
        }

        public bool TryPut(in EpochRecord record)
        {
            _epochs.Enqueue(record);
            return true;
        }

        public bool TryTake(out ContentRecord record) => _streams.TryDequeue(out record);

        public bool TryTake(out EpochRecord record) => _epochs.TryDequeue(out record);

        public void Forget(ZoneIdHash zone, ZoneKeyId zoneKeyId) => Forgotten++;
    }
}
