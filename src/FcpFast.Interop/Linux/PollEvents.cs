using System;

namespace FcpFast.Interop.Linux;

/// <summary>Why a wait ended.</summary>
[Flags]
public enum PollEvents
{
    /// <summary>The time is over.</summary>
    None = 0,

    /// <summary>There is something to receive, or an error to fetch by receiving.</summary>
    Readable = 1,

    /// <summary>There is room to send.</summary>
    Writable = 2,

    /// <summary>Somebody called <see cref="Poller.Wake"/>.</summary>
    Woken = 4,
}
