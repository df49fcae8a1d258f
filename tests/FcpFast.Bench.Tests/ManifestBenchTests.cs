using FcpFast.Bench.Micro.Control;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Bench.Tests;

/// <summary>The bench of manifests does what it says.</summary>
public sealed class ManifestBenchTests
{
    [Fact]
    public void Bodies_OnceEach_MakeAndTakeAManifest()
    {
        var bench = new ManifestBench();
        bench.Prepare();
        Assert.InRange(bench.Author().Length, 100_000, 1_000_000);
        Assert.Equal(FcpStatus.Accepted, bench.Accept());
        Assert.Equal(1000, bench.Parse().WrappedKeys.Length);
        Assert.True(bench.Verify());
        Assert.True(bench.FindAndOpen());
        bench.Release();
    }
}
