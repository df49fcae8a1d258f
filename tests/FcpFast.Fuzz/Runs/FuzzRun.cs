using System;

namespace FcpFast.Fuzz.Runs;

/// <summary>Runs one input of a target under the oracles that all targets share.</summary>
/// <remarks>
/// Shape:  the input is cut to the target's maximum and lies before a guard page; nothing is thrown but findings; what is allocated is bounded by the
///         input's length. A run that goes above that bound is repeated once, since the first may have made what is made once a process.
/// </remarks>
internal static class FuzzRun
{
    /// <summary>Throws <see cref="FuzzFinding"/>, or whatever the code under test threw.</summary>
    public static void One(FuzzTarget target, ReadOnlySpan<byte> input)
    {
        input = input[..Math.Min(input.Length, Math.Min(target.InputBytesMax, GuardedInput.BytesMax))];
        long ceilingBytes = target.AllocatedBytesMax + ((long)target.AllocatedPerInputByte * input.Length);
        if (Measure(target, input) <= ceilingBytes) return;
        long allocatedBytes = Measure(target, input);
        FuzzFinding.Unless(allocatedBytes <= ceilingBytes, $"{input.Length} bytes of input made {target.Name} allocate {allocatedBytes}, more than {ceilingBytes}");
    }

    private static long Measure(FuzzTarget target, ReadOnlySpan<byte> input)
    {
        ReadOnlySpan<byte> guarded = GuardedInput.Copy(input);
        long before = GC.GetAllocatedBytesForCurrentThread();
        target.Body(guarded);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
