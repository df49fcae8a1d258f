using System;
using System.Linq;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Objects;
using FcpFast.Simulation.Links;
using FcpFast.Simulation.Nodes;
using FcpFast.Simulation.Tests.Support;

namespace FcpFast.Simulation.Tests;

/// <summary>[WIRE §16.9] (credit): a receiver's memory stays within its bounds, and full memory stalls nothing.</summary>
public sealed class MemoryTests
{
    [Theory]
    [InlineData(1, 1, 1024 * 1024)]
    [InlineData(2, 8, 1024 * 1024)]
    [InlineData(3, 20, 2 * 1024 * 1024)]
    public void Receive_OverALossyPath_HoldsNoMoreThanItGrants(ulong seed, int files, int arenaBytes)
    {
        using Duo duo = new Duo(
            seed, static plan => plan with { Source = new Storage.SourceOptions(256 * 1024, 64 * 1024, 24) },
            plan => plan with { Options = plan.Options with { AssemblyBytes = arenaBytes, CreditBytesMax = arenaBytes } }).Connect();
        duo.AliceToBob.Add(Rules.Drop(0.2), Rules.Reorder(0.1, 200));
        (OutgoingFile File, byte[] Content)[] sent = [.. Enumerable.Range(0, files).Select(i =>
        {
            byte[] content = duo.Random.Bytes(3_000_000 / files);
            return (duo.Alice.Send($"file {i}", content, duo.Bob.Member), content);
        })];
        int most = 0;
        duo.WaitFor(
            () =>
            {
                most = Math.Max(most, duo.Bob.Core.AssemblyBytes);
                return sent.All(static one => one.File.State == OutgoingFileState.Completed);
            },
            "all files are sent", TimeSpan.FromSeconds(60));
        foreach ((OutgoingFile file, byte[] content) in sent) duo.Arrives(file, content, duo.Bob);
        Assert.InRange(most, arenaBytes / 8, arenaBytes);
        Assert.Equal(0, duo.Bob.Core.AssemblyBytes);
        Assert.True(duo.Bob.CountOf(FcpStatus.NoRoom) < duo.Alice.Core.FramesSent / 10, duo.Describe());
    }

    [Fact]
    public void Receive_FromASenderWithoutManners_StaysWithinTheArena()
    {
        NodePlan Narrow(NodePlan plan) => plan with { Options = plan.Options with { AssemblyBytes = 1024 * 1024, CreditBytesMax = 64 * 1024 * 1024 } }; // grants more than it has
        using Duo duo = new Duo(4, bob: Narrow).Connect();
        duo.AliceToBob.Add(Rules.Drop(0.3));
        byte[] content = duo.Random.Bytes(4_000_000);
        OutgoingFile file = duo.Alice.Send("file", content, duo.Bob.Member);
        int most = 0;
        duo.WaitFor(
            () =>
            {
                most = Math.Max(most, duo.Bob.Core.AssemblyBytes);
                return file.State == OutgoingFileState.Completed;
            },
            "the file is sent", TimeSpan.FromSeconds(60));
        Assert.InRange(most, 512 * 1024, 1024 * 1024);
        duo.Arrives(file, content, duo.Bob);
    }
}
