using System;
using System.Collections.Immutable;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Keys;

/// <summary>All of a key ring at one moment, with copies of its keys: what is stored, and what one thread hands to another.</summary>
/// <remarks>
/// Shape:   owns its copies until <see cref="ZoneKeyRing.Adopt"/> takes them; disposing erases them.
/// Threads: one user at a time.
/// Source:  [WIRE §12.1].
/// </remarks>
public sealed record ZoneKeyRingImage : IDisposable
{
    /// <summary>The zone.</summary>
    public required ZoneId Zone { get; init; }

    /// <summary>The zone keys, oldest first.</summary>
    public ImmutableArray<ZoneKeyImage> ZoneKeys { get; init; } = [];

    /// <summary>The object-id keys; the last is that of new ids.</summary>
    public ImmutableArray<ObjectIdKeyImage> ObjectIdKeys { get; init; } = [];

    /// <summary>The zone key that seals; null if none does.</summary>
    public ZoneKeyId? Active { get; init; }

    /// <summary>False while the manifest in force brought no key.</summary>
    public bool MaySeal { get; init; } = true;

    /// <summary>Past epochs accepted.</summary>
    public uint RetainEpochs { get; init; } = EpochSchedule.RetainEpochsDefault;

    /// <summary>The highest epoch that the clock has shown.</summary>
    public EpochId HighEpoch { get; init; }

    /// <summary>Erases the copies.</summary>
    public void Dispose()
    {
        foreach (ZoneKeyImage key in ZoneKeys) key.Dispose();
        foreach (ObjectIdKeyImage key in ObjectIdKeys) key.Dispose();
    }
}
