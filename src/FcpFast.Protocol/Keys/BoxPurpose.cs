namespace FcpFast.Protocol.Keys;

/// <summary>What a sealed box holds.</summary>
/// <remarks>Source: [WIRE §10].</remarks>
public enum BoxPurpose : byte
{
    /// <summary>Not chosen; never usable.</summary>
    Unset = 0,

    /// <summary><c>FCP2-ZONE-KEY</c></summary>
    ZoneKey,

    /// <summary><c>FCP2-OBJECTID-KEY</c></summary>
    ObjectIdKey,

    /// <summary><c>FCP2-OWNER-SHARE</c></summary>
    OwnerShare,

    /// <summary><c>FCP2-SECRET-SHARE</c></summary>
    SecretShare,
}
