using System;
using System.Linq;
using System.Runtime.ExceptionServices;
using System.Threading;

namespace FcpFast.Allocation.Tests;

/// <summary>Counts what a step allocates, on a thread of its own.</summary>
/// <remarks>
/// A warm-up lets types load, caches fill and the compiler replace its first code; the first window is dropped, because that may still go on.
/// Six more follow. Two of them in a row must read 0: a single 0 could be chance, and asking for six would fail on what the runtime does beside us.
/// Source: [STYLE 7].
/// </remarks>
internal static class AllocationProbe
{
    private const int WarmUpWindows = 3;
    private const int Windows = 6;

    /// <summary>Bytes allocated in each of the six windows that count.</summary>
    public static long[] Measure(AllocationCase subject)
    {
        long[] counted = new long[Windows];
        ExceptionDispatchInfo? fault = null;
        var thread = new Thread(() =>
        {
            try
            {
                Action step = subject.Prepare();
                for (int i = 0; i < WarmUpWindows + 1; i++) Window(step, subject.Steps); // the last of them is the dropped one
                for (int i = 0; i < counted.Length; i++) counted[i] = Window(step, subject.Steps);
            }
            catch (Exception e)
            {
                fault = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        fault?.Throw();
        Console.WriteLine($"   {subject.Name}: {string.Join(' ', counted)} bytes in windows of {subject.Steps}");
        return counted;
    }

    /// <summary>True if two windows in a row read 0.</summary>
    public static bool IsQuiet(long[] windows) => windows.Zip(windows.Skip(1)).Any(static pair => pair is (0, 0));

    private static long Window(Action step, int steps)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < steps; i++) step();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
