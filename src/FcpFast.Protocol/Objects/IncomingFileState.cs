namespace FcpFast.Protocol.Objects;

/// <summary>The life of a file at its receiver.</summary>
public enum IncomingFileState
{
    /// <summary>The store has been asked to open it.</summary>
    Opening = 0,

    /// <summary>Segments are taken.</summary>
    Receiving,

    /// <summary>Everything is written; the store makes it durable and names it.</summary>
    Finishing,

    /// <summary>Done.</summary>
    Finished,

    /// <summary>The store refused or failed.</summary>
    Failed,
}
