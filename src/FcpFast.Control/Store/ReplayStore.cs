using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using FcpFast.Control.Witnesses;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Session;
using Microsoft.Data.Sqlite;

namespace FcpFast.Control.Store;

/// <summary>The receiver's part of the anti-replay state, in the tables of the node's store, written by a thread of its own.</summary>
/// <remarks>
/// Shape:   what was put since the last flush goes into one transaction, so that a slow disk makes groups larger and not the path slower. Every
///          transaction asks whether the store is still of this start's generation; if not, another process has it, and nothing is written any
///          more.
/// Errors:  a transaction that failed made nothing durable, and its connection is never used again: the whole group is written again over a new
///          one, after a pause. <see cref="Fault"/> says what is wrong meanwhile.
/// Threads: the shard's thread puts and takes; the writing thread is inside.
/// Cost:    a put is a copy under a lock.
/// Source:  [REPLAY §5.2] (fencing), [REPLAY §5.3], [REPLAY §6].
/// </remarks>
public sealed partial class ReplayStore : IReplayStore, IDisposable
{
    /// <summary>Records that may wait for the disk.</summary>
    public const int WaitingMax = 4_096;

    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromMilliseconds(200);

    private readonly Lock _guard = new();
    private readonly ManualResetEventSlim _wanted = new();
    private readonly List<Entry> _waiting = [];
    private readonly Queue<ContentRecord> _durableStreams = new();
    private readonly Queue<EpochRecord> _durableEpochs = new();
    private readonly string _path;
    private readonly Action _wake;
    private readonly Action<StateStoreException>? _failed;
    private readonly Thread _writer;
    private SqliteConnection? _connection;
    private ulong _generation; // 64 bits that two threads use
    private volatile bool _isEnding;
    private volatile StateStoreException? _fault;

    /// <summary>Goes on with the store of a node.</summary>
    /// <param name="folder">The state directory; the caller holds its lock as long as this object lives.</param>
    /// <param name="generation">That of this start.</param>
    /// <param name="wake">Called from the writing thread when something has become durable.</param>
    /// <param name="failed">Called from the writing thread when nothing can be made durable any more, once until something can.</param>
    /// <param name="keys">The same store, for what seals its secrets; null if no sessions are kept.</param>
    /// <param name="witness">Told of every group of records; null if no sessions are kept. The caller disposes it behind this.</param>
    /// <exception cref="StateStoreException">The store cannot be read.</exception>
    public ReplayStore(
        string folder, ulong generation, Action wake, Action<StateStoreException>? failed = null, StateStore? keys = null, IReplayWitness? witness = null)
    {
        ArgumentNullException.ThrowIfNull(wake);
        _keys = keys;
        _witness = witness;
        _path = Path.Combine(folder, StoreFiles.Database);
        Volatile.Write(ref _generation, generation);
        _wake = wake;
        _failed = failed;
        _connection = StateStore.Connect(_path, isWriter: true);
        _writer = new Thread(Write) { IsBackground = true, Name = "replay store" };
        _writer.Start();
    }

    /// <summary>Why nothing becomes durable now; null while all is well.</summary>
    public StateStoreException? Fault => _fault;

    /// <summary>What the processes before this one have left; to be asked before anything is put.</summary>
    /// <param name="rule">How relayed traffic is kept from coming twice.</param>
    /// <param name="clockEpoch">The epoch of the clock now.</param>
    /// <exception cref="StateStoreException">The store cannot be read.</exception>
    public ReplayStart Load(RelayedReplayRule rule, EpochId clockEpoch) => Read(sql =>
    {
        List<ContentRecord> streams = sql.Rows("SELECT zone, zone_key, source, instance, is_direct, symbols, bodies FROM content_stream", ReadStream);
        List<EpochRecord> epochs = sql.Rows(
            "SELECT zone, epoch_high FROM content_epoch",
            static row => new EpochRecord(new ZoneIdHash(Bytes32.Read(StoreSql.Bytes(row, 0))), new EpochId(StoreSql.Unsigned(row, 1))));
        return new ReplayStart(rule, streams, epochs, clockEpoch, IsFirst: Volatile.Read(ref _generation) <= 1) { KeepsSessions = _witness is not null };
    });

    /// <summary>Goes on as a later life of the same process: the store is of its generation from now on.</summary>
    public void Begin(ulong generation) => Volatile.Write(ref _generation, generation);

    /// <inheritdoc/>
    public bool TryPut(in ContentRecord record) => TryPut(new Entry(EntryKind.Stream, record, default));

    /// <inheritdoc/>
    public bool TryPut(in EpochRecord record) => TryPut(new Entry(EntryKind.Epoch, default, record));

    /// <inheritdoc/>
    public bool TryTake(out ContentRecord record)
    {
        lock (_guard) return _durableStreams.TryDequeue(out record);
    }

    /// <inheritdoc/>
    public bool TryTake(out EpochRecord record)
    {
        lock (_guard) return _durableEpochs.TryDequeue(out record);
    }

    /// <inheritdoc/>
    public void Forget(ZoneIdHash zone, ZoneKeyId zoneKeyId)
    {
        lock (_guard) // without a bound: a key leaves the ring once
        {
            _waiting.Add(new Entry(EntryKind.Forget, new ContentRecord(new ContentStreamId(zone, zoneKeyId, default, default), false, 0, 0), default));
            _wanted.Set();
        }
    }

    /// <summary>Ends the writing thread after what was put is written, if the disk takes it.</summary>
    public void Dispose()
    {
        if (_isEnding) return;
        _isEnding = true;
        _wanted.Set();
        _writer.Join();
        _wanted.Dispose();
        _connection?.Dispose();
    }

    private bool TryPut(in Entry entry)
    {
        lock (_guard)
        {
            if (_waiting.Count >= WaitingMax) return false;
            _waiting.Add(entry);
            _wanted.Set();
            return true;
        }
    }

    /// <summary>Works with the store before anything is put: the writing thread sleeps until then.</summary>
    private T Read<T>(Func<StoreSql, T> read)
    {
        try
        {
            return read(new StoreSql(_connection!));
        }
        catch (SqliteException e)
        {
            throw StoreFaults.Describe(_path, e);
        }
        catch (Exception e) when (e is InvalidDataException or InvalidCastException or ArgumentException)
        {
            throw StoreFaults.Damaged(_path, e.Message, e);
        }
    }

    private void Write()
    {
        List<Entry> group = [];
        while (true)
        {
            _wanted.Wait();
            lock (_guard)
            {
                group.AddRange(_waiting);
                _waiting.Clear();
                _wanted.Reset();
            }

            while (group.Count > 0 && !TryWrite(group))
            {
                if (_isEnding) return;
                Thread.Sleep(PauseAfterFault);
            }

            if (group.Count > 0) Tell(group);
            if (!_isEnding) continue;
            lock (_guard)
            {
                if (_waiting.Count == 0) return;
            }

            _wanted.Set();
        }
    }

    private void Tell(List<Entry> group)
    {
        lock (_guard)
        {
            foreach (Entry entry in group)
            {
                if (entry.Kind == EntryKind.Stream) _durableStreams.Enqueue(entry.Stream);
                if (entry.Kind == EntryKind.Epoch) _durableEpochs.Enqueue(entry.Epoch);
                if (entry.Kind == EntryKind.Lane) _durableLanes.Enqueue(entry.Lane);
                if (entry.Kind == EntryKind.Reserve) _durableReserves.Enqueue(entry.Reserve);
            }
        }

        group.Clear();
        _wake();
    }

    private bool TryWrite(List<Entry> group)
    {
        try
        {
            _connection ??= StateStore.Connect(_path, isWriter: true);
            using SqliteTransaction transaction = _connection.BeginTransaction(deferred: false);
            var sql = new StoreSql(_connection, transaction);
            if (StoreSql.ToUnsigned(sql.Value("SELECT generation FROM store")) != Volatile.Read(ref _generation))
            {
                throw new StateStoreException(_path, "another process has taken this store over", "end one of the two: each state directory belongs to one process");
            }

            bool erases = false;
            foreach (Entry entry in group)
            {
                Write(sql, entry);
                erases |= WriteKept(sql, entry);
            }

            StoreMark? mark = _witness is null ? null : StateStore.AdvanceMark(sql);
            transaction.Commit();
            if (mark is { } reached) _witness!.Write(reached);
            if (erases || _owesScrub) Scrub(new StoreSql(_connection));
            _fault = null;
            return true;
        }
        catch (SqliteException e)
        {
            Failed(StoreFaults.Describe(_path, e));
        }
        catch (StateStoreException e)
        {
            Failed(e);
        }

        _connection?.Dispose(); // what it still holds may not be what is on the disk
        _connection = null;
        return false;
    }

    private void Failed(StateStoreException fault)
    {
        bool isNew = _fault is null;
        _fault = fault;
        if (isNew) _failed?.Invoke(fault);
    }

    private static void Write(StoreSql sql, in Entry entry)
    {
        ContentStreamId id = entry.Stream.Stream;
        switch (entry.Kind)
        {
            case EntryKind.Stream:
                sql.Run(
                    "INSERT OR REPLACE INTO content_stream (zone, zone_key, source, instance, is_direct, symbols, bodies) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                    StoreSql.Bytes(id.Zone.Value), StoreSql.Bytes(id.ZoneKeyId.Value), id.Source.ToString(), StoreSql.Signed(id.Instance.Value),
                    entry.Stream.IsDirect ? 1 : 0, StoreSql.Signed(entry.Stream.SymbolsCeiling), StoreSql.Signed(entry.Stream.BodiesCeiling));
                break;
            case EntryKind.Epoch:
                sql.Run(
                    "INSERT OR REPLACE INTO content_epoch (zone, epoch_high) VALUES ($1, $2)",
                    StoreSql.Bytes(entry.Epoch.Zone.Value), StoreSql.Signed(entry.Epoch.EpochHigh.Value));
                break;
            case EntryKind.Forget:
                sql.Run("DELETE FROM content_stream WHERE zone = $1 AND zone_key = $2", StoreSql.Bytes(id.Zone.Value), StoreSql.Bytes(id.ZoneKeyId.Value));
                break;
        }
    }

    private static ContentRecord ReadStream(SqliteDataReader row)
    {
        if (NodeId.Parse(row.GetString(2), out NodeId source) != FcpStatus.Accepted) throw new InvalidDataException("a stream's source is no node id");
        var id = new ContentStreamId(
            new ZoneIdHash(Bytes32.Read(StoreSql.Bytes(row, 0))), new ZoneKeyId(Bytes8.Read(StoreSql.Bytes(row, 1))), source,
            new SenderInstanceId(StoreSql.Unsigned(row, 3)));
        return new ContentRecord(id, row.GetInt64(4) != 0, StoreSql.Unsigned(row, 5), StoreSql.Unsigned(row, 6));
    }

    private enum EntryKind : byte
    {
        Stream = 0,
        Epoch,
        Forget,
        Session,
        Lane,
        Reserve,
        Drop,
    }

    private readonly record struct Entry(EntryKind Kind, ContentRecord Stream, EpochRecord Epoch)
    {
        public SessionRecord? Session { get; init; }

        public byte[]? Sealed { get; init; }

        public LaneRecord Lane { get; init; }

        public SessionReserve Reserve { get; init; }
    }
}
