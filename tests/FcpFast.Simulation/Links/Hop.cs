using System;

namespace FcpFast.Simulation.Links;

/// <summary>The rest of a link behind one of its rules.</summary>
public readonly struct Hop
{
    private readonly Link _link;
    private readonly int _rule;

    internal Hop(Link link, int rule)
    {
        _link = link;
        _rule = rule;
    }

    /// <summary>The link's generator.</summary>
    public WorldRandom Random => _link.Random;

    /// <summary>Where rules count what they do.</summary>
    public LinkTally Tally => _link.Tally;

    /// <summary>The virtual time.</summary>
    public long NowTicks => _link.World.NowTicks;

    /// <summary>How long the link takes.</summary>
    public long LatencyTicks => _link.Latency.Ticks;

    /// <summary>Hands a packet on.</summary>
    public void Pass(Packet packet) => _link.Pass(packet, _rule);

    /// <summary>The packet is lost.</summary>
    public void Drop(Packet packet) => _link.Drop(packet);

    /// <summary>Lets something happen later.</summary>
    public void After(long ticks, Action action) => _link.World.At(NowTicks + ticks, action);
}
