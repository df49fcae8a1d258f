using System.Collections.Immutable;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Control.Manifests;

/// <summary>What the history says to an offered manifest.</summary>
/// <param name="Status"><c>Accepted</c> if it may follow or is known, else the refusal.</param>
/// <param name="IsKnown">True if it was accepted before: nothing changes.</param>
/// <param name="After">The history after the verdict, the offered manifest not yet appended; the very same value if nothing changed.</param>
/// <param name="Evidence">What became evidence with this verdict.</param>
public readonly record struct HistoryVerdict(FcpStatus Status, bool IsKnown, ManifestHistory After, ImmutableArray<ManifestRecord> Evidence);
