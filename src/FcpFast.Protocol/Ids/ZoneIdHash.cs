namespace FcpFast.Protocol.Ids;

/// <summary>The hash of a zone id, as frames carry it.</summary>
/// <param name="Value">The bytes as they stand on the wire.</param>
/// <remarks>Source: [WIRE §2.3].</remarks>
public readonly record struct ZoneIdHash(Bytes32 Value)
{
    /// <summary>Its length on the wire.</summary>
    public const int Length = Bytes32.Length;

    /// <summary>Lowercase hex.</summary>
    public override string ToString() => Value.ToString();
}
