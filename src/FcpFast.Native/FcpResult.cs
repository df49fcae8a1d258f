namespace FcpFast.Native;

/// <summary>What an export returns; the values are those of <c>fcpfast.h</c> and never change.</summary>
internal enum FcpResult
{
    /// <summary>Done.</summary>
    Ok = 0,

    /// <summary>A null, a length or a text that cannot be meant.</summary>
    InvalidArgument = 1,

    /// <summary>A handle that was never given out or was released.</summary>
    BadHandle = 2,

    /// <summary>It could not be done; the last error says why.</summary>
    NotDone = 3,

    /// <summary>It has not happened yet.</summary>
    Timeout = 4,

    /// <summary>The receiver has refused it.</summary>
    Refused = 5,

    /// <summary>The memory given is too small; what is needed was written.</summary>
    TooSmall = 6,

    /// <summary>The endpoint was closed.</summary>
    Closed = 7,

    /// <summary>At least one message did not verify.</summary>
    NotAuthentic = 8,
}
