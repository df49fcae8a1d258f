using System;
using System.Collections.Generic;
using System.Threading;
using FcpFast.Control.Store;
using FcpFast.Control.Tests.Support;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;
using Microsoft.Data.Sqlite;

namespace FcpFast.Control.Tests.Store;

/// <summary>Records of streams and epochs in a real file: durable before they are told, and never by a process that lost the store. [REPLAY §5.3]</summary>
public sealed class ReplayStoreTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TestZone _test = new();
    private readonly StoreFolder _folder = new();
    private readonly SemaphoreSlim _woken = new(0);
    private readonly StateStore _state;

    public ReplayStoreTests()
    {
        _state = _folder.Create(_test);
        Generation = _state.Begin(new StartMark(TestZone.Now, "boot", "host"));
    }

    private ulong Generation { get; }

    public void Dispose()
    {
        _state.Dispose();
        _woken.Dispose();
        _folder.Dispose();
        _test.Dispose();
    }

    [Fact]
    public void Records_ThatWereTold_AreThereForAProcessThatStarts()
    {
        ContentRecord direct = new(Id(1), IsDirect: true, 0, 0), relayed = new(Id(2), IsDirect: false, ulong.MaxValue, 1ul << 63);
        var epoch = new EpochRecord(Id(1).Zone, new EpochId(ulong.MaxValue - 1));
        using (ReplayStore store = Open())
        {
            Assert.True(store.TryPut(relayed with { SymbolsCeiling = 7 }));
            Assert.True(store.TryPut(direct));
            Assert.True(store.TryPut(epoch));
            Assert.True(store.TryPut(relayed));
            List<ContentRecord> told = [];
            bool toldEpoch = false;
            while (told.Count < 3 || !toldEpoch)
            {
                Assert.True(_woken.Wait(Patience, TestContext.Current.CancellationToken));
                while (true)
                {
                    if (store.TryTake(out EpochRecord taken)) toldEpoch = taken == epoch;
                    else if (store.TryTake(out ContentRecord record)) told.Add(record);
                    else break;
                }
            }

            Assert.Equal([relayed with { SymbolsCeiling = 7 }, direct, relayed], told);
            ReplayStart now = Load(); // the process is still there: what was told does not wait for its end
            Assert.Equal([direct, relayed], now.Streams);
            Assert.Equal([epoch], now.Epochs);
        }
    }

    [Fact]
    public void Forget_RemovesTheStreamsOfOneKeyOfOneZone()
    {
        ContentRecord kept = new(Id(1), false, 1, 1), gone = new(Id(2) with { ZoneKeyId = new ZoneKeyId(new Bytes8(9)) }, false, 1, 1);
        using (ReplayStore store = Open())
        {
            store.TryPut(kept);
            store.TryPut(gone);
            store.Forget(gone.Stream.Zone, gone.Stream.ZoneKeyId);
        }

        Assert.Equal([kept], Load().Streams);
    }

    [Fact]
    public void WhileTheDiskRefuses_NothingIsTold_AndAfterwardsEverythingIs()
    {
        using ReplayStore store = Open();
        using (var other = new SqliteConnection($"Data Source={_folder.Database};Pooling=False"))
        {
            other.Open();
            using (var setup = new SqliteCommand("ALTER TABLE content_stream RENAME TO taken_away", other)) setup.ExecuteNonQuery();
            Assert.True(store.TryPut(new ContentRecord(Id(1), true, 0, 0)));
            Assert.True(SpinWait.SpinUntil(() => store.Fault is not null, Patience));
            Assert.False(store.TryTake(out ContentRecord _));
            using (var repair = new SqliteCommand("ALTER TABLE taken_away RENAME TO content_stream", other)) repair.ExecuteNonQuery();
        }

        Assert.True(_woken.Wait(Patience, TestContext.Current.CancellationToken));
        Assert.True(store.TryTake(out ContentRecord told));
        Assert.Equal(Id(1), told.Stream);
        Assert.Null(store.Fault);
    }

    [Fact]
    public void AfterAnotherProcessHasBegun_NothingIsWrittenOrTold()
    {
        using ReplayStore store = Open();
        _state.Begin(new StartMark(TestZone.Now, "boot", "host")); // as a process does that took the store over
        Assert.True(store.TryPut(new ContentRecord(Id(1), true, 0, 0)));
        Assert.True(SpinWait.SpinUntil(() => store.Fault is not null, Patience));
        Assert.Contains("another process", store.Fault!.Message, StringComparison.Ordinal);
        Assert.False(store.TryTake(out ContentRecord _));
        Assert.Empty(Load().Streams);
    }

    [Fact]
    public void MoreThanTheDiskTakes_IsRefusedAndNotLostLater()
    {
        int taken;
        using (ReplayStore store = Open())
        {
            int put = 0;
            while (put < 3 * ReplayStore.WaitingMax && store.TryPut(new ContentRecord(Id((ulong)put), false, 1, 1))) put++;
            Assert.InRange(put, ReplayStore.WaitingMax, 3 * ReplayStore.WaitingMax);
            taken = put;
        }

        Assert.Equal(taken, Load().Streams.Count);
    }

    private static ContentStreamId Id(ulong instance)
    {
        NodeId.Parse("source", out NodeId source);
        return new ContentStreamId(new ZoneIdHash(new Bytes32(1, 2, 3, 4)), new ZoneKeyId(new Bytes8(5)), source, new SenderInstanceId(instance));
    }

    private ReplayStore Open() => new(_folder.Path, Generation, () => _woken.Release());

    /// <summary>What a process that starts now finds.</summary>
    private ReplayStart Load()
    {
        using ReplayStore next = Open();
        return next.Load(RelayedReplayRule.Ceilings, default);
    }
}
