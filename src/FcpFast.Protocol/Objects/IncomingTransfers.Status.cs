using System;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Objects;

/// <summary>The statuses that a receiver sends.</summary>
public sealed partial class IncomingTransfers
{
    private readonly MissingSymbols[] _missingNewest = new MissingSymbols[ObjectLimits.MissingChunksMax];
    private readonly MissingSymbols[] _missing = new MissingSymbols[ObjectLimits.MissingChunksMax];

    /// <summary>True of a source whose symbols came and wait for their stream's record: what seems to be missing is there; null if none ever waits.</summary>
    public Func<NodeId, bool>? IsHeldBack { get; set; }

    /// <summary>Symbols of a file's source were opened: its status may have news.</summary>
    public void NoteArrivals()
    {
        foreach (IncomingFile file in _awake)
        {
            if (file.State != IncomingFileState.Receiving) continue;
            foreach (IncomingSegment segment in file.OpenSegments)
            {
                if (segment.CompleteCount < segment.ChunkCount) file.Schedule.NoteArrival();
            }
        }
    }

    /// <summary>Sends the statuses that are due.</summary>
    private void SendStatuses(Instant now)
    {
        _awake.RemoveAll(static file => !(file.IsAwake = file.IsUnderWay || (file.State == IncomingFileState.Finished && file.Schedule.IsWanted)));
        foreach (IncomingFile file in _awake)
        {
            if (OwesStatus(file) && file.Schedule.IsDue(now, CreditBytes)) SendStatus(file, now);
        }
    }

    /// <summary>
    /// True while statuses of the file are sent by its schedule; of a finished one, when it is asked for. Of an empty file any status tells that
    /// it is complete, since no segment is missing: so there is none before it is finished.
    /// </summary>
    private static bool OwesStatus(IncomingFile file) => file.State switch
    {
        IncomingFileState.Receiving or IncomingFileState.Finishing => file.Shape.SegmentCount > 0,
        IncomingFileState.Finished => file.Schedule.IsWanted,
        _ => false,
    };

    /// <summary>Tells the source that a file failed, by the one of its objects that both ends know; of an empty file there is none.</summary>
    private void TellFailure(IncomingFile file)
    {
        if (file.LastObject is { } objectId) _outbox.SendSymbolAck(file.Zone, file.Source, objectId, SymbolAckReason.ResourceExhausted);
    }

    /// <summary>What one file may have under way: its share of the memory and of what the socket takes.</summary>
    private ulong CreditBytes => (ulong)(Math.Min(_creditBytesMax, _table.ArenaBytes / 8 * 7) / Math.Max(1, ActiveCount));

    private void SendStatus(IncomingFile file, Instant now)
    {
        bool waits = false;
        bool isOnItsWay = file.OpenSegments.Count > 0 || Send(file, default);
        long laterTouchedTicks = 0;
        for (int i = file.OpenSegments.Count - 1; i >= 0; i--)
        {
            IncomingSegment segment = file.OpenSegments[i];
            if (segment.IsBeingInspected) continue;
            int missing = ListMissing(segment, ref laterTouchedTicks, ref waits, now);
            isOnItsWay &= Send(file, new SegmentProgress(segment.Index, segment.CompleteBitmap, _missing.AsSpan(0, missing)));
        }

        if (isOnItsWay || file.State == IncomingFileState.Finished) file.Schedule.Sent(now, waits); // of a finished one it is asked for again
        else file.Schedule.Missed(now);
    }

    private bool Send(IncomingFile file, scoped in SegmentProgress progress)
    {
        TransferStatusBody.Write(_writer.Reset(), file.Id, file.Done.Ranges, CreditBytes, progress);
        return _outbox.SendBody(file.Zone, file.Source, _writer.Written);
    }

    /// <summary>Lists the chunks that should have come, lowest first: symbols of them or of later ones came a while ago, and nothing since.</summary>
    /// <param name="segment">The segment; later ones were gone through before.</param>
    /// <param name="laterTouchedTicks">When the first symbol of any later chunk came; moved on.</param>
    /// <param name="waits">Set if a chunk should have come, long ago or not.</param>
    /// <param name="now">The time.</param>
    private int ListMissing(IncomingSegment segment, ref long laterTouchedTicks, ref bool waits, Instant now)
    {
        int found = 0;
        bool isHeldBack = IsHeldBack is not null && IsHeldBack(segment.File.Source);
        for (int chunk = segment.ChunkCount - 1; chunk >= 0; chunk--)
        {
            long touched = segment.TouchedTicks(chunk);
            if (touched != 0 && (laterTouchedTicks == 0 || touched < laterTouchedTicks)) laterTouchedTicks = touched;
            ChunkAssembly? assembly = segment.AssemblyOf(chunk);
            if (assembly is null || laterTouchedTicks == 0 || assembly.PendingWrites > 0) continue;
            waits = true;
            long quietSince = Math.Max(laterTouchedTicks, assembly.LastFilledTicks);
            if (isHeldBack || now.Ticks - quietSince < TransferRules.ReorderTicks) continue;
            _missingNewest[found % _missingNewest.Length] = MissingOf(assembly, chunk);
            found++;
        }

        int listed = Math.Min(found, _missing.Length);
        for (int i = 0; i < listed; i++) _missing[i] = _missingNewest[(found - 1 - i) % _missingNewest.Length];
        return listed;
    }

    private static MissingSymbols MissingOf(ChunkAssembly assembly, int chunk)
    {
        Span<byte> esis = stackalloc byte[ObjectLimits.EsiBitmapBytesMax];
        esis.Clear();
        if (!assembly.HasMemory)
        {
            esis.Fill(0xFF); // nothing has come, so K is not known here: all there are
            return new MissingSymbols((ulong)chunk, esis);
        }

        for (int esi = 0; esi < assembly.K; esi++)
        {
            if (!assembly.Holds(esi)) Bitmap.Add(esis, esi);
        }

        return new MissingSymbols((ulong)chunk, esis[..Bitmap.BytesFor(assembly.K)]);
    }
}
