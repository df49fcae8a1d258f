using System;
using System.Globalization;

namespace FcpFast.Host;

/// <summary>Judges from one look to the next whether this process may have a twin: a fork, a restored snapshot, a cloned machine.</summary>
/// <remarks>
/// Shape:   a process or machine that is not the one before; a wall clock that moved by more than <see cref="JumpMax"/> otherwise than the boot
///          clock between two looks. Looks follow one another quickly, so that a slewed clock adds up to nothing. A clock that was set by hand
///          looks the same as a restored snapshot: then sessions are made anew for nothing.
/// Threads: one user at a time.
/// Source:  [REPLAY §5.4]. Between the copy and the next look nothing can be promised.
/// </remarks>
internal sealed class HostWatch
{
    /// <summary>How far the two clocks may part between two looks.</summary>
    public static readonly TimeSpan JumpMax = TimeSpan.FromSeconds(5);

    private readonly Func<HostSigns> _look;
    private HostSigns _last;

    public HostWatch(Func<HostSigns> look)
    {
        _look = look;
        _last = look();
    }

    /// <summary>The signs as they were seen last.</summary>
    public HostSigns Last => _last;

    /// <summary>Looks again; in words what tells of a twin, or null.</summary>
    public string? Look()
    {
        HostSigns before = _last, now = _look();
        _last = now;
        if (now.Process != before.Process) return $"the process is {Name(now.Process)} and was {Name(before.Process)}: it was forked or restored";
        if (now.Generation != before.Generation) return $"the host's generation is {Name(now.Generation)} and was {Name(before.Generation)}";
        if (now.BootId != before.BootId) return "the machine's boot id changed under a running process";
        TimeSpan apart = (now.Wall - before.Wall) - (now.SinceBoot - before.SinceBoot);
        return apart.Duration() > JumpMax
            ? string.Create(CultureInfo.InvariantCulture, $"the wall clock moved by {apart.TotalSeconds:F1} s against the boot clock: a restored snapshot, or a clock that was set")
            : null;
    }

    private static string Name(string sign) => sign.Length == 0 ? "unknown" : sign;
}
