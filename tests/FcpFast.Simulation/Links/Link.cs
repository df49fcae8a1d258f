using System;
using System.Collections.Generic;

namespace FcpFast.Simulation.Links;

/// <summary>One direction between two hosts, for datagrams or for the messages of connections.</summary>
/// <remarks>
/// Shape: rules in their order, then the latency. Messages of connections never overtake each other; while the link is cut they wait, where
///        datagrams are lost.
/// </remarks>
public sealed class Link
{
    private readonly Action<Packet> _arrive;
    private readonly List<IPacketRule> _rules = [];
    private readonly Queue<Packet> _waiting = new();
    private readonly bool _isOrdered;
    private List<Packet>? _batch;
    private long _batchTicks;
    private long _lastTicks;
    private bool _isCut;

    internal Link(World world, string name, bool isOrdered, TimeSpan latency, Action<Packet> arrive)
    {
        World = world;
        Name = name;
        Latency = latency;
        Random = world.NewRandom(name);
        _isOrdered = isOrdered;
        _arrive = arrive;
    }

    /// <summary>Its two hosts and what it carries.</summary>
    public string Name { get; }

    /// <summary>What it has done.</summary>
    public LinkTally Tally { get; } = new();

    /// <summary>How long a packet takes.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>True while nothing comes through.</summary>
    public bool IsCut
    {
        get => _isCut;
        set
        {
            _isCut = value;
            while (!_isCut && _waiting.TryDequeue(out Packet? packet)) Pass(packet, 0);
        }
    }

    internal World World { get; }

    internal WorldRandom Random { get; }

    /// <summary>Adds rules behind those that are there.</summary>
    public void Add(params ReadOnlySpan<IPacketRule> rules) => _rules.AddRange(rules);

    /// <summary>Takes all rules away.</summary>
    public void ClearRules() => _rules.Clear();

    /// <summary>Puts a packet onto the link behind its rules.</summary>
    public void Inject(Packet packet)
    {
        ArgumentNullException.ThrowIfNull(packet);
        if (!packet.IsInjected) throw new ArgumentException("an injected packet says so", nameof(packet));
        Tally.Injected++;
        World.Trace.Add(World.NowTicks, "injected", Name, packet.Number, packet.Bytes);
        Deliver(packet);
    }

    internal void Send(Packet packet)
    {
        Tally.Sent++;
        World.Trace.Add(World.NowTicks, "sent", Name, packet.Number, packet.Bytes);
        if (_isCut && _isOrdered) _waiting.Enqueue(packet);
        else if (_isCut) Drop(packet);
        else Pass(packet, 0);
    }

    internal void Pass(Packet packet, int rule)
    {
        if (rule == _rules.Count) Deliver(packet);
        else _rules[rule].Take(packet, new Hop(this, rule + 1));
    }

    internal void Drop(Packet packet)
    {
        Tally.Dropped++;
        World.Trace.Add(World.NowTicks, "dropped", Name, packet.Number);
    }

    /// <summary>Lets a packet arrive after the latency; what is due at one moment arrives together.</summary>
    private void Deliver(Packet packet)
    {
        long due = World.NowTicks + Latency.Ticks + packet.DelayTicks;
        if (_isOrdered) due = Math.Max(due, _lastTicks);
        _lastTicks = Math.Max(due, _lastTicks);
        if (_batch is not null && _batchTicks == due)
        {
            _batch.Add(packet);
            return;
        }

        var batch = new List<Packet> { packet };
        (_batch, _batchTicks) = (batch, due);
        World.At(due, () => Arrive(batch));
    }

    private void Arrive(List<Packet> batch)
    {
        if (_batch == batch) _batch = null;
        foreach (Packet packet in batch)
        {
            World.Trace.Add(World.NowTicks, "arrived", Name, packet.Number);
            _arrive(packet);
        }
    }
}
