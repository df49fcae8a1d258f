using System.Globalization;

namespace FcpFast.Mls;

/// <summary>A status, and the leaf that gave the reason where one did.</summary>
/// <param name="Status">The name.</param>
/// <param name="Leaf">The offending leaf's index; null where no leaf is to blame.</param>
/// <remarks>Errors: the default value is never success.</remarks>
public readonly record struct MlsVerdict(MlsStatus Status, uint? Leaf = null)
{
    /// <summary>Accepted.</summary>
    public static MlsVerdict Accepted => new(MlsStatus.Accepted);

    /// <summary>True if everything passed.</summary>
    public bool IsAccepted => Status == MlsStatus.Accepted;

    /// <summary>The status alone, no leaf to blame.</summary>
    public static MlsVerdict Of(MlsStatus status) => new(status);

    /// <inheritdoc/>
    public override string ToString() => Leaf is { } leaf ? string.Create(CultureInfo.InvariantCulture, $"{Status} at leaf {leaf}") : Status.ToString();
}
