namespace FcpFast.Protocol.Ids;

/// <summary>BLAKE3 of the whole canonical CBOR of a manifest or security profile.</summary>
/// <param name="Value">The bytes as they stand on the wire.</param>
/// <remarks>Source: [WIRE §12.2].</remarks>
public readonly record struct ManifestDigest(Bytes32 Value)
{
    /// <summary>Its length on the wire.</summary>
    public const int Length = Bytes32.Length;

    /// <summary>Lowercase hex.</summary>
    public override string ToString() => Value.ToString();
}
