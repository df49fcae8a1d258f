using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using FcpFast.Control.Store;
using FcpFast.Control.Tests.Support;
using FcpFast.Control.Witnesses;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Session;

namespace FcpFast.Control.Tests.Store;

/// <summary>[REPLAY §6.2], [REPLAY §5.5]: kept sessions in a real file: whole or not at all, sealed, witnessed before they count, erased when they end.</summary>
public sealed class KeptSessionStoreTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TestZone _test = new();
    private readonly StoreFolder _folder = new();
    private readonly SemaphoreSlim _woken = new(0);
    private readonly FakeWitness _witness = new();
    private readonly StateStore _state;
    private readonly ulong _generation;
    private readonly byte[] _keys = new byte[SessionKeySchedule.KeysBytes];

    public KeptSessionStoreTests()
    {
        _state = _folder.Create(_test);
        _generation = _state.Begin(new StartMark(TestZone.Now, "boot", "host"));
        new Random(5).NextBytes(_keys);
    }

    private static SessionId Id { get; } = new(new Bytes16(3, 4));

    public void Dispose()
    {
        _state.Dispose();
        _woken.Dispose();
        _folder.Dispose();
        _test.Dispose();
    }

    [Fact]
    public void Session_ThatWasKept_IsThereForAProcessThatStartsWithTheHighestCeilingsAndLimits()
    {
        LaneRecord lane = Lane(1, 100), later = Lane(2, 1ul << 63), retired = Lane(3, LaneRecord.Retired);
        var reserve = new SessionReserve(Id, 5_000, new SessionTraffic(1, 2, 3, ulong.MaxValue), 9);
        using (ReplayStore store = Open())
        {
            Assert.True(store.IsKeeping);
            Assert.True(store.TryPut(Record(lane)));
            Assert.True(store.TryPut(lane with { Ceiling = 200 }));
            Assert.True(store.TryPut(later));
            Assert.True(store.TryPut(retired));
            Assert.True(store.TryPut(reserve));
            List<LaneRecord> told = [];
            bool isReserveTold = false;
            while (told.Count < 3 || !isReserveTold)
            {
                Assert.True(_woken.Wait(Patience, TestContext.Current.CancellationToken));
                while (store.TryTake(out LaneRecord one)) told.Add(one);
                while (store.TryTake(out SessionReserve one)) isReserveTold |= one == reserve;
            }

            Assert.Equal([lane with { Ceiling = 200 }, later, retired], told); // not the first ceilings, which count without it
        }

        using SessionRecord found = Assert.Single(Load());
        Assert.Equal((Parameters, 77ul), (found.Parameters, found.CreatedUnixSeconds));
        Assert.Equal([lane with { Ceiling = 200 }, later, retired], found.Lanes.OrderBy(static one => one.Instance.Value));
        Assert.Equal((5_000ul, 5_000ul + PeerSession.ControlStep, reserve.Traffic, 9ul), (found.ControlUsed, found.Reserve.ControlLimit, found.Reserve.Traffic, found.Reserve.FailedVerifications));
        using (KeyLease keys = found.Keys.Lease()) Assert.Equal(_keys, keys.Bytes.ToArray());
        using SessionRecord again = Assert.Single(Load()); // the process ended without a word: its numbers count as used
        Assert.Equal(5_000ul + PeerSession.ControlStep, again.ControlUsed);
    }

    [Fact]
    public void Keys_OfAKeptSession_LieInNoFileInClearAndAreGoneOnceItEnds()
    {
        using (ReplayStore store = Open())
        {
            store.TryPut(Record(Lane(1, 100)));
            WaitFor(() => _witness.Marks.Count == 1);
            for (int key = 0; key < 3; key++) Assert.False(_folder.Contains(_keys[(32 * key)..(32 * (key + 1))]));
            byte[] row = SealedRow();
            Assert.True(_folder.Contains(row));
            store.Drop(Id);
            WaitFor(() => _witness.Marks.Count == 2);
            WaitFor(() => !_folder.Contains(row)); // neither in the pages nor in the log
        }

        Assert.Empty(Load());
    }

    [Fact]
    public void Discard_AllOfThem_LeavesNone()
    {
        using (ReplayStore store = Open())
        {
            store.TryPut(Record(Lane(1, 100)));
        }

        using (ReplayStore next = Open())
        {
            Assert.Equal(1, next.DiscardSessions());
            Assert.Equal(0, next.DiscardSessions());
        }

        Assert.Empty(Load());
    }

    [Fact]
    public void Ceilings_OfASessionThatIsNotThere_AreNotFoundAgain()
    {
        using (ReplayStore store = Open()) store.TryPut(Lane(1, 100));
        Assert.Empty(Load());
        using (ReplayStore store = Open()) store.TryPut(Record());
        using SessionRecord found = Assert.Single(Load());
        Assert.Empty(found.Lanes);
    }

    [Fact]
    public void Witness_ThatTakesNothing_NothingIsToldAndAfterwardsEverythingIs()
    {
        using ReplayStore store = Open();
        _witness.IsBroken = true;
        store.TryPut(Lane(1, 100));
        WaitFor(() => store.Fault is not null);
        Assert.False(store.IsKeeping);
        Assert.False(store.TryTake(out LaneRecord _));
        _witness.IsBroken = false;
        Assert.True(_woken.Wait(Patience, TestContext.Current.CancellationToken));
        Assert.True(store.TryTake(out LaneRecord told));
        Assert.Equal(100ul, told.Ceiling);
        Assert.True(store.IsKeeping);
    }

    [Fact]
    public void Witness_IsToldOfEveryGroup_SoThatAnyEarlierStateIsBehindIt()
    {
        StoreMark before = _state.Mark;
        using (ReplayStore store = Open())
        {
            store.TryPut(Lane(1, 100));
            WaitFor(() => _witness.Marks.Count == 1);
            Assert.True(before.IsBehind(_witness.Marks[0]));
            Assert.False(_state.Mark.IsBehind(_witness.Marks[0]));
            store.TryPut(Lane(1, 200));
            WaitFor(() => _witness.Marks.Count == 2);
            Assert.True(_witness.Marks[0].IsBehind(_witness.Marks[1]));
        }

        int marks = _witness.Marks.Count;
        Load();
        Assert.Equal(marks + 1, _witness.Marks.Count); // the numbers that a start reserves are witnessed, too
        _state.Begin(new StartMark(TestZone.Now, "boot", "host"));
        Assert.True(_witness.Marks[^1].IsBehind(_state.Mark));
    }

    private static SessionParameters Parameters { get; } = new(Id, TestNode("peer"), IsInitiator: true, MacSuite.HmacSha256, 1_400);

    private static NodeId TestNode(string name)
    {
        Assert.Equal(FcpStatus.Accepted, NodeId.Parse(name, out NodeId node));
        return node;
    }

    private static LaneRecord Lane(ulong instance, ulong ceiling) =>
        new(Id, new SenderInstanceId(instance), new ZoneIdHash(new Bytes32(1, 2, 3, 4)), new ZoneKeyId(new Bytes8(5)), ceiling);

    private static void WaitFor(Func<bool> isReached) => Assert.True(SpinWait.SpinUntil(isReached, Patience));

    private SessionRecord Record(params LaneRecord[] lanes) =>
        new(Parameters, _test.Crypto.Vault.Import(_keys), 77, new SessionReserve(Id, 1_000, default, 0), lanes);

    private byte[] SealedRow()
    {
        using Microsoft.Data.Sqlite.SqliteConnection connection = StateStore.Connect(_folder.Database, isWriter: false);
        return (byte[])new StoreSql(connection).Value("SELECT sealed FROM kept_session")!;
    }

    private ReplayStore Open() => new(_folder.Path, _generation, () => _woken.Release(), null, _state, _witness);

    /// <summary>What a process that starts now finds.</summary>
    private IReadOnlyList<SessionRecord> Load()
    {
        using ReplayStore next = Open();
        return next.LoadSessions();
    }

    private sealed class FakeWitness : IReplayWitness
    {
        private volatile bool _isBroken;

        public bool IsBroken
        {
            get => _isBroken;
            set => _isBroken = value;
        }

        public List<StoreMark> Marks { get; } = [];

        public StoreMark? Read() => Marks.Count == 0 ? null : Marks[^1];

        public void Write(StoreMark mark)
        {
            if (_isBroken) throw new StateStoreException("witness", "it takes nothing", "as the test wants it");
            Marks.Add(mark);
        }

        public void Dispose()
        {
        }
    }
}
