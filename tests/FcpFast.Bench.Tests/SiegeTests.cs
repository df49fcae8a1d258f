using System.Text.Json.Nodes;
using System.Threading;
using FcpFast.Protocol.Crypto;
using FcpFast.Tool.Bench;
using FcpFast.Tool.Bench.Siege;

namespace FcpFast.Bench.Tests;

/// <summary>What <c>fcpfast bench siege</c> measures is what it says; bounds of time are left to the bench.</summary>
public sealed class SiegeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Sessions_WithFourLanesEach_TakeTheirWindowsAndLittleElse()
    {
        JsonObject report = SessionHoard.Measure(Contenders.Engines[0], 200, Cancellation);
        Assert.Equal((200, 800L), ((int)report["sessions"]!, (long)report["lanes"]!));
        const int WindowsBytes = SiegeBounds.LanesPerSession * 88; // 8 words and an array's head
        Assert.InRange((long)report["managed_bytes_per_session"]!, WindowsBytes, 3_700);
        Assert.Equal(120 * sizeof(ulong), (int)report["bytes_more_per_busy_lane"]!);
        Assert.InRange((long)report["managed_bytes_per_peer_on_file"]!, 0, 12_000); // the node itself is in it, by the two hundredth part
    }

    [Fact]
    public void Hellos_OfAFlood_MakeNoStateAndARealPeerConnects()
    {
        JsonObject report = HelloFlood.Measure(Contenders.Engines[0], 20_000, 1, Cancellation);
        Assert.True((long)report["hellos"]! > 1_000, report.ToJsonString());
        Assert.Equal(1, (int)report["sessions"]!);
        Assert.NotNull(report["peer_connected_after_s"]);
        Assert.Equal(0, (long)report["answers_longer_than_hellos"]!);
        Assert.True((long)report["answers"]! > 0);
        Assert.InRange((double)report["allocated_bytes_per_hello"]!, 0, SiegeBounds.AllocatedPerHelloMax);
    }

    [Fact]
    public void Forgeries_OfEveryEngineAndSuite_FailAtTheirMac()
    {
        foreach (BenchEngine engine in Contenders.Engines)
        {
            foreach (bool isMacAlone in new[] { true, false })
            {
                using BenchBody hmac = engine.NewForgery(MacSuite.HmacSha256, 1024, isMacAlone), blake3 = engine.NewForgery(MacSuite.Blake3, 1024, isMacAlone);
                hmac.Check();
                blake3.Check();
                blake3.Check(); // a slab can be taken again
            }
        }

        JsonObject report = ForgeryCost.Measure(Contenders.Engines[0], MacSuite.Blake3, 3, Cancellation);
        Assert.True((double)report["ns_per_forged_frame"]! > 0 && (double)report["ns_per_mac"]! > 0, report.ToJsonString());
    }
}
