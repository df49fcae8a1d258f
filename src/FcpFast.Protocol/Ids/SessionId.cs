namespace FcpFast.Protocol.Ids;

/// <summary>A session, drawn at random by its responder.</summary>
/// <param name="Value">The bytes as they stand on the wire.</param>
/// <remarks>Source: [WIRE §7.6].</remarks>
public readonly record struct SessionId(Bytes16 Value)
{
    /// <summary>Its length on the wire.</summary>
    public const int Length = Bytes16.Length;

    /// <summary>Lowercase hex.</summary>
    public override string ToString() => Value.ToString();
}
