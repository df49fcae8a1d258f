using System;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Simulation.Tests.Support;

namespace FcpFast.Simulation.Tests;

/// <summary>DESIGN §4: what a node does for each slab costs no memory, however many files wait.</summary>
public sealed class SendingCostTests
{
    [Fact]
    public void FillDatagrams_WhileManyFilesWait_AllocatesNothing()
    {
        using var solo = new Solo(1);
        for (int i = 0; i < 1_000; i++) solo.Bob.Send($"file {i}", new byte[1_000], solo.Carol.Member); // which carol never answers
        solo.Run(1);
        byte[] slab = GC.AllocateArray<byte>(65_536, pinned: true);
        Instant now = solo.Bob.Clock.Read();
        Assert.Equal(0, solo.Bob.Core.FillDatagrams(slab, 64, now, out _, out _));
        int bytes = 0;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) bytes += solo.Bob.Core.FillDatagrams(slab, 64, now, out _, out _);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(0, bytes);
    }
}
