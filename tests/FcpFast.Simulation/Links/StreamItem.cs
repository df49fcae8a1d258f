namespace FcpFast.Simulation.Links;

/// <summary>What travels on a connection.</summary>
internal enum StreamItem
{
    /// <summary>Nothing: the packet is a datagram.</summary>
    None = 0,

    /// <summary>A handshake message.</summary>
    Handshake,

    /// <summary>A control frame.</summary>
    Control,

    /// <summary>The end.</summary>
    Close,
}
