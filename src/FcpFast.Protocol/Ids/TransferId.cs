namespace FcpFast.Protocol.Ids;

/// <summary>One file of one source, the same when it is sent again.</summary>
/// <param name="Value">The bytes as they stand on the wire.</param>
/// <remarks>Source: [WIRE §16.9].</remarks>
public readonly record struct TransferId(Bytes16 Value)
{
    /// <summary>Its length on the wire.</summary>
    public const int Length = Bytes16.Length;

    /// <summary>Lowercase hex.</summary>
    public override string ToString() => Value.ToString();
}
