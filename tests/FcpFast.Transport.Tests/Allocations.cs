using System;

namespace FcpFast.Transport.Tests;

/// <summary>The allocation rule of the house: warm up, then two consecutive windows of six must read 0.</summary>
internal static class Allocations
{
    private const int Windows = 6;

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
