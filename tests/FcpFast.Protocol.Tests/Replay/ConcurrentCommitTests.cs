using System;
using System.Linq;
using System.Threading;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Replay;

/// <summary>
/// [REPLAY §2.3], [REPLAY §8]: S1 and L2 with eight threads on one lane, by two of the ways that make commit linearizable: a lock a lane, and
/// batches handed to the lane's owner. The oracle is a counter a number, which knows nothing of windows.
/// </summary>
public sealed class ConcurrentCommitTests
{
    private const int Threads = 8;

    /// <summary>Numbers that are in the hands of the threads at once: below the width, so that none is too old when its turn comes.</summary>
    private const int NumbersPerTurn = 512;

    /// <summary>10^7 at the long verb's 10^8 operations; each number is committed twice.</summary>
    private static int Numbers => (int)Math.Clamp(Seeded.ModelOperations / 20, 100_000, 5_000_000) / NumbersPerTurn * NumbersPerTurn;

    [Fact]
    public void Commit_ByEightThreadsUnderALock_AcceptsEachNumberOnce()
    {
        var guard = new Lock();
        Race((window, numbers, accepted) =>
        {
            foreach (ulong n in numbers)
            {
                lock (guard)
                {
                    if (window.Commit(new FrameSeq(n)) == ReplayVerdict.Fresh) Interlocked.Increment(ref accepted[n]);
                }
            }
        });
    }

    [Fact]
    public void Commit_OfBatchesOfEightThreads_AcceptsEachNumberOnce()
    {
        var guard = new Lock();
        Race((window, numbers, accepted) =>
        {
            lock (guard)
            {
                foreach (ulong n in numbers)
                {
                    if (window.Commit(new FrameSeq(n)) == ReplayVerdict.Fresh) Interlocked.Increment(ref accepted[n]);
                }
            }
        });
    }

    /// <summary>The test must be able to fail: what two threads have checked before either commits is accepted by both.</summary>
    [Fact]
    public void Mutant_NoSecondCheckInCommit_IsFound()
    {
        var guard = new Lock();
        using var allHaveChecked = new Barrier(Threads);
        Assert.ThrowsAny<Exception>(() => Race((window, numbers, accepted) =>
        {
            bool[] isFresh = new bool[numbers.Length];
            lock (guard)
            {
                for (int i = 0; i < numbers.Length; i++) isFresh[i] = window.Check(new FrameSeq(numbers[i])) == ReplayVerdict.Fresh;
            }

            allHaveChecked.SignalAndWait();
            lock (guard)
            {
                for (int i = 0; i < numbers.Length; i++)
                {
                    window.Commit(new FrameSeq(numbers[i])); // "it was checked before"
                    if (isFresh[i]) Interlocked.Increment(ref accepted[numbers[i]]);
                }
            }
        }));
    }

    /// <summary>Every number comes by two threads, in an order of each thread's own; then the counter of each must be 1.</summary>
    private static void Race(Action<ReplayWindow, ReadOnlySpan<ulong>, int[]> commit)
    {
        var window = new ReplayWindow(ReplayWindow.WidthFramesDefault);
        int[] accepted = new int[Numbers + 1];
        using var turn = new Barrier(Threads);
        Exception? fault = null;
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(index => new Thread(() =>
        {
            try
            {
                var random = new Random(index);
                ulong[] mine = new ulong[NumbersPerTurn * 2 / Threads];
                for (ulong first = 1; first < (ulong)accepted.Length; first += NumbersPerTurn)
                {
                    int half = index % (Threads / 2) * mine.Length; // threads 0 and 4 have the same numbers
                    for (int i = 0; i < mine.Length; i++) mine[i] = first + (ulong)(half + i);
                    random.Shuffle(mine);
                    turn.SignalAndWait();
                    commit(window, mine, accepted);
                }
            }
            catch (Exception e) when (e is not BarrierPostPhaseException)
            {
                Interlocked.CompareExchange(ref fault, e, null);
                turn.RemoveParticipant();
            }
        }))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        Assert.Null(fault);
        int wrong = Array.FindIndex(accepted, 1, static count => count != 1);
        Assert.True(wrong < 0, $"number {wrong} was accepted {(wrong < 0 ? 1 : accepted[wrong])} times");
        Assert.Equal((ulong)Numbers, window.Highest.Value);
    }
}
