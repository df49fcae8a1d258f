using System;
using FcpFast.Protocol.Admission;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Admission;

/// <summary>[WIRE §19], [WIRE §16.6]: counters of a fixed minute, and what they admit.</summary>
public sealed class BudgetTests
{
    private const long Minute = 60 * Instant.TicksPerSecond;

    [Fact]
    public void Limits_OfThePolicies_AreThoseOfTheSpecification()
    {
        Assert.Equal(new AdmissionLimits(67_108_864, 200_000, 100, true), AdmissionLimits.Default);
        Assert.Equal(new AdmissionLimits(1_048_576, 10_000, 10, false) { DecodesInFlight = 4, DecodeCpuMillisecondsPerMinute = 500 }, AdmissionLimits.PublicIngress);
        Assert.Equal(new AdmissionLimits(536_870_912, 1_000_000, 1_000, true) { DecodesInFlight = 128, DecodeCpuMillisecondsPerMinute = 60_000 }, AdmissionLimits.TrustedMesh);
        Assert.Equal((32, 5_000L), (AdmissionLimits.Default.DecodesInFlight, AdmissionLimits.Default.DecodeCpuMillisecondsPerMinute));
        Assert.Equal((16_384, 10 * Minute, Minute), (AdmissionLimits.TrackedMax, AdmissionLimits.ForgetTicks, AdmissionLimits.WindowTicks));
    }

    [Fact]
    public void Window_RandomAmounts_EqualsTheModel() => Seeded.Run(100, static random =>
    {
        FixedWindow window = default;
        long limit = random.Next(1, 100), now = random.Next(1_000_000), started = -1, count = 0;
        for (int step = 0; step < 200; step++)
        {
            now += random.Next(4) == 0 ? random.NextInt64(Minute + 2) : 0;
            if (started < 0 || now - started >= Minute) (started, count) = (now, 0); // it begins with its first use after the last is over
            long amount = random.Next(60);
            Assert.Equal(count + amount <= limit, window.Allows(amount, limit, new Instant(now, 0)));
            if (random.Next(2) == 0)
            {
                window.Add(amount, new Instant(now, 0));
                count += amount;
            }

            Assert.Equal(count, window.Count);
            Assert.Equal(started + Minute - now, window.TicksToEnd(new Instant(now, 0)));
        }
    });

    [Theory]
    [InlineData(Minute - 1, 7)]
    [InlineData(Minute, 0)]
    public void Window_AtItsEnd_StartsAnew(long later, long left)
    {
        FixedWindow window = default;
        Assert.Equal(0, window.TicksToEnd(default));
        window.Add(7, new Instant(5, 0));
        window.Allows(0, 1, new Instant(5 + later, 0));
        Assert.Equal(left, window.Count);
        Assert.Equal(0, window.TicksToEnd(new Instant(5 + later + (2 * Minute), 0))); // never negative
    }

    [Fact]
    public void Window_AmountsWithoutEnd_StayAtTheTop()
    {
        FixedWindow window = default;
        window.Add(long.MaxValue, default);
        window.Add(long.MaxValue, default);
        Assert.Equal(long.MaxValue, window.Count);
        Assert.False(window.Allows(0, long.MaxValue - 1, default));
        Assert.True(window.Allows(0, long.MaxValue, default));
    }

    [Fact]
    public void Admit_UpToEachLimitExactly_ThenRefusesByItsName()
    {
        var budget = new RequestBudget(new AdmissionLimits(1_000, 10, 1, true));
        Assert.Equal(FcpStatus.Accepted, budget.Admit(true, 5, 100, default));
        Assert.Equal(FcpStatus.ByteBudgetExceeded, budget.Admit(true, 6, 100, default)); // 1,100 bytes and 11 symbols: bytes are named first
        Assert.Equal(FcpStatus.SymbolBudgetExceeded, budget.Admit(true, 6, 10, default));
        Assert.Equal(FcpStatus.Accepted, budget.Admit(true, 5, 100, default)); // what was refused has cost nothing
        Assert.Equal(FcpStatus.ByteBudgetExceeded, budget.Admit(true, 1, 1, default));
        Assert.Equal(FcpStatus.Accepted, budget.Admit(true, 0, 1, default));
        Assert.Equal(FcpStatus.Accepted, budget.Admit(true, 10, 100, new Instant(Minute, 0)));
    }

    [Fact]
    public void Admit_UnauthenticatedWhereItIsRequired_IsRefusedFirstAndCostsNothing()
    {
        var strict = new RequestBudget(new AdmissionLimits(10, 10, 1, true));
        Assert.Equal(FcpStatus.AuthenticationRequired, strict.Admit(false, 1_000, 1_000, default));
        Assert.Equal(FcpStatus.Accepted, strict.Admit(true, 1, 10, default));
        var open = new RequestBudget(AdmissionLimits.PublicIngress);
        Assert.Equal(FcpStatus.Accepted, open.Admit(false, 32, 1_024, default));
    }

    [Fact]
    public void TicksToRetry_OfARefusedRequest_IsTheTimeToTheEndOfTheWindow()
    {
        var budget = new RequestBudget(new AdmissionLimits(1_000, 10, 1, true));
        Assert.Equal(0, budget.TicksToRetry(default));
        budget.Admit(true, 10, 100, new Instant(100, 0));
        Assert.Equal(FcpStatus.ByteBudgetExceeded, budget.Admit(true, 1, 1, new Instant(200, 0)));
        Assert.Equal(Minute - 100, budget.TicksToRetry(new Instant(200, 0)));
        Assert.Equal(FcpStatus.Accepted, budget.Admit(true, 1, 1, new Instant(200 + Minute - 100, 0)));
        Assert.Equal(0, budget.TicksToRetry(new Instant(10 * Minute, 0)));
    }

    [Fact]
    public void RelayBudget_OverAnyTime_PassesNoMoreThanItsRateAndOneSecondsBurst() => Seeded.Run(50, static random =>
    {
        long rate = random.Next(1_000, 1_000_000), now = 0, passed = 0, offered = 0;
        var budget = new RelayBudget(rate, default);
        for (int step = 0; step < 2_000; step++)
        {
            now += random.Next(100_000);
            if (random.Next(200) == 0) now += 10 * Instant.TicksPerSecond; // silence is saved up for one second only
            int bytes = random.Next(1, 1_000);
            offered += bytes;
            if (budget.TrySpend(bytes, new Instant(now, 0))) passed += bytes;
            double allowed = rate + (rate * (now / (double)Instant.TicksPerSecond));
            Assert.True(passed <= allowed + 1, $"{passed} bytes of at most {allowed}");
        }

        Assert.True(offered >= passed);
    });

    [Fact]
    public void RelayBudget_FullBucket_IsSpentExactly()
    {
        var budget = new RelayBudget(1_000, new Instant(7, 0));
        Assert.True(budget.TrySpend(1_000, new Instant(7, 0)));
        Assert.False(budget.TrySpend(1, new Instant(7, 0)));
        Assert.False(budget.TrySpend(1, default)); // a clock that stands still or steps back gives nothing
        Assert.False(budget.TrySpend(501, new Instant(7 + (Instant.TicksPerSecond / 2), 0)));
        Assert.True(budget.TrySpend(500, new Instant(7 + (Instant.TicksPerSecond / 2), 0)));
        Assert.False(budget.TrySpend(1_001, new Instant(1_000 * Instant.TicksPerSecond, 0))); // more than a second's bytes at once never fit
        Assert.True(budget.TrySpend(1_000, new Instant(1_000 * Instant.TicksPerSecond, 0)));
    }

    [Fact]
    public void RelayBudget_WithoutALimit_PassesEverything()
    {
        var budget = new RelayBudget(0, default);
        for (int i = 0; i < 100; i++) Assert.True(budget.TrySpend(int.MaxValue, default));
        Assert.Throws<ArgumentException>(static () => new RelayBudget(-1, default));
    }

    [Fact]
    public void Decodes_InFlight_AreRefusedBeyondTheLimitUntilOneEnds()
    {
        var budget = new DecodeBudget(AdmissionLimits.PublicIngress);
        for (int i = 0; i < 4; i++) Assert.Equal(FcpStatus.Accepted, budget.Begin());
        Assert.Equal(FcpStatus.DecodeCapacityExceeded, budget.Begin());
        Assert.Equal(4, budget.InFlight); // a refused one takes no place
        budget.End();
        Assert.Equal(FcpStatus.Accepted, budget.Begin());
        Assert.Equal(FcpStatus.DecodeCapacityExceeded, budget.Begin());
        for (int i = 0; i < 4; i++) budget.End();
        Assert.Throws<InvalidOperationException>(budget.End); // a decode ends once
    }

    [Theory]
    [InlineData(0)]
    [InlineData(500)]
    public void DecodeCpu_ExceedsItsLimit_IsRefusedUntilTheMinuteIsOver(int milliseconds)
    {
        var budget = new DecodeBudget(AdmissionLimits.Default with { DecodeCpuMillisecondsPerMinute = milliseconds });
        long limit = milliseconds * Instant.TicksPerMillisecond;
        Assert.Equal(FcpStatus.Accepted, budget.Charge(limit, new Instant(5, 0))); // exactly the limit
        Assert.Equal(FcpStatus.DecodeCpuBudgetExceeded, budget.Charge(1, new Instant(5, 0)));
        Assert.Equal(FcpStatus.DecodeCpuBudgetExceeded, budget.Charge(0, new Instant(4 + Minute, 0)));
        Assert.Equal(FcpStatus.Accepted, budget.Charge(limit, new Instant(5 + Minute, 0)));
    }
}
