using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Session;

namespace FcpFast.Simulation.Storage;

/// <summary>What a machine keeps when its processes end: received files, parts of files that are not whole yet, and replay records.</summary>
public sealed class MemoryDisk
{
    /// <summary>Finished files by their names; a file of a name that is taken gets a number.</summary>
    public Dictionary<string, byte[]> Files { get; } = [];

    /// <summary>Parts of files that are not whole.</summary>
    public int PartCount => Parts.Count;

    /// <summary>Durable records of streams.</summary>
    public int ReplayRecordCount => ReplayStreams.Count;

    /// <summary>Room for parts and files.</summary>
    public long CapacityBytes { get; set; } = long.MaxValue;

    /// <summary>Asked before each piece of work: a text makes it fail with that reason, null lets it be done.</summary>
    public Func<StoreEventKind, IncomingFile, string?>? Fault { get; set; }

    /// <summary>How long a flush of replay records takes from now on; null for what the node's plan says.</summary>
    public TimeSpan? ReplayFlush { get; set; }

    /// <summary>How many segments the part of a file has whole; 0 if there is no such part.</summary>
    public int JournalOf(string name) => Parts.Values.FirstOrDefault(part => part.Name == name)?.Journal.Count ?? 0;

    /// <summary>Sessions that a process which starts now goes on with.</summary>
    public int KeptSessionCount => KeptSessions.Count;

    /// <summary>False while replay records that are put do not become durable; they do once it is true again.</summary>
    public bool TakesReplayRecords { get; set; } = true;

    /// <summary>Loses the ceilings of kept sessions, and what was opened: as a faulty node would.</summary>
    public void ForgetLanes()
    {
        KeptLanes.Clear();
        ReplayStreams.Clear();
    }

    /// <summary>Loses everything.</summary>
    public void Erase()
    {
        Files.Clear();
        Parts.Clear();
        ReplayStreams.Clear();
        ReplayEpochs.Clear();
        KeptSessions.Clear();
        KeptLanes.Clear();
    }

    internal Dictionary<TransferId, MemoryPart> Parts { get; } = [];

    internal Dictionary<ContentStreamId, ContentRecord> ReplayStreams { get; } = [];

    internal Dictionary<ZoneIdHash, EpochId> ReplayEpochs { get; } = [];

    internal Dictionary<SessionId, (SessionRecord Record, byte[] Keys)> KeptSessions { get; } = [];

    internal Dictionary<(SessionId, SenderInstanceId), LaneRecord> KeptLanes { get; } = [];

    internal long UsedBytes
    {
        get
        {
            long bytes = 0;
            foreach (byte[] file in Files.Values) bytes += file.Length;
            foreach (MemoryPart part in Parts.Values) bytes += part.Bytes.Length;
            return bytes;
        }
    }

    internal void Name(TransferId id, string name)
    {
        Parts.Remove(id, out MemoryPart? part);
        string free = name;
        for (int number = 1; Files.ContainsKey(free); number++) free = $"{name}~{number}";
        Files.Add(free, part!.Bytes);
    }
}
