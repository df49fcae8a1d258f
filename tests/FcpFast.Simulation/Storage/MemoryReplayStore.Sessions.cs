using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Session;

namespace FcpFast.Simulation.Storage;

/// <summary>Sessions that are kept over restarts, with their lanes.</summary>
internal sealed partial class MemoryReplayStore : ISessionStore
{
    private readonly List<Action> _kept = [];
    private readonly Queue<LaneRecord> _durableLanes = new();
    private readonly Queue<SessionReserve> _durableReserves = new();

    public bool IsKeeping => disk.TakesReplayRecords && _kept.Count < WaitingMax;

    /// <summary>What a process that starts now goes on with.</summary>
    public static IReadOnlyList<SessionRecord> Load(MemoryDisk disk, IKeyVault vault)
    {
        foreach ((SessionId id, (SessionRecord record, byte[] keys)) in disk.KeptSessions.ToArray())
        {
            SessionReserve reserve = record.Reserve with { ControlLimit = record.Reserve.ControlLimit + PeerSession.ControlStep };
            disk.KeptSessions[id] = (record with { Reserve = reserve, ControlUsed = record.Reserve.ControlLimit }, keys);
        }

        return [.. disk.KeptSessions.Values.Select(kept => kept.Record with
        {
            Keys = vault.Import(kept.Keys),
            Lanes = [.. disk.KeptLanes.Values.Where(lane => lane.Session == kept.Record.Parameters.Id)],
        })];
    }

    public bool TryPut(SessionRecord record)
    {
        using KeyLease lease = record.Keys.Lease();
        byte[] keys = lease.Bytes.ToArray();
        record.Dispose();
        return Put(() =>
        {
            disk.KeptSessions[record.Parameters.Id] = (record, keys);
            foreach (LaneRecord lane in record.Lanes) disk.KeptLanes[(lane.Session, lane.Instance)] = lane;
        });
    }

    public bool TryPut(in LaneRecord record)
    {
        LaneRecord lane = record;
        return Put(() =>
        {
            disk.KeptLanes[(lane.Session, lane.Instance)] = lane;
            _durableLanes.Enqueue(lane);
        });
    }

    public bool TryPut(in SessionReserve reserve)
    {
        SessionReserve reserved = reserve;
        return Put(() =>
        {
            if (disk.KeptSessions.TryGetValue(reserved.Session, out (SessionRecord Record, byte[] Keys) kept))
            {
                disk.KeptSessions[reserved.Session] = (kept.Record with { Reserve = reserved }, kept.Keys);
            }

            _durableReserves.Enqueue(reserved);
        });
    }

    public bool TryTake(out LaneRecord record) => _durableLanes.TryDequeue(out record);

    public bool TryTake(out SessionReserve reserve) => _durableReserves.TryDequeue(out reserve);

    public void Drop(SessionId session) => Put(() =>
    {
        disk.KeptSessions.Remove(session);
        foreach ((SessionId, SenderInstanceId) lane in disk.KeptLanes.Keys.Where(lane => lane.Item1 == session).ToArray()) disk.KeptLanes.Remove(lane);
    });

    private bool Put(Action write)
    {
        if (_kept.Count >= WaitingMax) return false;
        _kept.Add(write);
        Flush();
        return true;
    }
}
