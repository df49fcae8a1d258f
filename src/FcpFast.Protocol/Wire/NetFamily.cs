namespace FcpFast.Protocol.Wire;

/// <summary>Which kind of network address.</summary>
public enum NetFamily : byte
{
    /// <summary>No address.</summary>
    None = 0,

    /// <summary>Four bytes.</summary>
    IPv4 = 4,

    /// <summary>Sixteen bytes and a scope.</summary>
    IPv6 = 6,
}
