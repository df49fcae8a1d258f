using System;
using System.Linq;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Session;

/// <summary>[WIRE §7.4], [REPLAY §6.3] (D5): when a cookie is asked for, what it is good for, and that no answer is longer than its question.</summary>
public sealed class HandshakeCookieTests
{
    [Fact]
    public void Receive_AfterAStart_AsksEveryoneForACookieUntilNoRecordedHelloCanPass()
    {
        // Recorded before the start, with the latest timestamp that its skew allowed.
        Instant start = TestNodes.Start with { Ticks = TestNodes.Start.Ticks + (Instant.TicksPerSecond / 2) };
        HelloDraft recorded = new() { Timestamp = start.UnixSeconds + 120 };
        using HandshakeParty bob = Bob(start);
        for (int tenths = 0; tenths < 2_500; tenths += 5)
        {
            var now = new Instant(start.Ticks + (tenths * Instant.TicksPerSecond / 10), start.UnixSeconds + (((ulong)tenths + 5) / 10));
            FcpStatus status = bob.Receive(recorded.Bytes(), out _, now);
            Assert.True(status is FcpStatus.InvalidCookie or FcpStatus.TimestampSkew, $"after {tenths / 10.0} s: {status}");
        }
    }

    [Fact]
    public void Receive_OneHelloForEver_IsAcceptedOnce()
    {
        using HandshakeParty bob = Bob();
        Instant first = TestNodes.Start with { Ticks = TestNodes.Start.Ticks + (Instant.TicksPerSecond / 2) };
        byte[] hello = new HelloDraft { Timestamp = first.UnixSeconds + 120 }.Bytes();
        Assert.Equal(FcpStatus.Accepted, bob.Receive(hello, out _, first));
        for (int tenths = 1; tenths < 2_500; tenths++)
        {
            var now = new Instant(first.Ticks + (tenths * Instant.TicksPerSecond / 10), first.UnixSeconds + (((ulong)tenths + 5) / 10));
            FcpStatus status = bob.Receive(hello, out _, now);
            Assert.True(status is FcpStatus.HelloReplayed or FcpStatus.TimestampSkew, $"after {tenths / 10.0} s: {status}");
        }
    }

    [Theory]
    [InlineData(-3_600)]
    [InlineData(-300)]
    [InlineData(-2)]
    public void Receive_AWallClockThatStepsBack_BringsNoOldHelloBack(int seconds)
    {
        using HandshakeParty bob = Bob();
        byte[] hello = new HelloDraft().Bytes();
        Assert.Equal(FcpStatus.Accepted, bob.Receive(hello, out _));
        for (long later = 0; later < 5_000; later += 20) // long after its pair is forgotten
        {
            long wall = (long)TestNodes.Start.UnixSeconds + 400 + later + seconds;
            var now = new Instant(TestNodes.Start.Ticks + ((400 + later) * Instant.TicksPerSecond), (ulong)wall);
            FcpStatus status = bob.Receive(hello, out _, now);
            Assert.True(status is FcpStatus.InvalidCookie or FcpStatus.TimestampSkew, $"{later} s later: {status}");
        }
    }

    [Fact]
    public void Receive_AWallClockThatIsReadInWholeSeconds_IsNoStepBack()
    {
        using HandshakeParty bob = Bob();
        for (int i = 0; i < 100; i++)
        {
            var now = new Instant(TestNodes.Start.Ticks + (i * 3_300_000), TestNodes.Start.UnixSeconds + ((ulong)(i * 3_300_000 + 9_999_999) / 10_000_000));
            byte[] hello = new HelloDraft { Nonce = HandshakeSamples.Fill((byte)i, 16) }.Bytes();
            Assert.Equal(FcpStatus.Accepted, bob.Receive(hello, out _, now));
        }
    }

    [Fact]
    public void Receive_Datagram_AlwaysNeedsACookieSinceAnAckWouldBeLonger()
    {
        using HandshakeParty bob = Bob();
        byte[] hello = new HelloDraft().Bytes();
        Assert.Equal(FcpStatus.InvalidCookie, bob.Receive(hello, out _, isAddressProven: false));
        byte[] cookie = CookieIn(bob.Reply);
        Assert.Equal(FcpStatus.Accepted, bob.Receive(new HelloDraft { Cookie = cookie }.Bytes(), out _, isAddressProven: false));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(128, 1)]
    [InlineData(1, 128)]
    [InlineData(128, 128)]
    public void Receive_Datagram_IsNeverAnsweredWithMore(int fromBytes, int toBytes)
    {
        string from = new('f', fromBytes), to = new('t', toBytes);
        using var bob = new HandshakeParty(to);
        bob.File(from);
        byte nonce = 0;
        foreach (ushort? limits in new ushort?[] { null, 0, 1400 })
        {
            foreach (MacSuite[] suites in new MacSuite[][] { [MacSuite.Blake3], [MacSuite.Blake3, MacSuite.HmacSha256] })
            {
                var draft = new HelloDraft
                {
                    From = from, To = to, TransportLimits = limits, Suites = suites, Nonce = HandshakeSamples.Fill(++nonce, 16), IsUnsigned = true,
                };
                byte[] unsigned = draft.Bytes();
                Assert.Equal(FcpStatus.InvalidCookie, bob.Receive(unsigned, out _, isAddressProven: false));
                Assert.InRange(bob.Reply.Length, 1, unsigned.Length);
                byte[] hello = (draft with { IsUnsigned = false, Cookie = CookieIn(bob.Reply) }).Bytes();
                Assert.Equal(FcpStatus.Accepted, bob.Receive(hello, out _, isAddressProven: false));
                Assert.InRange(bob.Reply.Length, 1, hello.Length);
            }
        }
    }

    [Fact]
    public void Receive_OneCookieSentFromEverywhere_CostsABoundedNumberOfSignatures()
    {
        using HandshakeParty bob = Bob();
        bob.Receive(new HelloDraft().Bytes(), out _, isAddressProven: false);
        byte[] cookie = CookieIn(bob.Reply);
        byte[] forged = new HelloDraft { Cookie = cookie, SignedBy = "mallory" }.Bytes();
        for (int i = 0; i < 500; i++) Assert.Equal(FcpStatus.InvalidSignature, bob.Receive(forged, out _, isAddressProven: false));
        for (int i = 0; i < 100; i++) Assert.Equal(FcpStatus.HelloBudgetExceeded, bob.Receive(forged, out _, isAddressProven: false));
        byte[] right = new HelloDraft { Cookie = cookie }.Bytes();
        Assert.Equal(FcpStatus.Accepted, bob.Receive(right, out _)); // connections have a bound of their own
        Assert.Equal(FcpStatus.InvalidSignature, bob.Receive(forged, out _, TestNodes.Start.After(1), isAddressProven: false)); // a second later
    }

    [Theory]
    [InlineData("from")]
    [InlineData("key")]
    [InlineData("nonce")]
    [InlineData("timestamp")]
    [InlineData("suites")]
    [InlineData("limits")]
    [InlineData("no limits")]
    public void Receive_CookieOfAnotherHello_IsRefusedBeforeItsSignature(string what)
    {
        using HandshakeParty bob = Bob();
        bob.File("mallory");
        bob.Responder.IsUnderLoad = true;
        var hello = new HelloDraft();
        bob.Receive(hello.Bytes(), out _);
        HelloDraft with = hello with { Cookie = CookieIn(bob.Reply), IsUnsigned = true };
        HelloDraft other = what switch
        {
            "from" => with with { From = "mallory" },
            "key" => with with { EphemeralSecret = HandshakeSamples.Fill(9, 32) },
            "nonce" => with with { Nonce = HandshakeSamples.Fill(9, 16) },
            "timestamp" => with with { Timestamp = with.Timestamp + 1 },
            "suites" => with with { Suites = [MacSuite.HmacSha256, MacSuite.Blake3] },
            "limits" => with with { TransportLimits = 1400 },
            _ => with with { TransportLimits = null },
        };
        Assert.Equal(FcpStatus.InvalidCookie, bob.Receive(other.Bytes(), out _));
        Assert.Equal(FcpStatus.MissingSignature, bob.Receive(with.Bytes(), out _)); // the right one gets as far as its signature
    }

    [Theory]
    [InlineData(0, 59.9, true)]
    [InlineData(0, 119.9, true)]
    [InlineData(0, 120, false)]
    [InlineData(59, 119, true)]
    [InlineData(59, 120, false)]
    [InlineData(60, 120, true)]
    [InlineData(60, 179, true)]
    [InlineData(60, 180, false)]
    [InlineData(0, 100_000, false)]
    public void Cookies_OfRotatingKeys_LastForTheirOwnMinuteAndTheNext(double madeAt, double usedAt, bool isGood)
    {
        foreach (double[] asked in new double[][] { [], [usedAt * 0.7], [.. Enumerable.Range(1, 20).Select(i => madeAt + ((usedAt - madeAt) * i / 20))] })
        {
            var crypto = new RealCrypto();
            using var jar = new CookieJar(crypto.Provider, TestNodes.Start);
            HelloMessage.Parse(new HelloDraft().Bytes(), out HelloMessage hello);
            byte[] cookie = new byte[32];
            jar.Make(hello, At(madeAt), cookie);
            hello.Cookie = cookie;
            foreach (double at in asked.Where(at => at >= madeAt)) jar.Check(hello, At(at)); // however often anyone asks in between
            Assert.Equal(isGood ? FcpStatus.Accepted : FcpStatus.InvalidCookie, jar.Check(hello, At(usedAt)));
            Assert.True(crypto.Vault.Live.Count <= 2);
        }

        static Instant At(double seconds) => new(TestNodes.Start.Ticks + (long)(seconds * Instant.TicksPerSecond), 0);
    }

    [Fact]
    public void Cookies_OfAnEarlierProcess_AreWorthNothing()
    {
        using HandshakeParty before = Bob(TestNodes.Start, seed: 1), after = Bob(TestNodes.Start, seed: 2);
        before.Receive(new HelloDraft().Bytes(), out _);
        byte[] hello = new HelloDraft { Cookie = CookieIn(before.Reply) }.Bytes();
        Assert.Equal(FcpStatus.InvalidCookie, after.Receive(hello, out _));
        Assert.Equal(FcpStatus.Accepted, before.Receive(hello, out _));
    }

    [Fact]
    public void Jar_Disposed_LeavesNoKey()
    {
        var crypto = new RealCrypto();
        var jar = new CookieJar(crypto.Provider, TestNodes.Start);
        HelloMessage.Parse(new HelloDraft { Cookie = new byte[32] }.Bytes(), out HelloMessage hello);
        jar.Check(hello, TestNodes.Start.After(61));
        Assert.Equal(2, crypto.Vault.Live.Count);
        Assert.All(crypto.Vault.Keys, static key => Assert.True(key.Content.AsSpan().ContainsAnyExcept((byte)0)));
        jar.Dispose();
        Assert.Empty(crypto.Vault.Live);
        Assert.Equal(FcpStatus.InvalidCookie, jar.Check(hello, TestNodes.Start.After(61)));
    }

    private static byte[] CookieIn(byte[] retry)
    {
        Assert.Equal(FcpStatus.Accepted, HelloRetryMessage.Parse(retry, out HelloRetryMessage message));
        return message.Cookie.ToArray();
    }

    private static HandshakeParty Bob(Instant? startedAt = null, int seed = 1)
    {
        var bob = new HandshakeParty("bob", seed, startedAt: startedAt);
        bob.File("alice");
        return bob;
    }
}
