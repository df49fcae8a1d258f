namespace FcpFast.Transport.Udp;

/// <summary>What a port counts.</summary>
public enum UdpCount
{
    /// <summary>Datagrams that the system took for sending.</summary>
    DatagramsSent,

    /// <summary>Their bytes.</summary>
    BytesSent,

    /// <summary>System calls that sent something.</summary>
    SendCalls,

    /// <summary>Sends that ended for want of room.</summary>
    SendsBlocked,

    /// <summary>Sends that ended for any other reason.</summary>
    SendsFailed,

    /// <summary>Runs that the path refused at once and that were sent one by one instead.</summary>
    OffloadRefusals,

    /// <summary>Datagrams received, without those dropped below.</summary>
    DatagramsReceived,

    /// <summary>Their bytes.</summary>
    BytesReceived,

    /// <summary>Slabs handed out.</summary>
    SlabsReceived,

    /// <summary>Dropped: longer than a slab.</summary>
    Truncated,

    /// <summary>Dropped: no payload, or no usable sender.</summary>
    Empty,

    /// <summary>Receives that ended with an error, answers of "port unreachable" included.</summary>
    ReceiveErrors,

    /// <summary>Receives that found no free slab: the holder of the slabs is too slow.</summary>
    SlabsMissing,
}
