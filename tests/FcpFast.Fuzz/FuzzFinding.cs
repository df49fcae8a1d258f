using System;
using System.Diagnostics.CodeAnalysis;

namespace FcpFast.Fuzz;

/// <summary>Code under test that did what its oracle says it must not.</summary>
internal sealed class FuzzFinding(string message) : Exception(message)
{
    /// <summary>Throws unless the oracle agrees.</summary>
    public static void Unless([DoesNotReturnIf(false)] bool agrees, string what)
    {
        if (!agrees) throw new FuzzFinding(what);
    }

    /// <summary>Throws if a model of the tests has found a difference.</summary>
    public static void Of(string? difference)
    {
        if (difference is not null) throw new FuzzFinding(difference);
    }
}
