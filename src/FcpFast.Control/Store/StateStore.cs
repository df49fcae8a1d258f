using System;
using System.Collections.Generic;
using System.IO;
using FcpFast.Control.Groups;
using FcpFast.Control.Identities;
using FcpFast.Control.Records;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using Microsoft.Data.Sqlite;

namespace FcpFast.Control.Store;

/// <summary>State in one SQLite file: a write-ahead log flushed at every change, secrets sealed, one writer.</summary>
/// <remarks>
/// Shape:   WAL, because a change is one append and one flush, and readers need no lock; synchronous=FULL, because NORMAL may lose the last
///          changes with the power, and a forgotten manifest is a rollback. secure_delete overwrites what is erased.
/// Errors:  <see cref="StateStoreException"/>.
/// Threads: one user at a time; other processes may read.
/// Source:  [DESIGN §3] (state), [REPLAY §5.3].
/// </remarks>
public sealed class StateStore : IStateStore
{
    private readonly CryptoProvider _crypto;
    private readonly string _path;
    private readonly StoreLock? _lock;
    private SqliteConnection? _connection;
    private StoreSeal? _seal;
    private ulong _generation;

    private StateStore(string folder, StoreLock? held, CryptoProvider crypto)
    {
        _path = Path.Combine(folder, StoreFiles.Database);
        _lock = held;
        _crypto = crypto;
    }

    /// <summary>True if a directory holds a store.</summary>
    public static bool IsStore(string folder) => File.Exists(Path.Combine(folder, StoreFiles.Database));

    /// <summary>True if another process may write to the store now.</summary>
    public static bool IsInUse(string folder) => IsStore(folder) && StoreLock.IsTaken(folder);

    /// <summary>Makes the store of a new node or owner.</summary>
    /// <param name="folder">A directory that does not exist or is empty.</param>
    /// <param name="identity">Whose.</param>
    /// <param name="keys">The node's keys; null in an owner's.</param>
    /// <param name="source">From what its key comes; a key file is made.</param>
    /// <param name="nowUnixSeconds">The wall clock.</param>
    /// <param name="crypto">The seams.</param>
    public static StateStore Create(
        string folder, StoreIdentity identity, NodeKeys? keys, StoreKeySource source, ulong nowUnixSeconds, CryptoProvider crypto)
    {
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(crypto);
        StateStore? store = null;
        try
        {
            if (Directory.Exists(folder) && Directory.GetFileSystemEntries(folder).Length > 0)
            {
                throw new StateStoreException(folder, "the directory is not empty", "name a new directory, so that no identity is overwritten");
            }

            StoreFiles.CreateDirectory(folder);
            store = new StateStore(folder, StoreLock.Take(folder), crypto);
            StoreFiles.WriteNew(store._path, []);
            StoreSchema.Migrate(store.Connect(), store._path);
            store._seal = StoreSeal.Create(StoreSeal.DrawStoreId(crypto), identity, source, folder, crypto, out StoreKeyRow row);
            store.Change(sql => new StoreWriter(sql, store._seal).WriteIdentity(identity, row, keys, nowUnixSeconds));
            return store;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            store?.Dispose();
            throw new StateStoreException(folder, e.Message, "name a directory that can be written", e);
        }
        catch
        {
            store?.Dispose();
            throw;
        }
    }

    /// <summary>Opens a store to work with it; nobody else can write to it until it is disposed.</summary>
    public static StateStore Open(string folder, StoreKeySource source, CryptoProvider crypto)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(crypto);
        RequireStore(folder);
        var store = new StateStore(folder, StoreLock.Take(folder), crypto);
        try
        {
            StoreSchema.Migrate(store.Connect(), store._path);
            store._seal = store.Read(sql =>
            {
                var reader = new StoreReader(sql, null, crypto);
                return StoreSeal.Open(reader.ReadKeyRow(), reader.ReadIdentity(), source, folder, crypto);
            });
            store._generation = store.Read(static sql => StoreSql.ToUnsigned(sql.Value("SELECT generation FROM store")));
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Opens a store to look at what is public in it; no key is needed, and its process may go on.</summary>
    public static StateStore OpenPublic(string folder, CryptoProvider crypto)
    {
        ArgumentNullException.ThrowIfNull(crypto);
        RequireStore(folder);
        var store = new StateStore(folder, null, crypto);
        try
        {
            int version = store.Read(sql => StoreSchema.RequireKnown(sql, store._path));
            if (version == StoreSchema.Version) return store;
            throw new StateStoreException(store._path, $"its format is {version} and not {StoreSchema.Version}", "start its node with this build once");
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>How far the store has come.</summary>
    public StoreMark Mark => Read(ReadMark);

    /// <summary>What seals the secrets of its rows.</summary>
    internal StoreSeal Seal => _seal ?? throw new InvalidOperationException("this store was opened to be looked at");

    /// <summary>Counts a change that is about to be committed.</summary>
    internal static StoreMark AdvanceMark(StoreSql sql)
    {
        sql.Run("UPDATE store SET writes = writes + 1");
        return ReadMark(sql);
    }

    /// <inheritdoc/>
    public StoredState Load() => Read(sql => new StoreReader(sql, _seal, _crypto).ReadState(_lock is not null));

    /// <inheritdoc/>
    public ulong Begin(StartMark mark)
    {
        RequireWriter();
        ulong before = _generation;
        Change(sql =>
        {
            ulong stored = StoreSql.ToUnsigned(sql.Value("SELECT generation FROM store"));
            _generation = Math.Max(stored, mark.WitnessGeneration) + 1;
            sql.Run(
                "UPDATE store SET writes = writes + 1, generation = $1, boot_id = $2, host_id = $3, started_at = $4",
                StoreSql.Signed(_generation), mark.BootId, mark.HostId, StoreSql.Signed(mark.NowUnixSeconds));
        });
        ulong written = Read(static sql => StoreSql.ToUnsigned(sql.Value("SELECT generation FROM store")));
        if (written == _generation && written > before) return written;
        throw StoreFaults.Damaged(_path, $"generation {_generation} was written and {written} is read");
    }

    /// <inheritdoc/>
    public void Commit(StateChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        RequireWriter();
        Change(sql =>
        {
            int isOurs = sql.Run("UPDATE store SET writes = writes + 1 WHERE generation = $1", StoreSql.Signed(_generation));
            if (isOurs != 1)
            {
                throw new StateStoreException(_path, "another process has taken this store over", "end one of the two: each state directory belongs to one process");
            }

            new StoreWriter(sql, _seal!).Write(change);
        });
    }

    /// <inheritdoc/>
    public bool Scrub() => Read(static sql => sql.Rows("PRAGMA wal_checkpoint(TRUNCATE)", static row => row.GetInt32(0))[0] == 0);

    /// <inheritdoc/>
    public byte[]? ReadMessage(ZoneId zone, ObjectId id) => Read(sql => new StoreGroupReader(sql, null).ReadMessage(zone, id));

    /// <inheritdoc/>
    public byte[]? ReadKeyPackage(ZoneId zone, NodeId node) => Read(sql => new StoreGroupReader(sql, null).ReadKeyPackage(zone, node));

    /// <inheritdoc/>
    public IReadOnlyList<byte[]> ReadMessages(ZoneId zone, GroupMessageKind kind, ulong epoch) =>
        Read(sql => new StoreGroupReader(sql, null).ReadMessages(zone, kind, epoch));

    /// <inheritdoc/>
    public IReadOnlyList<ControlRecord> ReadRecords(ZoneId zone, ManifestDigest? have, int bytesMax) =>
        Read(sql => new StoreReader(sql, null, _crypto).ReadRecords(zone, have, bytesMax));

    /// <inheritdoc/>
    public IReadOnlyList<byte[]> ReadEvidence(ZoneId zone) => Read(sql => new StoreReader(sql, null, _crypto).ReadEvidence(zone));

    /// <summary>Copies everything into a new file, consistent although the store is in use; its secrets stay sealed under the same key.</summary>
    /// <param name="path">A file that does not exist. It becomes a store again as <c>state.db</c> beside the key file.</param>
    public void Backup(string path)
    {
        try
        {
            StoreFiles.WriteNew(path, []);
            using SqliteConnection copy = Connect(path, isWriter: true);
            Guard(path, () => Connect().BackupDatabase(copy));
            Guard(path, () => new StoreSql(copy).Run("PRAGMA journal_mode=DELETE"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StateStoreException(path, e.Message, "name a new file in a directory that can be written", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _seal?.Dispose();
        _connection?.Dispose();
        _lock?.Dispose();
    }

    /// <summary>Bounds the file, so that a test can fill the disk.</summary>
    internal void LimitPages(int pages) => new StoreSql(Connect()).Run(FormattableString.Invariant($"PRAGMA max_page_count = {pages}"));

    internal long CountPages() => (long)new StoreSql(Connect()).Value("PRAGMA page_count")!;

    private static void RequireStore(string folder)
    {
        string path = Path.Combine(folder, StoreFiles.Database);
        if (!File.Exists(path))
        {
            throw new StateStoreException(
                folder, $"this is no state directory ({StoreFiles.Database} is missing)", "name one that 'fcpfast node create' or 'fcpfast owner create' made");
        }

        StoreFiles.RequirePrivate(path);
    }

    /// <summary>Opens a connection that keeps this room's promises.</summary>
    internal static SqliteConnection Connect(string path, bool isWriter)
    {
        var words = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false };
        var connection = new SqliteConnection(words.ConnectionString);
        try
        {
            connection.Open();
            var sql = new StoreSql(connection);
            sql.Run("PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON; PRAGMA synchronous=FULL; PRAGMA fullfsync=ON");
            if (isWriter) sql.Run("PRAGMA journal_mode=WAL");
            else sql.Run("PRAGMA query_only=ON");
            if (isWriter && sql.Value("PRAGMA quick_check(1)") is not "ok") throw StoreFaults.Damaged(path, "its pages contradict each other");
            return connection;
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw StoreFaults.Describe(path, e);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static StoreMark ReadMark(StoreSql sql) => sql.Rows(
        "SELECT store_id, generation, writes FROM store", static row => new StoreMark(Bytes16.Read(StoreSql.Bytes(row, 0)), StoreSql.Unsigned(row, 1), StoreSql.Unsigned(row, 2)))[0];

    private SqliteConnection Connect() => _connection ??= Connect(_path, _lock is not null);

    private void RequireWriter()
    {
        if (_lock is null) ThrowHelper.BadState("this store was opened to be looked at");
    }

    private T Read<T>(Func<StoreSql, T> read)
    {
        T? result = default;
        Guard(_path, () =>
        {
            using SqliteTransaction transaction = Connect().BeginTransaction(deferred: true);
            result = read(new StoreSql(Connect(), transaction));
        });
        return result!;
    }

    private void Change(Action<StoreSql> change) => Guard(_path, () =>
    {
        using SqliteTransaction transaction = Connect().BeginTransaction(deferred: false);
        change(new StoreSql(Connect(), transaction));
        transaction.Commit();
    });

    private void Guard(string path, Action step)
    {
        try
        {
            step();
        }
        catch (SqliteException e)
        {
            if (StoreFaults.SpoilsHandle(e))
            {
                _connection?.Dispose();
                _connection = null;
            }

            throw StoreFaults.Describe(path, e);
        }
        catch (Exception e) when (e is InvalidDataException or InvalidCastException or OverflowException or ArgumentException)
        {
            throw StoreFaults.Damaged(path, e.Message, e);
        }
    }
}
