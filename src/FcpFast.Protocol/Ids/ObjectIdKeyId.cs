namespace FcpFast.Protocol.Ids;

/// <summary>An object-id key, named at random by its issuer.</summary>
/// <param name="Value">The bytes as they stand on the wire.</param>
/// <remarks>Source: [WIRE §2.6].</remarks>
public readonly record struct ObjectIdKeyId(Bytes8 Value)
{
    /// <summary>Its length on the wire.</summary>
    public const int Length = Bytes8.Length;

    /// <summary>Lowercase hex.</summary>
    public override string ToString() => Value.ToString();
}
