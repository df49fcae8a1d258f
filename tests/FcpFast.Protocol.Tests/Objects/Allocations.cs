using System;

namespace FcpFast.Protocol.Tests.Objects;

/// <summary>Counts what a piece of code allocates on this thread once it is warm.</summary>
internal static class Allocations
{
    private const int WarmUpRuns = 50;
    private const int Runs = 200;

    /// <summary>Bytes that <see cref="Runs"/> runs allocate.</summary>
    public static long Of(Action action)
    {
        for (int i = 0; i < WarmUpRuns; i++) action();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Runs; i++) action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
