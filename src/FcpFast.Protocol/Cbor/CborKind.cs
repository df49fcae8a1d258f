namespace FcpFast.Protocol.Cbor;

/// <summary>The item types that FCP objects need.</summary>
/// <remarks>Source: [WIRE §3].</remarks>
public enum CborKind : byte
{
    /// <summary>Nothing there.</summary>
    None = 0,

    /// <summary>An unsigned integer.</summary>
    Unsigned,

    /// <summary>A negative integer.</summary>
    Negative,

    /// <summary>A byte string.</summary>
    Bytes,

    /// <summary>UTF-8 text.</summary>
    Text,

    /// <summary>An array.</summary>
    Array,

    /// <summary>A map with text keys.</summary>
    Map,

    /// <summary>False or true.</summary>
    Boolean,

    /// <summary>Null.</summary>
    Null,
}
