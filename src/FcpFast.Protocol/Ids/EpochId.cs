namespace FcpFast.Protocol.Ids;

/// <summary>A key epoch: Unix time over 300 s, or the MLS epoch.</summary>
/// <param name="Value">The number.</param>
/// <remarks>Source: [WIRE §13.1].</remarks>
public readonly record struct EpochId(ulong Value)
{
    /// <summary>The number in decimal.</summary>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
