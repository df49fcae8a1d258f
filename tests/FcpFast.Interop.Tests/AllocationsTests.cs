using System;

namespace FcpFast.Interop.Tests;

/// <summary>The control of the allocation rule.</summary>
public sealed class AllocationsTests
{
    private static object? s_escaped;

    [Fact]
    public void RequireNone_ObjectThatEscapes_Fails()
    {
        Exception failure = Assert.ThrowsAny<Exception>(() => Allocations.RequireNone(100, static () => s_escaped = new object()));
        Assert.Contains("2400", failure.Message, StringComparison.Ordinal);
        Assert.NotNull(s_escaped);
    }
}
