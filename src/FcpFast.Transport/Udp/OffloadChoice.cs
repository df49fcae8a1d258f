namespace FcpFast.Transport.Udp;

/// <summary>Whether a port may use segmentation offload.</summary>
public enum OffloadChoice
{
    /// <summary>Where the system has it and a self-test shows that it works.</summary>
    Auto = 0,

    /// <summary>Never: one datagram a system call, by the portable path.</summary>
    Off,
}
