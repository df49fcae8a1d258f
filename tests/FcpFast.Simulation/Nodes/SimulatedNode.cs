using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Node;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Wire;
using FcpFast.Simulation.Fleets;
using FcpFast.Simulation.Links;
using FcpFast.Simulation.Storage;

namespace FcpFast.Simulation.Nodes;

/// <summary>A machine that runs a node: its disk, clocks, address and audit stay when a process ends.</summary>
public sealed class SimulatedNode : IHost, IDisposable
{
    private NodeProcess? _process;
    private NodePlan _plan;
    private int _starts;
    private ulong _sends;

    /// <summary>Sets a machine up; nothing runs before <see cref="Start"/>.</summary>
    public SimulatedNode(Fleet fleet, Member member, NodePlan plan)
    {
        ArgumentNullException.ThrowIfNull(fleet);
        Fleet = fleet;
        Member = member;
        _plan = plan;
        World = fleet.World;
        Clock = new NodeClock(World);
        Address = World.Mesh.NewAddress();
        World.Mesh.Attach(this, Address);
    }

    /// <inheritdoc/>
    public string Name => Member.Name;

    /// <summary>The node's id.</summary>
    public NodeId Id => Member.Id;

    /// <summary>Who it is.</summary>
    public Member Member { get; }

    /// <inheritdoc/>
    public NetAddress Address { get; }

    /// <summary>Its clocks.</summary>
    public NodeClock Clock { get; }

    /// <summary>Its disk.</summary>
    public MemoryDisk Disk { get; } = new();

    /// <summary>Every number it ever accepted or opened.</summary>
    public FrameAudit Audit { get; } = new();

    /// <summary>What its processes told.</summary>
    public NodeLog Log { get; } = new();

    /// <summary>How it is set up; a change counts from the next start on.</summary>
    public NodePlan Plan
    {
        get => _plan;
        set => _plan = value;
    }

    /// <inheritdoc/>
    public bool IsUp => _process is not null;

    /// <inheritdoc/>
    public bool IsListening => IsUp && Plan.IsListening;

    /// <summary>The running core.</summary>
    public INodeCore Core => Process.Core;

    /// <summary>What the running core has counted of datagrams and frames.</summary>
    public StatusCounters Counters => Core.Counters;

    /// <summary>What it has counted of connections.</summary>
    public StatusCounters ControlCounters => Core.ControlCounters;

    /// <summary>How often it has counted a name, of whatever.</summary>
    public long CountOf(FcpStatus status) => Counters[status] + ControlCounters[status];

    /// <summary>What it has refused, by name, in words.</summary>
    public string DescribeRefusals() => string.Join(
        ", ", Counters.Snapshot().Concat(ControlCounters.Snapshot()).Where(static pair => pair.Key != FcpStatus.Accepted).Select(static pair => $"{pair.Key} {pair.Value}"));

    /// <summary>By which port its last datagram went.</summary>
    public DatagramRoute LastRoute { get; internal set; }

    /// <summary>How many processes it has had.</summary>
    public int Starts => _starts;

    internal World World { get; }

    /// <summary>The manifests that it was told of, in order.</summary>
    internal List<byte[]> Learned { get; } = [];

    internal Fleet Fleet { get; }

    private NodeProcess Process => _process ?? throw new InvalidOperationException($"{Name} is not running");

    /// <summary>Starts a process.</summary>
    public void Start()
    {
        if (IsUp) throw new InvalidOperationException($"{Name} is running");
        Clock.Restart();
        World.Trace.Add(World.NowTicks, "start", Name, ++_starts);
        _process = new NodeProcess(this, Plan, World.NewRandom($"{Name} {_starts}"));
    }

    /// <summary>Ends the process at once: what it had not written is lost, its connections break.</summary>
    public void Crash()
    {
        World.Trace.Add(World.NowTicks, "crash", Name, _starts);
        Process.End();
        _process = null;
        World.Mesh.Abandon(this);
    }

    /// <summary>Starts to send a file.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="content">Its content, which must not change.</param>
    /// <param name="to">Who gets it.</param>
    /// <param name="zone">The zone; the fleet's first if none is given.</param>
    /// <param name="modified">When it was last changed; with the same name, size and moment a file is the same as before and resumes.</param>
    public OutgoingFile Send(string name, byte[] content, Member to, string? zone = null, ulong? modified = null)
    {
        ArgumentNullException.ThrowIfNull(to);
        return Process.Send(name, content, modified ?? ++_sends, zone ?? Fleet.FirstZone, to.Id);
    }

    /// <summary>Files what became of a member's attestation.</summary>
    public void Follow(Member member, FcpStatus attestation) => Process.Follow(member, attestation);

    /// <summary>Has a manifest stored, and used if a process runs.</summary>
    public void Learn(byte[] manifest)
    {
        Learned.Add(manifest);
        _process?.Learn(manifest);
    }

    /// <summary>Gives a file up.</summary>
    public void Cancel(OutgoingFile file) => Core.Cancel(file);

    /// <summary>Sees every datagram that its socket takes, before the core does; null for nobody.</summary>
    public Action<Packet>? Arriving { get; set; }

    /// <inheritdoc/>
    public void TakeDatagram(Packet packet)
    {
        Arriving?.Invoke(packet);
        Process.TakeDatagram(packet);
    }

    /// <inheritdoc/>
    public void TakeConnection(StreamEnd end)
    {
        ArgumentNullException.ThrowIfNull(end);
        if (_process is null || (end.Tag is NodeProcess.Request request && request.Process != _process)) end.Close();
        else _process.TakeConnection(end);
    }

    /// <inheritdoc/>
    public void TakeRefusal(object tag)
    {
        if (tag is NodeProcess.Request request && request.Process == _process) _process.TakeRefusal(request.Peer);
    }

    /// <inheritdoc/>
    public void TakeMessage(StreamEnd end, bool isHandshake, byte[] message) => _process?.TakeMessage(end, isHandshake, message);

    /// <inheritdoc/>
    public void TakeClose(StreamEnd end) => _process?.TakeClose(end);

    /// <summary>Ends the process, if one runs.</summary>
    public void Dispose()
    {
        _process?.End();
        _process = null;
    }
}
