using System;

namespace FcpFast.Transport.Udp;

/// <summary>Why a wait ended.</summary>
[Flags]
public enum PortEvents
{
    /// <summary>The time is over.</summary>
    None = 0,

    /// <summary>There may be something to receive.</summary>
    Readable = 1,

    /// <summary>There is room to send.</summary>
    Writable = 2,

    /// <summary>Somebody called <see cref="UdpPort.Wake"/>.</summary>
    Woken = 4,
}
