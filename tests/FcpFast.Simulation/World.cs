using System;
using System.Collections.Generic;
using FcpFast.Simulation.Links;

namespace FcpFast.Simulation;

/// <summary>A closed world: one seed, one virtual clock, one queue of what is going to happen.</summary>
/// <remarks>
/// Shape:   events run one after the other, by time and then in the order in which they were asked for; nothing in a world reads a real clock,
///          a real socket or the system's generator, so a seed and a script give the same <see cref="Trace"/> byte by byte, in every process.
/// Units:   ticks of 100 ns since the world began, as <see cref="TimeSpan.Ticks"/>.
/// Threads: one.
/// </remarks>
public sealed class World
{
    private const int EventsPerInstantMax = 200_000;

    private readonly PriorityQueue<Action, (long Ticks, long Order)> _queue = new();
    private long _asked;
    private int _eventsOfInstant;

    /// <summary>Makes an empty world.</summary>
    public World(ulong seed)
    {
        Seed = seed;
        Mesh = new Mesh(this);
    }

    /// <summary>What every random choice of the world follows from.</summary>
    public ulong Seed { get; }

    /// <summary>The virtual time.</summary>
    public long NowTicks { get; private set; }

    /// <summary>How many events have run: a measure of how busy its hosts are.</summary>
    public long EventCount { get; private set; }

    /// <summary>Everything that has happened.</summary>
    public Trace Trace { get; } = new();

    /// <summary>The network.</summary>
    public Mesh Mesh { get; }

    /// <summary>A generator of its own for one purpose: a use more or less of one leaves the others as they were.</summary>
    public WorldRandom NewRandom(string purpose) => new(Seed, purpose);

    /// <summary>Lets something happen at a moment, or now if the moment is past.</summary>
    public void At(long ticks, Action action) => _queue.Enqueue(action, (Math.Max(ticks, NowTicks), _asked++));

    /// <summary>Lets something happen after a while.</summary>
    public void After(TimeSpan pause, Action action) => At(NowTicks + pause.Ticks, action);

    /// <summary>Lets time pass.</summary>
    public void RunFor(TimeSpan span)
    {
        long end = NowTicks + span.Ticks;
        while (TryStep(end))
        {
            // until nothing more happens before the end
        }

        NowTicks = end;
    }

    /// <summary>Lets time pass until something is true; false if the limit comes first.</summary>
    public bool RunUntil(Func<bool> isReached, TimeSpan limit)
    {
        ArgumentNullException.ThrowIfNull(isReached);
        long end = NowTicks + limit.Ticks;
        while (!isReached())
        {
            if (TryStep(end)) continue;
            NowTicks = end;
            return isReached();
        }

        return true;
    }

    /// <summary>Runs the next event, unless it lies behind <paramref name="endTicks"/>.</summary>
    private bool TryStep(long endTicks)
    {
        if (!_queue.TryPeek(out Action? action, out (long Ticks, long) due) || due.Ticks > endTicks) return false;
        _queue.Dequeue();
        _eventsOfInstant = due.Ticks == NowTicks ? _eventsOfInstant + 1 : 0;
        if (_eventsOfInstant > EventsPerInstantMax) throw new InvalidOperationException($"Time stands still.\n{Trace.Tail()}");
        NowTicks = due.Ticks;
        EventCount++;
        action();
        return true;
    }
}
