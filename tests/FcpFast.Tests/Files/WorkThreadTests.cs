using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Threading;
using FcpFast.Files;

namespace FcpFast.Tests.Files;

/// <summary>Requests are worked on in their order, whichever way they were put in line, and none is left behind.</summary>
public sealed class WorkThreadTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public void Wake_AfterRequestsForLater_StartsAllOfThem()
    {
        using var done = new CountdownEvent(3);
        using var thread = new WorkThread<int>("test", _ => done.Signal());
        for (int i = 0; i < 3; i++) thread.AddForLater(i);
        thread.Wake();
        Assert.True(done.Wait(Patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Add_AfterRequestsForLater_ComesAfterThem()
    {
        using var last = new ManualResetEventSlim();
        var worked = new ConcurrentQueue<int>();
        using var thread = new WorkThread<int>("test", request =>
        {
            worked.Enqueue(request);
            if (request == 99) last.Set();
        });
        for (int i = 0; i < 99; i++) thread.AddForLater(i);
        thread.Add(99);
        Assert.True(last.Wait(Patience, TestContext.Current.CancellationToken));
        Assert.Equal(Enumerable.Range(0, 100), worked);
    }

    [Fact]
    public void Dispose_WithRequestsForLater_FinishesThem()
    {
        int worked = 0;
        using (var thread = new WorkThread<int>("test", _ => Interlocked.Increment(ref worked)))
        {
            for (int i = 0; i < 100; i++) thread.AddForLater(i);
        }

        Assert.Equal(100, worked);
    }

    [Fact]
    public void Wake_WhileRequestsComeAndGo_LosesNone()
    {
        const int Rounds = 20_000;
        int worked = 0;
        using var thread = new WorkThread<int>("test", _ => Interlocked.Increment(ref worked));
        for (int i = 1; i <= Rounds; i++)
        {
            thread.AddForLater(i);
            thread.Wake();
            if (i % 7 == 0) Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref worked) == i, Patience), "a request waits and the thread sleeps");
        }
    }
}
