namespace FcpFast.Protocol.Ids;

/// <summary>The sequence number of a frame in its stream, counted from 1.</summary>
/// <param name="Value">The number.</param>
/// <remarks>Source: [REPLAY §1].</remarks>
public readonly record struct FrameSeq(ulong Value)
{
    /// <summary>The number in decimal.</summary>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
