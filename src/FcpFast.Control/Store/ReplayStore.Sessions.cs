using System;
using System.Collections.Generic;
using System.IO;
using FcpFast.Control.Witnesses;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Session;
using Microsoft.Data.Sqlite;

namespace FcpFast.Control.Store;

/// <summary>Sessions that are kept over restarts (mode M1), their keys sealed as every secret of the store is.</summary>
/// <remarks>
/// Shape:   after each group the witness is told how far the store has come, and only then what is in the group counts as durable: so a disk that
///          was put back to any state before the last group is found out, and nothing of it is believed.
/// Source:  [REPLAY §5.5] (M1 requires a witness), [REPLAY §6.2].
/// </remarks>
public sealed partial class ReplayStore : ISessionStore
{
    private const string SessionTable = "kept_session";

    private readonly Queue<LaneRecord> _durableLanes = new();
    private readonly Queue<SessionReserve> _durableReserves = new();
    private readonly StateStore? _keys;
    private readonly IReplayWitness? _witness;
    private bool _owesScrub;

    /// <inheritdoc/>
    public bool IsKeeping
    {
        get
        {
            lock (_guard) return _fault is null && _waiting.Count < WaitingMax;
        }
    }

    /// <summary>What the process before has kept; to be asked before anything is put.</summary>
    /// <exception cref="StateStoreException">The store cannot be read.</exception>
    public IReadOnlyList<SessionRecord> LoadSessions()
    {
        ReserveControl();
        return Read(ReadSessions);
    }

    /// <summary>Reserves control numbers for this process, before it reads what was used by those before it.</summary>
    private void ReserveControl()
    {
        StoreMark mark = Read(_ =>
        {
            using SqliteTransaction transaction = _connection!.BeginTransaction(deferred: false);
            var within = new StoreSql(_connection, transaction);
            within.Run("DELETE FROM kept_lane WHERE session NOT IN (SELECT id FROM kept_session)");
            within.Run("UPDATE kept_session SET control_limit = control_limit + $1", StoreSql.Signed(PeerSession.ControlStep));
            StoreMark reached = StateStore.AdvanceMark(within);
            transaction.Commit();
            return reached;
        });
        _witness!.Write(mark);
    }

    private List<SessionRecord> ReadSessions(StoreSql sql)
    {
        List<SessionRecord> sessions = sql.Rows(
            "SELECT id, peer, initiator, suite, datagram_max, created_at, control_limit, frames_sent, frames_received, bytes_sent, bytes_received, failed, sealed FROM kept_session",
            ReadSession);
        return sessions.ConvertAll(session => session with { Lanes = sql.Rows("SELECT instance, zone, zone_key, ceiling FROM kept_lane WHERE session = $1",
            row => ReadLane(row, session.Parameters.Id), StoreSql.Bytes(session.Parameters.Id.Value)) });
    }

    /// <summary>Erases every kept session: they are not (any more) to be gone on with.</summary>
    /// <returns>How many there were.</returns>
    /// <exception cref="StateStoreException">The store cannot be written.</exception>
    public int DiscardSessions()
    {
        int discarded = Read(static sql =>
        {
            sql.Run("DELETE FROM kept_lane");
            return sql.Run("DELETE FROM kept_session");
        });
        if (discarded > 0) Scrub(new StoreSql(_connection!));
        return discarded;
    }

    /// <inheritdoc/>
    public bool TryPut(SessionRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        byte[] sealedKeys = _keys!.Seal.Seal(SessionTable, record.Parameters.Peer.ToString(), StoreSql.Bytes(record.Parameters.Id.Value), 0, record.Keys);
        record.Dispose();
        return TryPut(new Entry(EntryKind.Session, default, default) { Session = record, Sealed = sealedKeys });
    }

    /// <inheritdoc/>
    public bool TryPut(in LaneRecord record) => TryPut(new Entry(EntryKind.Lane, default, default) { Lane = record });

    /// <inheritdoc/>
    public bool TryPut(in SessionReserve reserve) => TryPut(new Entry(EntryKind.Reserve, default, default) { Reserve = reserve });

    /// <inheritdoc/>
    public bool TryTake(out LaneRecord record)
    {
        lock (_guard) return _durableLanes.TryDequeue(out record);
    }

    /// <inheritdoc/>
    public bool TryTake(out SessionReserve reserve)
    {
        lock (_guard) return _durableReserves.TryDequeue(out reserve);
    }

    /// <inheritdoc/>
    public void Drop(SessionId session)
    {
        lock (_guard) // without a bound: a session ends once
        {
            _waiting.Add(new Entry(EntryKind.Drop, default, default) { Reserve = new SessionReserve(session, 0, default, 0) });
            _wanted.Set();
        }
    }

    /// <summary>What a group comes to, beside the rows of <see cref="Write(StoreSql, in Entry)"/>: true if keys were erased by it.</summary>
    private static bool WriteKept(StoreSql sql, in Entry entry)
    {
        switch (entry.Kind)
        {
            case EntryKind.Session:
                WriteSession(sql, entry.Session!, entry.Sealed!);
                break;
            case EntryKind.Lane:
                WriteLane(sql, entry.Lane);
                break;
            case EntryKind.Reserve:
                SessionReserve reserve = entry.Reserve;
                sql.Run(
                    "UPDATE kept_session SET control_limit = $2, frames_sent = $3, frames_received = $4, bytes_sent = $5, bytes_received = $6, failed = $7 WHERE id = $1",
                    StoreSql.Bytes(reserve.Session.Value), StoreSql.Signed(reserve.ControlLimit), StoreSql.Signed(reserve.Traffic.FramesSent),
                    StoreSql.Signed(reserve.Traffic.FramesReceived), StoreSql.Signed(reserve.Traffic.BytesSent),
                    StoreSql.Signed(reserve.Traffic.BytesReceived), StoreSql.Signed(reserve.FailedVerifications));
                break;
            case EntryKind.Drop:
                byte[] id = StoreSql.Bytes(entry.Reserve.Session.Value);
                sql.Run("DELETE FROM kept_lane WHERE session = $1", id);
                return sql.Run("DELETE FROM kept_session WHERE id = $1", id) > 0;
        }

        return false;
    }

    private static void WriteSession(StoreSql sql, SessionRecord record, byte[] sealedKeys)
    {
        (SessionParameters parameters, SessionReserve reserve) = (record.Parameters, record.Reserve);
        sql.Run(
            """
            INSERT OR REPLACE INTO kept_session (id, peer, initiator, suite, datagram_max, created_at, control_limit, frames_sent, frames_received,
                bytes_sent, bytes_received, failed, sealed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
            """,
            StoreSql.Bytes(parameters.Id.Value), parameters.Peer.ToString(), parameters.IsInitiator ? 1 : 0, (int)parameters.Suite, parameters.DatagramBytesMax,
            StoreSql.Signed(record.CreatedUnixSeconds), StoreSql.Signed(reserve.ControlLimit), StoreSql.Signed(reserve.Traffic.FramesSent),
            StoreSql.Signed(reserve.Traffic.FramesReceived), StoreSql.Signed(reserve.Traffic.BytesSent), StoreSql.Signed(reserve.Traffic.BytesReceived),
            StoreSql.Signed(reserve.FailedVerifications), sealedKeys);
        foreach (LaneRecord lane in record.Lanes) WriteLane(sql, lane);
    }

    private static void WriteLane(StoreSql sql, in LaneRecord lane) => sql.Run(
        "INSERT OR REPLACE INTO kept_lane (session, instance, zone, zone_key, ceiling) VALUES ($1, $2, $3, $4, $5)",
        StoreSql.Bytes(lane.Session.Value), StoreSql.Signed(lane.Instance.Value), StoreSql.Bytes(lane.Zone.Value), StoreSql.Bytes(lane.ZoneKeyId.Value),
        StoreSql.Signed(lane.Ceiling));

    private SessionRecord ReadSession(SqliteDataReader row)
    {
        var id = new SessionId(Bytes16.Read(StoreSql.Bytes(row, 0)));
        if (NodeId.Parse(row.GetString(1), out NodeId peer) != FcpStatus.Accepted) throw new InvalidDataException("a session's peer is no node id");
        if (SessionRules.ParseSuite(StoreSql.Unsigned(row, 3), out MacSuite suite) != FcpStatus.Accepted) throw new InvalidDataException("a session's suite is unknown");
        var parameters = new SessionParameters(id, peer, row.GetInt64(2) != 0, suite, row.GetInt32(4));
        var traffic = new SessionTraffic(StoreSql.Unsigned(row, 7), StoreSql.Unsigned(row, 8), StoreSql.Unsigned(row, 9), StoreSql.Unsigned(row, 10));
        var reserve = new SessionReserve(id, StoreSql.Unsigned(row, 6), traffic, StoreSql.Unsigned(row, 11));
        SecretKey keys = _keys!.Seal.Open(SessionTable, peer.ToString(), StoreSql.Bytes(id.Value), 0, StoreSql.Bytes(row, 12), SessionKeySchedule.KeysBytes);
        return new SessionRecord(parameters, keys, StoreSql.Unsigned(row, 5), reserve, []) { ControlUsed = reserve.ControlLimit - PeerSession.ControlStep };
    }

    private static LaneRecord ReadLane(SqliteDataReader row, SessionId session) => new(
        session, new SenderInstanceId(StoreSql.Unsigned(row, 0)), new ZoneIdHash(Bytes32.Read(StoreSql.Bytes(row, 1))),
        new ZoneKeyId(Bytes8.Read(StoreSql.Bytes(row, 2))), StoreSql.Unsigned(row, 3));

    /// <summary>Sees to it that erased keys are not in the log either; if somebody reads the store now, with the next group.</summary>
    private void Scrub(StoreSql sql) => _owesScrub = sql.Rows("PRAGMA wal_checkpoint(TRUNCATE)", static row => row.GetInt32(0))[0] != 0;
}
