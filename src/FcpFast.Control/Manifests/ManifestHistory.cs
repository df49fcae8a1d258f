using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Manifests;

/// <summary>The manifests of one zone at one node: which were accepted, which contradict each other, and what may follow.</summary>
/// <remarks>
/// Shape:   an immutable value. <see cref="Accepted"/> ascends by order; a manifest that became evidence leaves it, and what stands last is
///          current. So "going back" is no step of its own.
/// Errors:  <c>ManifestRollback</c>, <c>ManifestEquivocation</c>, <c>ManifestGap</c>.
/// Threads: pure functions.
/// Cost:    a scan of the history for each manifest.
/// Source:  [WIRE §12.2].
/// </remarks>
public sealed record ManifestHistory
{
    /// <summary>Manifests kept; beyond, the oldest is forgotten, and offered again it is a rollback.</summary>
    public const int AcceptedMax = 4096;

    /// <summary>Contradicting manifests kept; at the bound the zone accepts nothing any more, and has to be made anew.</summary>
    public const int EvidenceMax = 4096;

    /// <summary>Digests that the owner named without this node having seen the manifests; a manifest that names more is refused.</summary>
    public const int NamedMax = 65_536;

    /// <summary>A zone without a manifest.</summary>
    public static ManifestHistory Empty { get; } = new();

    /// <summary>The accepted ones that nothing contradicts, oldest first.</summary>
    public ImmutableArray<ManifestRecord> Accepted { get; init; } = [];

    /// <summary>Contradicting ones, accepted before or never; none is used, and none is compared with any more.</summary>
    public ImmutableArray<ManifestRecord> Evidence { get; init; } = [];

    /// <summary>Digests (of the whole or of what was signed) that the owner named as evidence and that never came here.</summary>
    public ImmutableHashSet<Bytes32> Named { get; init; } = [];

    /// <summary>The highest place of any evidence; whatever follows must be above it.</summary>
    public ManifestOrder? Floor { get; init; }

    /// <summary>True from a contradiction until the next manifest is accepted: that one must follow the current key directly.</summary>
    public bool AwaitsHealing { get; init; }

    /// <summary>The manifest in force; null before the first, and after going back behind it.</summary>
    public ManifestRecord? Current => Accepted.IsEmpty ? null : Accepted[^1];

    private bool IsBroken => Evidence.Length >= EvidenceMax;

    /// <summary>Judges a verified manifest.</summary>
    /// <param name="offered">It.</param>
    /// <param name="named">The digests that its header names as evidence; they count before it is judged.</param>
    public HistoryVerdict Judge(ManifestRecord offered, IReadOnlyList<Bytes32> named)
    {
        ArgumentNullException.ThrowIfNull(offered);
        ArgumentNullException.ThrowIfNull(named);
        if (IsBroken || IsEvidence(offered)) return new HistoryVerdict(FcpStatus.ManifestEquivocation, false, this, []);
        foreach (ManifestRecord kept in Accepted)
        {
            if (kept.Content == offered.Content) return new HistoryVerdict(FcpStatus.Accepted, true, this, []);
        }

        ManifestHistory healed = NameEvidence(named, out ImmutableArray<ManifestRecord> contradicted);
        if (healed.Named.Count > NamedMax) return new HistoryVerdict(FcpStatus.ManifestEquivocation, false, this, []);
        ImmutableArray<ManifestRecord> rivals = healed.Accepted.RemoveAll(kept => !kept.SharesSlotWith(offered));
        if (rivals.IsEmpty) return new HistoryVerdict(healed.JudgeOrder(offered), false, healed, contradicted);
        rivals = rivals.Add(offered);
        return new HistoryVerdict(FcpStatus.ManifestEquivocation, false, healed.WithEvidence(rivals), contradicted.AddRange(rivals));
    }

    /// <summary>The history after a manifest that <see cref="Judge"/> let follow.</summary>
    public ManifestHistory Append(ManifestRecord accepted)
    {
        ImmutableArray<ManifestRecord> kept = Accepted.Length < AcceptedMax ? Accepted : Accepted.RemoveAt(0);
        return this with { Accepted = kept.Add(accepted), AwaitsHealing = false };
    }

    private FcpStatus JudgeOrder(ManifestRecord offered)
    {
        if (offered.Order <= Floor) return FcpStatus.ManifestRollback;
        if (Current is not { } current) return FcpStatus.Accepted; // the first one, or the first after everything was contradicted
        if (offered.Order < current.Order) return FcpStatus.ManifestRollback;
        bool follows = offered.PreviousZoneKeyId == current.ZoneKeyId;
        bool rewraps = offered.ZoneKeyId == current.ZoneKeyId && offered.PreviousZoneKeyId == current.PreviousZoneKeyId;
        return follows || (rewraps && !AwaitsHealing) ? FcpStatus.Accepted : FcpStatus.ManifestGap;
    }

    private bool IsEvidence(ManifestRecord offered)
    {
        if (Named.Contains(offered.Digest.Value) || Named.Contains(offered.Content.Value)) return true;
        foreach (ManifestRecord evidence in Evidence)
        {
            if (evidence.Content == offered.Content) return true;
        }

        return false;
    }

    /// <summary>Counts what the owner names as evidence: kept manifests leave the accepted ones, others are remembered by digest.</summary>
    private ManifestHistory NameEvidence(IReadOnlyList<Bytes32> named, out ImmutableArray<ManifestRecord> contradicted)
    {
        contradicted = [];
        if (named.Count == 0) return this;
        var digests = new HashSet<Bytes32>(named);
        foreach (ManifestRecord evidence in Evidence)
        {
            digests.Remove(evidence.Digest.Value);
            digests.Remove(evidence.Content.Value);
        }

        contradicted = Accepted.RemoveAll(kept => !digests.Contains(kept.Digest.Value) && !digests.Contains(kept.Content.Value));
        foreach (ManifestRecord kept in contradicted)
        {
            digests.Remove(kept.Digest.Value);
            digests.Remove(kept.Content.Value);
        }

        ManifestHistory after = contradicted.IsEmpty ? this : WithEvidence(contradicted);
        return digests.IsSubsetOf(after.Named) ? after : after with { Named = after.Named.Union(digests) };
    }

    private ManifestHistory WithEvidence(ImmutableArray<ManifestRecord> contradicted)
    {
        ManifestOrder? floor = Floor;
        foreach (ManifestRecord record in contradicted)
        {
            if (floor is not { } highest || record.Order > highest) floor = record.Order;
        }

        ImmutableArray<ManifestRecord> evidence = Evidence.AddRange(contradicted);
        return this with
        {
            Accepted = evidence.Length >= EvidenceMax ? [] : Accepted.RemoveAll(contradicted.Contains),
            Evidence = evidence,
            Floor = floor,
            AwaitsHealing = true,
        };
    }
}
