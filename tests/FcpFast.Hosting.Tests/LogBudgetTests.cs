using System;
using FcpFast.Protocol.Diagnostics;
using Microsoft.Extensions.Time.Testing;

namespace FcpFast.Hosting.Tests;

public sealed class LogBudgetTests
{
    [Fact]
    public void Take_MoreThanTheMostInAMinute_CountsTheRest()
    {
        var time = new FakeTimeProvider();
        var budget = new LogBudget(2, time);
        Assert.Equal([true, true, false, false, false], Take(budget, FcpStatus.TimestampSkew, 5));
        Assert.Equal([true], Take(budget, FcpStatus.WrongRecipient, 1)); // another reason has lines of its own
        Assert.Equal([("Handshake", FcpStatus.TimestampSkew, 3L)], budget.Withheld());
        Assert.Empty(budget.Withheld());
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal([false], Take(budget, FcpStatus.TimestampSkew, 1));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([true, true, false], Take(budget, FcpStatus.TimestampSkew, 3));
        Assert.Equal([("Handshake", FcpStatus.TimestampSkew, 2L)], budget.Withheld());
    }

    private static bool[] Take(LogBudget budget, FcpStatus reason, int times)
    {
        bool[] taken = new bool[times];
        for (int i = 0; i < times; i++) taken[i] = budget.Take("Handshake", reason);
        return taken;
    }
}
