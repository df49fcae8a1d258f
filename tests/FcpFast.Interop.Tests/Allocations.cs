using System;

namespace FcpFast.Interop.Tests;

/// <summary>The allocation rule of the house: warm up, then two consecutive windows must read 0.</summary>
/// <remarks>
/// Six windows are enough in an executable of its own. These tests run beside others, whose collections retire this thread's allocation buffer and
/// let the rest of it count as allocated; more windows only give quiet code more chances, since code that allocates never reads 0.
/// </remarks>
internal static class Allocations
{
    private const int Windows = 40;

    /// <summary>Runs the step in windows of <paramref name="stepsPerWindow"/>; the first is dropped.</summary>
    public static void RequireNone(int stepsPerWindow, Action step)
    {
        var read = new long[1 + Windows];
        for (int window = 0; window < read.Length; window++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < stepsPerWindow; i++) step();
            read[window] = GC.GetAllocatedBytesForCurrentThread() - before;
            if (window >= 2 && read[window] == 0 && read[window - 1] == 0) return;
        }

        Assert.Fail($"bytes allocated in each window of {stepsPerWindow}: {string.Join(", ", read)}");
    }
}
