using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Transport.Streams;

namespace FcpFast.Transport.Tests.Streams;

/// <summary>Memory is taken in turn and never beyond the limit.</summary>
public sealed class ByteBudgetTests
{
    [Fact]
    public async Task Take_UpToTheLimit_DoesNotWait()
    {
        var budget = new ByteBudget(100);
        await budget.TakeAsync(60, TestContext.Current.CancellationToken);
        await budget.TakeAsync(40, TestContext.Current.CancellationToken);
        Assert.Equal(100, budget.UsedBytes);
        budget.Give(100);
        Assert.Equal(0, budget.UsedBytes);
    }

    [Fact]
    public async Task Take_BeyondTheLimit_WaitsInTurn()
    {
        CancellationToken none = TestContext.Current.CancellationToken;
        var budget = new ByteBudget(100);
        await budget.TakeAsync(80, none);
        Task large = budget.TakeAsync(90, none).AsTask(), small = budget.TakeAsync(10, none).AsTask();
        Assert.False(large.IsCompleted || small.IsCompleted); // the small one is not served before the large one
        budget.Give(80);
        await large;
        await small;
        Assert.Equal(100, budget.UsedBytes);
    }

    [Fact]
    public async Task Take_Cancelled_LetsTheNextOnesPass()
    {
        CancellationToken none = TestContext.Current.CancellationToken;
        var budget = new ByteBudget(100);
        await budget.TakeAsync(80, none);
        using var cancel = new CancellationTokenSource();
        Task large = budget.TakeAsync(90, cancel.Token).AsTask(), small = budget.TakeAsync(20, none).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => large);
        await small;
        Assert.Equal(100, budget.UsedBytes);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => budget.TakeAsync(1, cancel.Token).AsTask());
    }

    [Fact]
    public async Task TakeAndGive_WrongAmounts_AreReported()
    {
        var budget = new ByteBudget(100);
        await Assert.ThrowsAsync<InvalidOperationException>(() => budget.TakeAsync(101, TestContext.Current.CancellationToken).AsTask());
        Assert.Throws<InvalidOperationException>(() => budget.Give(1));
    }

    [Fact]
    public async Task TakeAndGive_ManyAtOnce_NeverPassTheLimit()
    {
        const int Limit = 1000, Rounds = 2000;
        var budget = new ByteBudget(Limit);
        long used = 0;
        async Task RunAsync(int seed)
        {
            var random = new Random(seed);
            for (int i = 0; i < Rounds; i++)
            {
                int bytes = random.Next(1, Limit + 1);
                using var cancel = new CancellationTokenSource();
                ValueTask take = budget.TakeAsync(bytes, cancel.Token);
                if (!take.IsCompleted && random.Next(4) == 0) await cancel.CancelAsync();
                try
                {
                    await take;
                }
                catch (OperationCanceledException)
                {
                    continue;
                }

                Assert.InRange(Interlocked.Add(ref used, bytes), 1, Limit);
                if (random.Next(8) == 0) await Task.Yield();
                _ = Interlocked.Add(ref used, -bytes);
                budget.Give(bytes);
            }
        }

        CancellationToken none = TestContext.Current.CancellationToken;
        await Task.WhenAll(Enumerable.Range(1, 4).Select(seed => Task.Run(() => RunAsync(seed), none)));
        Assert.Equal(0, budget.UsedBytes);
    }
}
