using System;

namespace FcpFast.Control.Manifests;

/// <summary>A manifest's place in its zone's history.</summary>
/// <param name="ValidFromUnixSeconds">Compared first.</param>
/// <param name="CreatedAtUnixSeconds">Of the header; compared next.</param>
/// <remarks>Source: [WIRE §12.2].</remarks>
public readonly record struct ManifestOrder(ulong ValidFromUnixSeconds, ulong CreatedAtUnixSeconds) : IComparable<ManifestOrder>
{
    /// <inheritdoc/>
    public int CompareTo(ManifestOrder other) => ValidFromUnixSeconds != other.ValidFromUnixSeconds
        ? ValidFromUnixSeconds.CompareTo(other.ValidFromUnixSeconds)
        : CreatedAtUnixSeconds.CompareTo(other.CreatedAtUnixSeconds);

    /// <summary>True if the left comes before the right.</summary>
    public static bool operator <(ManifestOrder left, ManifestOrder right) => left.CompareTo(right) < 0;

    /// <summary>True if the left comes after the right.</summary>
    public static bool operator >(ManifestOrder left, ManifestOrder right) => left.CompareTo(right) > 0;

    /// <summary>True unless the left comes after the right.</summary>
    public static bool operator <=(ManifestOrder left, ManifestOrder right) => left.CompareTo(right) <= 0;

    /// <summary>True unless the left comes before the right.</summary>
    public static bool operator >=(ManifestOrder left, ManifestOrder right) => left.CompareTo(right) >= 0;
}
