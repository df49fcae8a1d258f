using System;
using System.Diagnostics;
using System.Runtime;

namespace FcpFast.Tool.Bench.Runs;

/// <summary>Tells whether the just-in-time compiler still replaces the code that is being warmed up.</summary>
/// <remarks>
/// Shape:   the runtime compiles hot methods anew in the background, 100 ms after the last first call of any; where nothing was compiled for
///          <see cref="Quiet"/> of wall clock, the code is what it will be. Always quiet where the program was compiled ahead of time.
/// Threads: one.
/// </remarks>
internal sealed class JitWatch
{
    /// <summary>How long nothing must have been compiled.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(400);

    private long _methods = JitInfo.GetCompiledMethodCount();
    private long _since = Stopwatch.GetTimestamp();

    /// <summary>True if nothing was compiled for long enough; to be asked again and again while the code runs.</summary>
    public bool IsQuiet()
    {
        long methods = JitInfo.GetCompiledMethodCount();
        if (methods == _methods) return methods == 0 || Stopwatch.GetElapsedTime(_since) >= Quiet;
        _methods = methods;
        _since = Stopwatch.GetTimestamp();
        return false;
    }
}
