using System.Collections.Generic;
using System.Linq;
using FcpFast.Control.Manifests;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Tests.Manifests;

/// <summary>[WIRE §12.2] read sentence by sentence, with one list and no care for cost.</summary>
internal sealed class HistoryOracle
{
    private readonly List<Entry> _kept = [];
    private readonly HashSet<Bytes32> _named = [];
    private bool _contradictionIsOpen;

    /// <summary>The highest accepted manifest that is no evidence.</summary>
    public ManifestRecord? Current =>
        _kept.Where(static entry => !entry.IsEvidence).Select(static entry => entry.Record).MaxBy(static record => record.Order);

    public bool IsEvidence(ManifestRecord record) =>
        _named.Contains(record.Digest.Value) || _kept.Any(entry => entry.IsEvidence && entry.Record.Digest == record.Digest);

    public FcpStatus Offer(ManifestRecord offered, Bytes32[] evidenceNamed)
    {
        if (IsEvidence(offered)) return FcpStatus.ManifestEquivocation; // "neither is used from now on"
        if (_kept.Any(entry => entry.Record.Digest == offered.Digest)) return FcpStatus.Accepted; // "same digest as one kept: accepted, no change"

        // "They then count as evidence also at a node that saw only one of them or none: cur goes back first, then the manifest is judged."
        foreach (Bytes32 digest in evidenceNamed)
        {
            Entry? kept = _kept.Find(entry => entry.Record.Digest.Value == digest);
            if (kept is null) _named.Add(digest);
            else if (!kept.IsEvidence) kept.IsEvidence = _contradictionIsOpen = true;
        }

        // "Two different digests in one slot: ManifestEquivocation; both are stored as evidence and neither is used from now on"
        List<Entry> rivals = _kept.Where(entry => !entry.IsEvidence && AreOneSlot(entry.Record, offered)).ToList();
        if (rivals.Count > 0)
        {
            foreach (Entry rival in rivals) rival.IsEvidence = true;
            _kept.Add(new Entry(offered) { IsEvidence = true });
            _contradictionIsOpen = true;
            return FcpStatus.ManifestEquivocation;
        }

        FcpStatus status = JudgeOrder(offered);
        if (status != FcpStatus.Accepted) return status;
        _kept.Add(new Entry(offered));
        _contradictionIsOpen = false;
        return FcpStatus.Accepted;
    }

    private FcpStatus JudgeOrder(ManifestRecord offered)
    {
        // "From then on a manifest is accepted only if its order is above both (else ManifestRollback)"
        if (_kept.Any(entry => entry.IsEvidence && offered.Order.CompareTo(entry.Record.Order) <= 0)) return FcpStatus.ManifestRollback;
        if (Current is not { } current) return FcpStatus.Accepted; // "The first manifest of a zone at a node is accepted with any prev."
        if (offered.Order.CompareTo(current.Order) < 0) return FcpStatus.ManifestRollback;
        if (offered.PreviousZoneKeyId == current.ZoneKeyId) return FcpStatus.Accepted;
        bool isRewrap = offered.ZoneKeyId == current.ZoneKeyId && offered.PreviousZoneKeyId == current.PreviousZoneKeyId;
        return isRewrap && !_contradictionIsOpen ? FcpStatus.Accepted : FcpStatus.ManifestGap;
    }

    private static bool AreOneSlot(ManifestRecord left, ManifestRecord right)
    {
        if (left.Order == right.Order) return true; // "of one slot if their orders are equal"
        if (left.PreviousZoneKeyId is not { } leftPrevious || right.PreviousZoneKeyId is not { } rightPrevious) return false;
        bool areRotations = left.ZoneKeyId != leftPrevious && right.ZoneKeyId != rightPrevious;
        return areRotations && leftPrevious == rightPrevious && left.ZoneKeyId != right.ZoneKeyId;
    }

    private sealed class Entry(ManifestRecord record)
    {
        public ManifestRecord Record { get; } = record;

        public bool IsEvidence { get; set; }
    }
}
