namespace FcpFast.Protocol.Ids;

/// <summary>One value drawn by a sender for one sealing stream.</summary>
/// <param name="Value">The number.</param>
/// <remarks>Source: [REPLAY §1].</remarks>
public readonly record struct SenderInstanceId(ulong Value)
{
    /// <summary>The number in decimal.</summary>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
