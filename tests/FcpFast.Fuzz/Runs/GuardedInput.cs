using System;
using System.Threading;
using FcpFast.Interop.Memory;
using FcpFast.Interop.Libsodium;

namespace FcpFast.Fuzz.Runs;

/// <summary>Memory that ends at a guard page: whatever reads one byte too many of an input, in C or by vectors, ends the process.</summary>
/// <remarks>
/// Threads: one a thread.
/// Source:  [libsodium utils.h] (sodium_malloc).
/// </remarks>
internal static class GuardedInput
{
    public const int BytesMax = 128 * 1024;

    private static readonly ThreadLocal<GuardedSlab> Slabs = new(static () =>
    {
        _ = LibsodiumGate.Open();
        return new GuardedSlab(BytesMax, 1);
    });

    /// <summary>A copy of the input, its end at the guard page; good until the next call on this thread.</summary>
    public static ReadOnlySpan<byte> Copy(ReadOnlySpan<byte> input)
    {
        Span<byte> copy = Slabs.Value!.Slot(0, BytesMax)[(BytesMax - input.Length)..];
        input.CopyTo(copy);
        return copy;
    }
}
