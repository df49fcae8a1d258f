using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace FcpFast.Protocol.Diagnostics;

/// <summary>Throws for faults of the caller, outside the hot path's inlined code.</summary>
public static class ThrowHelper
{
    /// <summary>The caller passed a span, range or number that the method's contract excludes.</summary>
    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void BadArgument(string parameter, string rule) => throw new ArgumentException(rule, parameter);

    /// <summary>The caller used an object in a state that its contract excludes.</summary>
    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void BadState(string rule) => throw new InvalidOperationException(rule);
}
