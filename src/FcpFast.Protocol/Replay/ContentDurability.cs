using System;
using System.Collections.Generic;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Replay;

/// <summary>Sees to it that what is opened is durably known as opened before it counts, so that a start of this node opens nothing twice.</summary>
/// <remarks>
/// Shape:   invariants, at every instant: a direct stream of which anything was opened has a durable record; of a relayed one every opened number
///          is at most its durable ceiling (or, by the other rule, every opened epoch at most the durable one of its zone); where sessions are
///          kept (M1), direct streams have ceilings as relayed ones do. Records are asked for ahead, at half of a step, so that frames do not
///          wait for a disk that keeps up; who must wait is refused <c>ReplayNotDurable</c> with nothing changed. Only what the AEAD has opened
///          asks for a record, and what a member announces of itself on its own session, a few streams at a time: no relay can make this node
///          write for frames of its own making.
/// Errors:  <c>ReplayNotDurable</c>, <c>ReplayFenced</c>.
/// Threads: the owner of the content windows.
/// Cost:    two comparisons a frame.
/// Source:  [REPLAY §6.1], [REPLAY §6.2], [REPLAY §8] (S1, S8).
/// </remarks>
public sealed class ContentDurability
{
    /// <summary>Numbers of symbols' frames that a record reserves.</summary>
    public const ulong SymbolsStep = 1 << 16;

    /// <summary>Numbers of bodies that a record reserves.</summary>
    public const ulong BodiesStep = 16;

    private readonly Dictionary<ZoneIdHash, EpochId> _epochFences = [];
    private readonly Dictionary<ZoneIdHash, (EpochId? Durable, EpochId Asked)> _epochs = [];
    private readonly IReplayStore _store;
    private readonly ReplayStart _start;
    private readonly ulong _symbolsStep;
    private readonly ulong _bodiesStep;
    private EpochId? _lifeFence;

    /// <summary>Starts with what the processes before have left.</summary>
    /// <param name="store">Where records are made durable.</param>
    /// <param name="start">What the store held at the start.</param>
    /// <param name="symbolsStep">Numbers of symbols' frames that a record reserves; at least 2.</param>
    /// <param name="bodiesStep">Numbers of bodies that a record reserves; at least 2.</param>
    public ContentDurability(IReplayStore store, ReplayStart start, ulong symbolsStep = SymbolsStep, ulong bodiesStep = BodiesStep)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(start);
        if (symbolsStep < 2 || bodiesStep < 2) ThrowHelper.BadArgument(nameof(symbolsStep), "a step has two halves");
        if (start is { KeepsSessions: true, Rule: not RelayedReplayRule.Ceilings }) ThrowHelper.BadArgument(nameof(start), "streams that come both ways are kept by ceilings");
        _store = store;
        _start = start;
        _symbolsStep = symbolsStep;
        _bodiesStep = bodiesStep;
        foreach (EpochRecord record in start.Epochs)
        {
            _epochs[record.Zone] = (record.EpochHigh, record.EpochHigh);
            _epochFences[record.Zone] = record.EpochHigh;
        }
    }

    /// <summary>The records of streams that a start has found.</summary>
    internal IReadOnlyList<ContentRecord> Restored => _start.Streams;

    /// <summary>Takes up epochs that have become durable; true if there were any.</summary>
    internal bool TakeEpochs()
    {
        bool any = false;
        while (_store.TryTake(out EpochRecord epoch))
        {
            (EpochId? durable, EpochId asked) = _epochs.GetValueOrDefault(epoch.Zone);
            _epochs[epoch.Zone] = (Max(durable ?? epoch.EpochHigh, epoch.EpochHigh), asked);
            any = true;
        }

        return any;
    }

    /// <summary>The next record of a stream that has become durable.</summary>
    internal bool TryTake(out ContentRecord record) => _store.TryTake(out record);

    /// <summary>Before the AEAD: relayed frames of epochs in which a process before this one may have opened them.</summary>
    /// <remarks>
    /// By the rule of ceilings, too, where an earlier process followed the other one. The clock counts only where the fence is the rule: it is
    /// there for a last record that was not yet durable when nothing of its epoch was opened, and never alone.
    /// </remarks>
    internal FcpStatus Check(ZoneIdHash zone, in ContentFrame frame)
    {
        if (frame.IsDirect) return FcpStatus.Accepted;
        if (_lifeFence is { } life && !IsBeyond(frame.Epoch, life)) return FcpStatus.ReplayFenced;
        if (_start.IsFirst) return FcpStatus.Accepted;
        bool hasRecord = _epochFences.TryGetValue(zone, out EpochId fence);
        if (_start.Rule == RelayedReplayRule.EpochFence)
        {
            fence = hasRecord ? Max(fence, _start.ClockEpoch) : _start.ClockEpoch;
            return IsBeyond(frame.Epoch, fence) ? FcpStatus.Accepted : FcpStatus.ReplayFenced;
        }

        return hasRecord && frame.Epoch.Value <= fence.Value ? FcpStatus.ReplayFenced : FcpStatus.Accepted;
    }

    /// <summary>After the AEAD: whether the number may count; asks for the record if it may not, and ahead of that.</summary>
    internal FcpStatus Admit(ContentStream stream, in ContentFrame frame, bool isBody)
    {
        if (stream.Durable.IsDirect || (frame.IsDirect && !_start.KeepsSessions)) return AdmitDirect(stream);
        if (!GoesByCeilings(frame.IsDirect)) return AdmitEpoch(stream.Id.Zone, frame.Epoch);
        ulong ceiling = isBody ? stream.Durable.BodiesCeiling : stream.Durable.SymbolsCeiling;
        ulong asked = isBody ? stream.Asked.BodiesCeiling : stream.Asked.SymbolsCeiling;
        ulong step = isBody ? _bodiesStep : _symbolsStep;
        ulong n = frame.Seq.Value;
        bool isCovered = n <= ceiling;
        bool isUnderWay = asked != ceiling; // then numbers that jump ahead wait, too: a member pays for one record with one flush, whatever it sends
        if (!isUnderWay && (!isCovered || ceiling - n < step / 2)) AskAhead(stream, n, isBody);
        return isCovered ? FcpStatus.Accepted : FcpStatus.ReplayNotDurable;
    }

    /// <summary>Whether a stream may count as one that its source itself brings; asks for the record if it may not.</summary>
    internal FcpStatus AdmitDirect(ContentStream stream)
    {
        if (stream.Durable.IsDirect) return FcpStatus.Accepted;
        if (!_start.KeepsSessions) return Ask(stream, stream.Asked with { IsDirect = true });
        if (!stream.IsAsked) AskAhead(stream, 0, isBody: false);
        return stream.Durable.SymbolsCeiling > 0 ? FcpStatus.Accepted : FcpStatus.ReplayNotDurable;
    }

    /// <summary>True if all of these numbers of symbols' frames may count and no record is to be asked for: the usual case, decided at once.</summary>
    internal bool AdmitsRun(ContentStream stream, FrameSeq first, int count, bool isDirect)
    {
        if (stream.Durable.IsDirect) return true;
        if (!GoesByCeilings(isDirect)) return false;
        ulong ceiling = stream.Durable.SymbolsCeiling;
        if (first.Value > ceiling || ceiling - first.Value < (ulong)count) return false;
        return stream.Asked.SymbolsCeiling > ceiling || ceiling - first.Value - (ulong)count >= _symbolsStep / 2;
    }

    /// <summary>What a twin or a later life may have opened lies up to this epoch; it is never lowered.</summary>
    internal void FenceRelayed(EpochId clockEpoch) => _lifeFence = Max(_lifeFence ?? clockEpoch, clockEpoch);

    /// <summary>Zone keys that left the ring need no records.</summary>
    internal void Forget(ZoneIdHash zone, ZoneKeyId zoneKeyId) => _store.Forget(zone, zoneKeyId);

    /// <summary>A session that outlives the process brings the same stream again: then its numbers have a ceiling as relayed ones do.</summary>
    private bool GoesByCeilings(bool isDirect) => isDirect ? _start.KeepsSessions : _start.Rule == RelayedReplayRule.Ceilings;

    /// <summary>One record reserves a step of both kinds: the first body of a stream opens the way for its symbols, too.</summary>
    private void AskAhead(ContentStream stream, ulong n, bool isBody)
    {
        ulong symbols = Math.Max(stream.Asked.SymbolsCeiling, isBody ? (stream.IsAsked ? 0 : _symbolsStep) : ReplayRules.Above(n, _symbolsStep));
        ulong bodies = Math.Max(stream.Asked.BodiesCeiling, isBody ? ReplayRules.Above(n, _bodiesStep) : (stream.IsAsked ? 0 : _bodiesStep));
        Ask(stream, stream.Asked with { SymbolsCeiling = symbols, BodiesCeiling = bodies });
    }

    private FcpStatus Ask(ContentStream stream, in ContentRecord record)
    {
        if (stream.IsAsked && stream.Asked == record) return FcpStatus.ReplayNotDurable; // under way
        if (!_store.TryPut(record)) return FcpStatus.ReplayNotDurable;
        stream.Asked = record;
        stream.IsAsked = true;
        return FcpStatus.ReplayNotDurable;
    }

    private FcpStatus AdmitEpoch(ZoneIdHash zone, EpochId epoch)
    {
        bool isKnown = _epochs.TryGetValue(zone, out (EpochId? Durable, EpochId Asked) high);
        if (high.Durable is { } durable && epoch.Value <= durable.Value) return FcpStatus.Accepted;
        bool isUnderWay = isKnown && high.Asked.Value >= epoch.Value;
        if (!isUnderWay && _store.TryPut(new EpochRecord(zone, epoch))) _epochs[zone] = (high.Durable, epoch);
        return FcpStatus.ReplayNotDurable;
    }

    private static bool IsBeyond(EpochId epoch, EpochId fence) => epoch.Value > fence.Value && epoch.Value - fence.Value > 1;

    private static EpochId Max(EpochId a, EpochId b) => a.Value >= b.Value ? a : b;
}
