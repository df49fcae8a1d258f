using System;

namespace FcpFast.Protocol.Tests.Objects;

/// <summary>Counts what a piece of code allocates on this thread once it is warm.</summary>
/// <remarks>
/// These tests run beside others. A collection that another thread causes retires this thread's allocation buffer, and the rest of the buffer then
/// counts as allocated; so a reading means something only if it is 0, which code that allocates never gives. Two in a row are asked for.
/// </remarks>
internal static class Allocations
{
    private const int WarmUpRuns = 50;
    private const int Runs = 200;
    private const int WindowsMax = 40;

    /// <summary>0 if two windows of <see cref="Runs"/> runs in a row allocated nothing; else the bytes of the last window that did.</summary>
    public static long Of(Action action)
    {
        for (int i = 0; i < WarmUpRuns; i++) action();
        long lastBytes = 0;
        for (int window = 0, quiet = 0; window < WindowsMax && quiet < 2; window++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Runs; i++) action();
            long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            quiet = bytes == 0 ? quiet + 1 : 0;
            lastBytes = quiet == 2 ? 0 : Math.Max(bytes, lastBytes);
        }

        return lastBytes;
    }
}
