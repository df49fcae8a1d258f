namespace FcpFast.Protocol.Ids;

/// <summary>The hash of a schema id, the prefix of every schema-prefixed payload.</summary>
/// <param name="Value">The bytes as they stand on the wire.</param>
/// <remarks>Source: [WIRE §2.4].</remarks>
public readonly record struct SchemaHash(Bytes32 Value)
{
    /// <summary>Its length on the wire.</summary>
    public const int Length = Bytes32.Length;

    /// <summary>Lowercase hex.</summary>
    public override string ToString() => Value.ToString();
}
