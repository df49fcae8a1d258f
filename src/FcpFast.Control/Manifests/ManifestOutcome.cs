using System;
using System.Collections.Immutable;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Control.Manifests;

/// <summary>The result of judging a manifest: a name, a new state, perhaps keys and evidence.</summary>
/// <remarks>
/// Shape:   owns <see cref="Keys"/> until <see cref="TakeKeys"/>; disposing erases what nobody took.
/// Threads: one user at a time.
/// </remarks>
public sealed class ManifestOutcome : IDisposable
{
    private ZoneSecrets? _keys;

    internal ManifestOutcome(ManifestOutcomeKind kind, FcpStatus status, ZoneState state, ZoneSecrets? keys = null)
    {
        Kind = kind;
        Status = status;
        State = state;
        _keys = keys;
    }

    /// <summary>What became of it.</summary>
    public ManifestOutcomeKind Kind { get; }

    /// <summary><c>Accepted</c> if it is activated or was known; else the first check that failed, also for a link.</summary>
    public FcpStatus Status { get; }

    /// <summary>What the history says by itself (M8); <c>Undecided</c> if it was not asked.</summary>
    /// <remarks><c>ManifestGap</c> here asks for what is missing, whatever failed before.</remarks>
    public FcpStatus HistoryStatus { get; private init; }

    /// <summary>The state after; the very same value if nothing changed.</summary>
    public ZoneState State { get; }

    /// <summary>The manifest, once its signature has verified; else null. Not kept with its boxes in ratcheting zones. [WIRE §13.3]</summary>
    public ZoneKeyManifest? Manifest { get; private init; }

    /// <summary>Manifests that became evidence now: raise an alarm and keep what was offered, if it is among them.</summary>
    public ImmutableArray<ManifestRecord> Evidence { get; private init; } = [];

    /// <summary>True if the manifest's keys were opened and not taken yet.</summary>
    public bool HasKeys => _keys is not null;

    /// <summary>The opened keys, owned here; null if there are none.</summary>
    public ZoneSecrets? Keys => _keys;

    /// <summary>Hands the opened keys over to the caller.</summary>
    public ZoneSecrets? TakeKeys()
    {
        ZoneSecrets? keys = _keys;
        _keys = null;
        return keys;
    }

    /// <summary>The same outcome with what was found on the way; takes over the keys.</summary>
    internal ManifestOutcome With(ZoneKeyManifest manifest, HistoryVerdict verdict) => new(Kind, Status, State, TakeKeys())
    {
        HistoryStatus = verdict.Status,
        Manifest = manifest,
        Evidence = verdict.Evidence,
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        _keys?.Dispose();
        _keys = null;
    }
}
