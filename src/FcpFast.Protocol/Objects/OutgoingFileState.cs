namespace FcpFast.Protocol.Objects;

/// <summary>The life of a file at its sender.</summary>
public enum OutgoingFileState
{
    /// <summary>Announced or being sent.</summary>
    Sending = 0,

    /// <summary>The receiver has reported every segment.</summary>
    Completed,

    /// <summary>The receiver refused it, or it could not be read.</summary>
    Failed,

    /// <summary>Given up by the sender.</summary>
    Canceled,
}
