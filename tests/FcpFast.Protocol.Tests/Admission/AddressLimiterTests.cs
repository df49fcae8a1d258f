using System.Collections.Generic;
using FcpFast.Protocol.Admission;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Tests.Support;
using FcpFast.Protocol.Wire;

namespace FcpFast.Protocol.Tests.Admission;

/// <summary>[REPLAY §2.8] (D13), [WIRE §19]: failures count against an address and port, and the table of addresses has a bound.</summary>
public sealed class AddressLimiterTests
{
    private const long Minute = 60 * Instant.TicksPerSecond;

    [Fact]
    public void Judge_AnAddress_IsLimitedBeyondItsFailuresAndForItsMinute()
    {
        var limiter = new AddressLimiter(AdmissionLimits.Default);
        Assert.Equal(FcpStatus.Accepted, limiter.Judge(Address(1), default));
        Assert.Equal(0, limiter.Count); // a look makes no state
        limiter.CountFailures(Address(1), 100, new Instant(5, 0));
        Assert.Equal(FcpStatus.Accepted, limiter.Judge(Address(1), new Instant(6, 0))); // at its limit, not beyond
        limiter.CountFailures(Address(1), 1, new Instant(7, 0));
        Assert.Equal(FcpStatus.AuthFailureBudgetExceeded, limiter.Judge(Address(1), new Instant(8, 0)));
        Assert.Equal(FcpStatus.Accepted, limiter.Judge(Address(1, port: 9), new Instant(8, 0))); // another port is another address
        Assert.Equal(FcpStatus.Accepted, limiter.Judge(Address(2), new Instant(8, 0)));
        Assert.Equal(FcpStatus.AuthFailureBudgetExceeded, limiter.Judge(Address(1), new Instant(5 + Minute - 1, 0)));
        Assert.Equal(FcpStatus.Accepted, limiter.Judge(Address(1), new Instant(5 + Minute, 0)));
    }

    [Fact]
    public void CountFailures_FromMoreAddressesThanAreTracked_KeepsToTheBound()
    {
        var limiter = new AddressLimiter(AdmissionLimits.Default);
        for (int i = 0; i < 20_000; i++) limiter.CountFailures(Address(i), 1_000, default);
        Assert.Equal(16_384, limiter.Count);
        Assert.Equal(FcpStatus.AuthFailureBudgetExceeded, limiter.Judge(Address(3), default)); // whoever is tracked stays so
        Assert.Equal(FcpStatus.PeerTableFull, limiter.Judge(Address(19_999), default));
        Assert.Equal(FcpStatus.PeerTableFull, limiter.Judge(Address(30_000), new Instant((10 * Minute) - 1, 0)));
        Assert.Equal(FcpStatus.Accepted, limiter.Judge(Address(30_000), new Instant(11 * Minute, 0))); // idle ones are forgotten
        Assert.Equal(0, limiter.Count);
    }

    [Fact]
    public void Forget_AddressesThatWereSilent_MakesRoomAndKeepsTheOthers()
    {
        var limiter = new AddressLimiter(AdmissionLimits.Default);
        for (int i = 0; i < AdmissionLimits.TrackedMax; i++) limiter.CountFailures(Address(i), 1, default);
        var later = new Instant(10 * Minute, 0);
        limiter.CountFailures(Address(7), 1, new Instant(5 * Minute, 0));
        limiter.CountFailures(Address(50_000), 1, later);
        Assert.Equal(2, limiter.Count); // 7 was heard of, 50,000 is new
        for (int i = 0; i < AdmissionLimits.TrackedMax; i++) limiter.CountFailures(Address(100_000 + i), 1, later);
        Assert.Equal(AdmissionLimits.TrackedMax, limiter.Count);
        Assert.Equal(FcpStatus.PeerTableFull, limiter.Judge(Address(60_000), new Instant(later.Ticks + Minute, 0)));
    }

    [Fact]
    public void Limiter_RandomFailures_EqualsTheModel() => Seeded.Run(30, static random =>
    {
        var limiter = new AddressLimiter(new AdmissionLimits(1, 1, 5, true));
        var model = new Dictionary<int, (long Started, long Count)>();
        long now = 0;
        for (int step = 0; step < 500; step++)
        {
            now += random.Next(8) == 0 ? random.NextInt64(Minute) : random.Next(1_000);
            int address = random.Next(5);
            if (random.Next(2) == 0)
            {
                int failures = random.Next(4);
                (long started, long count) = model.TryGetValue(address, out (long, long) known) ? known : (now, 0);
                if (now - started >= Minute) (started, count) = (now, 0);
                model[address] = (started, count + failures);
                limiter.CountFailures(Address(address), failures, new Instant(now, 0));
            }

            bool isLimited = model.TryGetValue(address, out (long Started, long Count) entry) && now - entry.Started < Minute && entry.Count > 5;
            if (model.TryGetValue(address, out entry) && now - entry.Started >= Minute) model[address] = (now, 0); // a look rolls the window, too
            Assert.Equal(isLimited ? FcpStatus.AuthFailureBudgetExceeded : FcpStatus.Accepted, limiter.Judge(Address(address), new Instant(now, 0)));
        }
    });

    private static NetAddress Address(int number, ushort port = 5) =>
        NetAddress.IPv4([10, (byte)(number >> 16), (byte)(number >> 8 & 0xFF), (byte)(number & 0xFF)], port);
}
