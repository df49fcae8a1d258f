namespace FcpFast.Protocol.Keys;

/// <summary>What a sender's subkey seals.</summary>
public enum SubkeyPurpose : byte
{
    /// <summary>Symbols of the data plane. [WIRE §5]</summary>
    Symbols = 0,

    /// <summary>Zone-sealed bodies. [WIRE §16.8]</summary>
    Bodies = 1,
}
