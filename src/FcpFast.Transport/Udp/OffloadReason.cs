namespace FcpFast.Transport.Udp;

/// <summary>Why offload is on or off.</summary>
public enum OffloadReason
{
    /// <summary>No decision was taken: a defect if it is ever seen.</summary>
    Undecided = 0,

    /// <summary>On: the system has it and the self-test passed.</summary>
    Works,

    /// <summary>Off by configuration.</summary>
    ConfiguredOff,

    /// <summary>Off: the system lacks it or it does not work; the explanation tells what was found.</summary>
    Unavailable,

    /// <summary>Sending was on and the device or path refused it; receiving still coalesces.</summary>
    RefusedAtRunTime,
}
