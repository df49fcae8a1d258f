using System;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Objects;

/// <summary>The store's answers, and the clockwork.</summary>
public sealed partial class IncomingTransfers
{
    private const long SweepTicks = 60 * Instant.TicksPerSecond;

    private long _nextSweepTicks;

    /// <summary>Takes the store's answers, sends the statuses that are due, forgets what is long over.</summary>
    public void Tick(Instant now)
    {
        while (_store.TryTake(out StoreEvent answer)) Take(answer, now);
        SendStatuses(now);
        if (now.Ticks < _nextSweepTicks) return;
        _nextSweepTicks = now.Ticks + SweepTicks;
        foreach (IncomingFile file in _byHandle.Values)
        {
            bool isOver = file.State == IncomingFileState.Finished && now.Ticks - file.FinishedTicks >= TransferRules.FinishedTicks;
            if (isOver) Forget(file, abandon: false); // removing while enumerating is allowed for Dictionary
        }
    }

    /// <summary>When <see cref="Tick"/> has something to do next, if nothing happens.</summary>
    public long NextTicks()
    {
        long next = _nextSweepTicks;
        foreach (IncomingFile file in _awake)
        {
            if (OwesStatus(file)) next = Math.Min(next, file.Schedule.DueTicks(CreditBytes));
        }

        return next;
    }

    private void Take(in StoreEvent answer, Instant now)
    {
        if (answer.Kind == StoreEventKind.Written)
        {
            Written(answer, now);
            return;
        }

        if (!_byHandle.TryGetValue(answer.Handle, out IncomingFile? file)) return; // given up meanwhile
        if (answer.Status != FcpStatus.Accepted)
        {
            Fail(file, FcpStatus.StorageFailed, answer.Detail, now);
            return;
        }

        switch (answer.Kind)
        {
            case StoreEventKind.Opened:
                Opened(file, answer);
                break;
            case StoreEventKind.Inspected:
                Inspected(file, answer);
                break;
            case StoreEventKind.Finished:
                Finished(file, now);
                break;
        }
    }

    private void Opened(IncomingFile file, in StoreEvent answer)
    {
        foreach (SegmentRange range in answer.Done ?? [])
        {
            file.Done.Append(range);
            file.CompleteBytes += file.Shape.BytesOf(range);
        }

        file.IsResumed = answer.Done is not null;
        file.State = IncomingFileState.Receiving;
        file.Schedule.Want();
        _observer.Opened(file);
        for (int i = file.OpenSegments.Count - 1; i >= 0; i--)
        {
            IncomingSegment segment = file.OpenSegments[i]; // announced while the store was at work
            if (file.Done.Contains(segment.Index)) file.OpenSegments.RemoveAt(i);
            else if (Begin(segment) is not FcpStatus.Accepted and FcpStatus refused) _counters.Count(refused);
        }

        if (!file.IsComplete) return;
        if (file.Done.Count > 0) file.LastSegment = file.Done.TakeLast(); // the process before ended before the file had its name
        Finish(file);
    }

    private void Inspected(IncomingFile file, in StoreEvent answer)
    {
        IncomingSegment? segment = Find(file, answer.Token);
        if (segment is null || !segment.IsBeingInspected) return;
        segment.IsBeingInspected = false;
        for (int i = 0; i < segment.ChunkCount; i++)
        {
            if (Bitmap.Contains(answer.Bitmap.Span, i)) CompleteChunk(segment, i);
        }

        file.Schedule.Want();
        if (segment.IsComplete) CompleteSegment(segment);
        else if (AwaitChunks(segment) != FcpStatus.Accepted) _counters.Count(FcpStatus.LengthMismatch);
    }

    private void Written(in StoreEvent answer, Instant now)
    {
        ChunkAssembly chunk = _table.At((int)answer.Token);
        if (answer.Status != FcpStatus.Accepted && _byHandle.TryGetValue(answer.Handle, out IncomingFile? failed)) Fail(failed, FcpStatus.StorageFailed, answer.Detail, now);
        chunk.PendingWrites--; // only now: a chunk that is being written is left for this place to withdraw
        if (chunk.PendingWrites > 0) return;
        if (chunk.WrittenPlaces < chunk.Places.Count)
        {
            WriteNewPlaces(chunk); // a segment that lists the same chunk was announced while it was written
            return;
        }

        foreach (ChunkPlace place in chunk.Places)
        {
            CompleteChunk(place.Segment, place.ChunkNumber);
        }

        while (chunk.Places.Count > 0)
        {
            IncomingSegment segment = chunk.Places[0].Segment;
            chunk.RemovePlaces(segment);
            if (segment.IsComplete) CompleteSegment(segment);
        }

        _table.Withdraw(chunk);
    }

    private static void CompleteChunk(IncomingSegment segment, int chunk)
    {
        ulong bytes = (ulong)segment.BytesOf(chunk);
        segment.MarkComplete(chunk);
        segment.File.CompleteBytes += bytes;
        segment.File.Schedule.CountCompleted(bytes);
    }

    private void CompleteSegment(IncomingSegment segment)
    {
        IncomingFile file = segment.File;
        if (!file.OpenSegments.Contains(segment)) return;
        file.LastObject = segment.IdOf(0);
        CloseSegment(segment);
        _store.CloseSegment(segment);
        if (file.Done.Count + 1 < file.Shape.SegmentCount)
        {
            file.Done.Add(segment.Index);
            return;
        }

        file.LastSegment = segment.Index;
        Finish(file);
    }

    private void Finish(IncomingFile file)
    {
        file.State = IncomingFileState.Finishing;
        _store.Finish(file);
    }

    private void Finished(IncomingFile file, Instant now)
    {
        if (file.LastSegment is { } last) file.Done.Add(last);
        file.State = IncomingFileState.Finished;
        file.FinishedTicks = now.Ticks;
        Wake(file);
        ActiveCount--;
        _observer.Completed(file);
    }

    private void Fail(IncomingFile file, FcpStatus reason, string? detail, Instant now)
    {
        if (file.State is IncomingFileState.Failed or IncomingFileState.Finished) return;
        if (file.OpenSegments.Count > 0) file.LastObject = file.OpenSegments[0].IdOf(0);
        while (file.OpenSegments.Count > 0) CloseSegment(file.OpenSegments[^1]);
        file.Fail(detail ?? "the store failed", now);
        ActiveCount--;
        _store.Abandon(file);
        _counters.Count(reason);
        TellFailure(file);
        _observer.Failed(file);
    }
}
