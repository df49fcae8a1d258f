using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace FcpFast.Protocol.Diagnostics;

/// <summary>Checks of our own invariants that stay on in Release, because secrets, nonces or memory are at stake.</summary>
public static class Invariant
{
    /// <summary>Stops with <see cref="InvalidOperationException"/> if <paramref name="holds"/> is false: a defect of FcpFast, never of a peer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Require([DoesNotReturnIf(false)] bool holds, string invariant)
    {
        if (!holds) Broken(invariant);
    }

    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Broken(string invariant) =>
        throw new InvalidOperationException($"FcpFast stopped to protect keys and data: the invariant '{invariant}' does not hold. Please report this.");
}
