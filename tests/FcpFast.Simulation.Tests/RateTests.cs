using System;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Session;
using FcpFast.Simulation.Links;
using FcpFast.Simulation.Nodes;
using FcpFast.Simulation.Tests.Support;

namespace FcpFast.Simulation.Tests;

/// <summary>Pacing neither floods a path nor starves on it.</summary>
public sealed class RateTests
{
    private const int ContentBytes = 6 * 1024 * 1024;

    [Theory]
    [InlineData(0.02, 1)]
    [InlineData(0.2, 1)]
    [InlineData(0.2, 20)]
    [InlineData(0.4, 1)]
    public void Send_RandomLoss_DoesNotStarve(double loss, int milliseconds)
    {
        for (ulong seed = 1; seed <= 3; seed++)
        {
            using Duo duo = Fast(seed);
            (TimeSpan taken, double factor) = Run(duo, milliseconds, Rules.Drop(loss));
            Assert.True(taken < TimeSpan.FromSeconds(milliseconds < 10 ? 2 : 4), $"seed {seed}: {taken}\n{duo.Describe()}");
            Assert.True(factor < 1.05 / (1 - loss), $"seed {seed}: {factor} frames for each that is needed\n{duo.Describe()}");
        }
    }

    [Theory]
    [InlineData(10e6, 256 * 1024, 1)]
    [InlineData(10e6, 256 * 1024, 20)]
    [InlineData(40e6, 1024 * 1024, 5)]
    [InlineData(4e6, 256 * 1024, 10)]
    public void Send_NarrowPath_UsesItAndDoesNotFloodIt(double bytesPerSecond, int queueBytes, int milliseconds)
    {
        using Duo duo = Fast((ulong)bytesPerSecond);
        (TimeSpan taken, double factor) = Run(duo, milliseconds, Rules.Bottleneck(bytesPerSecond, queueBytes));
        double used = ContentBytes / taken.TotalSeconds / bytesPerSecond;
        Assert.True(used > 0.35, $"{used:P0} of the path is used\n{duo.Describe()}"); // a file of some tenths of a second: finding the rate is much of it
        double firstBurst = 2.0 * duo.Bob.Plan.Options.CreditBytesMax / ContentBytes; // finds the limit by exceeding it, within the credit
        Assert.True(factor < 1.25 + firstBurst, $"{factor} frames for each that is needed\n{duo.Describe()}");
    }

    [Fact]
    public void Send_NarrowPathThatWidens_UsesTheRoom()
    {
        using Duo duo = Fast(1);
        duo.Connect();
        duo.AliceToBob.Add(Rules.Bottleneck(2e6, 128 * 1024));
        byte[] content = duo.Random.Bytes(2 * ContentBytes); // 6 s at the narrow path's rate
        OutgoingFile file = duo.Alice.Send("file", content, duo.Bob.Member);
        duo.WaitFor(() => file.CompleteBytes > ContentBytes / 3, "the narrow path is found");
        duo.AliceToBob.ClearRules();
        long start = duo.World.NowTicks;
        duo.Arrives(file, content, duo.Bob);
        Assert.True(duo.World.NowTicks - start < TimeSpan.FromSeconds(5).Ticks, $"{TimeSpan.FromTicks(duo.World.NowTicks - start)}\n{duo.Describe()}");
    }

    /// <summary>With the MAC that the platform computes fastest also where this code is not optimized.</summary>
    private static Duo Fast(ulong seed)
    {
        NodePlan Plan(NodePlan plan) => plan with { Options = plan.Options with { Suites = new SuiteList([MacSuite.HmacSha256]) } };
        return new Duo(seed, Plan, Plan);
    }

    /// <summary>How long a file takes over a path with a rule, and how many frames each frame's worth of it.</summary>
    private static (TimeSpan Taken, double Factor) Run(Duo duo, int milliseconds, IPacketRule rule)
    {
        duo.World.Mesh.Latency = TimeSpan.FromMilliseconds(milliseconds);
        duo.Connect();
        duo.AliceToBob.Add(rule);
        byte[] content = duo.Random.Bytes(ContentBytes);
        long start = duo.World.NowTicks;
        duo.Arrives(duo.Alice.Send("file", content, duo.Bob.Member), content, duo.Bob);
        return (TimeSpan.FromTicks(duo.World.NowTicks - start), duo.Alice.Core.FramesSent / (double)TransferTests.Symbols(ContentBytes));
    }
}
