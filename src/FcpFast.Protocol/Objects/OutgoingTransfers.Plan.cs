using System;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;

namespace FcpFast.Protocol.Objects;

/// <summary>What is sent next.</summary>
public sealed partial class OutgoingTransfers
{
    private int _turn;

    /// <summary>The memory that planned symbols lie in.</summary>
    public ReadOnlySpan<byte> Memory => _source.Memory;

    /// <summary>Plans symbols of one file for a node: repairs first, then new chunks within the receiver's credit; the files take turns.</summary>
    /// <param name="to">The node.</param>
    /// <param name="planner">Takes them until its slab is full.</param>
    /// <param name="bytesMax">How much the path's rate allows now.</param>
    /// <param name="symbolBytes">The symbol size that the planner was begun with; segments of another size are passed over.</param>
    /// <param name="now">The time.</param>
    /// <param name="isPaced">True if the rate held symbols back, and not the want of them or of room in the slab.</param>
    /// <returns>The file; null if nothing was planned.</returns>
    public OutgoingFile? Plan<TPlanner>(NodeId to, TPlanner planner, long bytesMax, int symbolBytes, Instant now, out bool isPaced)
        where TPlanner : ISymbolPlanner
    {
        isPaced = false;
        ZoneKeyRing? asked = null;
        bool maySeal = false;
        for (int i = 0; i < _files.Count; i++)
        {
            OutgoingFile file = _files[(_turn + i) % _files.Count];
            if (file.To != to) continue;
            if (file.Zone != asked) (asked, maySeal) = (file.Zone, _outbox.MaySeal(file.Zone, to));
            if (!maySeal) continue;
            var budget = new PlanBudget(bytesMax);
            if (!PlanRepairs(file, planner, ref budget, symbolBytes, now)) PlanNew(file, planner, ref budget, symbolBytes, now);
            isPaced |= budget.IsSpent;
            if (budget.Planned == 0) continue;
            _turn = (_turn + i + 1) % _files.Count;
            return file;
        }

        return null;
    }

    /// <summary>When <see cref="Tick"/> has something to do next, if nothing happens.</summary>
    public long NextTicks(Instant now) =>
        _files.Count == 0 ? long.MaxValue : now.Ticks + (TransferRules.ResendTicksMin / 5);

    /// <summary>True if the slab or the budget ended it.</summary>
    private static bool PlanRepairs<TPlanner>(OutgoingFile file, TPlanner planner, ref PlanBudget budget, int symbolBytes, Instant now)
        where TPlanner : ISymbolPlanner
    {
        while (file.Repairs.TryPeek(out (OutgoingSegment Segment, int Chunk) next))
        {
            (OutgoingSegment segment, int chunk) = next;
            ref SymbolSet missing = ref segment.Repairs(chunk);
            bool isHere = file.Segments.Contains(segment) && segment.Prepared.SymbolBytes == symbolBytes;
            if (!isHere) missing = default;
            for (int esi = missing.Lowest(); esi >= 0; esi = missing.Lowest())
            {
                if (!budget.TrySpend(symbolBytes)) return true;
                if (!planner.TryAdd(segment.IdOf(chunk), (ushort)segment.K(chunk), (uint)esi, segment.OffsetOf(chunk, esi))) return true;
                budget.Planned++;
                missing.Remove(esi);
            }

            ref OutgoingSegment.ChunkProgress progress = ref segment.Progress(chunk);
            if (progress.SentTicks != 0) progress.SentTicks = now.Ticks; // else some were asked for before all were sent once
            progress.IsQueued = false;
            file.Repairs.Dequeue();
        }

        return false;
    }

    private static void PlanNew<TPlanner>(OutgoingFile file, TPlanner planner, ref PlanBudget budget, int symbolBytes, Instant now)
        where TPlanner : ISymbolPlanner
    {
        foreach (OutgoingSegment segment in file.Segments)
        {
            if (!segment.IsAcknowledged || segment.Prepared.SymbolBytes != symbolBytes) return; // in order: later segments wait
            for (; segment.NextChunk < segment.ChunkCount; segment.NextChunk++, segment.NextEsi = 0)
            {
                int chunk = segment.NextChunk;
                if (segment.IsTwin(chunk) || segment.Progress(chunk).IsComplete) continue;
                if (!TryStart(file, segment, chunk)) return;
                int k = segment.K(chunk);
                for (; segment.NextEsi < k; segment.NextEsi++)
                {
                    int esi = segment.NextEsi;
                    if (!budget.TrySpend(symbolBytes)) return;
                    if (!planner.TryAdd(segment.IdOf(chunk), (ushort)k, (uint)esi, segment.OffsetOf(chunk, esi))) return;
                    budget.Planned++;
                }

                segment.Progress(chunk).SentTicks = now.Ticks;
            }
        }
    }

    /// <summary>Counts a chunk as under way if the credit allows it.</summary>
    private static bool TryStart(OutgoingFile file, OutgoingSegment segment, int chunk)
    {
        ref OutgoingSegment.ChunkProgress progress = ref segment.Progress(chunk);
        if (progress.IsUnderWay) return true;
        ulong bytes = (ulong)segment.BytesOf(chunk);
        if (file.UnderWayBytes > 0 && file.UnderWayBytes + bytes > file.CreditBytes) return false;
        if (file.CreditBytes == 0) return false;
        progress.IsUnderWay = true;
        file.UnderWayBytes += bytes;
        return true;
    }

    /// <summary>
    /// If the chunk that was sent last is not reported for a while, its last symbol is sent again: when it arrives, the receiver reports
    /// everything that should have come before it. All other losses show in its statuses by themselves.
    /// </summary>
    private void ProbeTail(OutgoingFile file, Instant now)
    {
        if (!TryFindLastSent(file, out OutgoingSegment? segment, out int chunk)) return;
        ref OutgoingSegment.ChunkProgress progress = ref segment!.Progress(chunk);
        if (progress.IsComplete || progress.IsQueued) return;
        long pause = Math.Clamp(4 * PathTo(file.To, now).RoundTripTicks, TransferRules.ResendTicksMin, TransferRules.ResendTicksMax);
        long wait = Math.Min(pause << Math.Min(progress.Resends, 6), TransferRules.ResendTicksMax);
        if (now.Ticks - progress.SentTicks < wait) return;
        SymbolSet last = default;
        last.Add(segment.K(chunk) - 1);
        QueueRepair(file, segment, chunk, last);
    }

    private static bool TryFindLastSent(OutgoingFile file, out OutgoingSegment? segment, out int chunk)
    {
        for (int i = file.Segments.Count - 1; i >= 0; i--)
        {
            segment = file.Segments[i];
            for (chunk = Math.Min(segment.ChunkCount, segment.NextChunk + 1) - 1; chunk >= 0; chunk--)
            {
                if (segment.Progress(chunk).SentTicks != 0) return true;
            }
        }

        (segment, chunk) = (null, -1);
        return false;
    }

    private static void QueueRepair(OutgoingFile file, OutgoingSegment segment, int chunk, in SymbolSet symbols)
    {
        ref OutgoingSegment.ChunkProgress progress = ref segment.Progress(chunk);
        segment.Repairs(chunk).Add(symbols);
        progress.Resends++;
        if (progress.IsQueued) return;
        progress.IsQueued = true;
        file.Repairs.Enqueue((segment, chunk));
    }

    private struct PlanBudget(long bytes)
    {
        private long _bytes = bytes;

        public bool IsSpent { get; private set; }

        public int Planned { get; set; }

        public bool TrySpend(int symbolBytes)
        {
            IsSpent = _bytes <= 0;
            _bytes -= symbolBytes;
            return !IsSpent;
        }
    }
}
