namespace FcpFast.Transport.Streams;

/// <summary>What happened on a connection.</summary>
public enum StreamEventKind
{
    /// <summary>No decision was taken: a defect if it is ever seen.</summary>
    Undecided = 0,

    /// <summary>It was accepted or made.</summary>
    Opened,

    /// <summary>A message came.</summary>
    Message,

    /// <summary>It ended.</summary>
    Closed,
}
