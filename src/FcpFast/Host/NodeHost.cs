using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Node;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Wire;
using FcpFast.Transport.Udp;

namespace FcpFast.Host;

/// <summary>One shard: a thread that owns a UDP socket (two, where it is one of several shards) and a node core, and moves slabs between them.</summary>
/// <remarks>
/// Shape:   each turn: what others asked for, control messages, slabs in, timers, slabs out; then it sleeps until something happens.
/// Threads: its own; others post actions.
/// Cost:    no allocation a datagram or a turn.
/// </remarks>
internal sealed class NodeHost : IDatagramPort, IAsyncDisposable
{
    private const int SlabsPerTurn = 8;
    private const int SlabsPerReceive = 8;
    private const int SleepMillisecondsMax = 200;
    private const int HellosPerTurn = 64;

    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HelloQueue _hellos = new();
    private readonly DatagramSlabPool _slabs;
    private readonly DatagramSlab?[] _received = new DatagramSlab?[SlabsPerReceive];
    private readonly NodeClock _clock;
    private readonly UdpPort _udp; // at the node's address
    private readonly UdpPort? _own; // for sessions that this node initiated, whose ids the peers drew
    private UdpPort _outgoingPort;
    private StreamHost? _streams;
    private INodeCore? _core;
    private DatagramSlab? _outgoing;
    private int _outgoingOffset;
    private volatile bool _isStopping;

    private NodeHost(UdpPort udp, UdpPort? own, DatagramSlabPool slabs, NodeClock clock)
    {
        _clock = clock;
        _slabs = slabs;
        _udp = udp;
        _own = own;
        _outgoingPort = udp;
    }

    /// <summary>Opens the sockets of all shards of a node.</summary>
    /// <param name="options">The socket at the node's address.</param>
    /// <param name="shards">How many.</param>
    /// <param name="clock">The clocks.</param>
    /// <remarks>Errors: those of <see cref="UdpPort.OpenShared"/>.</remarks>
    public static IReadOnlyList<NodeHost> Open(UdpPortOptions options, int shards, NodeClock clock)
    {
        var pools = new DatagramSlabPool[shards];
        for (int shard = 0; shard < shards; shard++) pools[shard] = new DatagramSlabPool(SlabsPerReceive * (shards == 1 ? 3 : 4)); // each port keeps some ready
        IReadOnlyList<UdpPort> ports = [];
        var hosts = new List<NodeHost>();
        try
        {
            ports = UdpPort.OpenShared(options, pools);
            for (int shard = 0; shard < shards; shard++)
            {
                UdpPort? own = shards == 1 ? null : UdpPort.Open(options with { Local = ports[shard].Local with { Port = 0 }, Beside = ports[shard] }, pools[shard]);
                hosts.Add(new NodeHost(ports[shard], own, pools[shard], clock));
            }

            return hosts;
        }
        catch
        {
            foreach (NodeHost host in hosts) host._own?.Dispose();
            foreach (UdpPort port in ports) port.Dispose();
            foreach (DatagramSlabPool pool in pools) pool.Dispose();
            throw;
        }
    }

    /// <summary>The socket at the node's address.</summary>
    public UdpPort Udp => _udp;

    /// <summary>The shard's sockets.</summary>
    public IReadOnlyList<UdpPort> Ports => _own is null ? [_udp] : [_udp, _own];

    /// <summary>The time of a turn that is being made.</summary>
    public Instant Now => _clock.Read();

    /// <summary>Ends when the thread has ended; faulted if it broke.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Interrupts the sleep; any thread.</summary>
    public void Wake() => Waiting.Wake();

    /// <summary>Runs an action on the shard's thread, soon; any thread.</summary>
    public void Post(Action action)
    {
        _posted.Enqueue(action);
        Wake();
    }

    /// <summary>Takes a Hello over from another shard; false if too many wait. Any thread.</summary>
    public bool TryHand(ReadOnlySpan<byte> hello, NetAddress from)
    {
        if (!_hellos.TryPut(hello, from)) return false;
        Wake();
        return true;
    }

    /// <summary>Passes datagrams on at once; the shard's thread.</summary>
    bool IDatagramPort.Send(ReadOnlySpan<byte> datagrams, int datagramBytes, DatagramRoute to) =>
        PortOf(to).Send(datagrams, datagramBytes, to.To, out _) == SendStatus.Sent;

    /// <summary>Starts the thread.</summary>
    public void Start(INodeCore core, StreamHost streams)
    {
        _core = core;
        _streams = streams;
        new Thread(Run) { Name = "fcpfast shard", IsBackground = true }.Start();
    }

    /// <summary>Lets the thread end after its turn; any thread.</summary>
    public void Stop()
    {
        _isStopping = true;
        Wake();
    }

    /// <summary>Ends the thread, then the sockets. The core is disposed on the shard's thread.</summary>
    public async ValueTask DisposeAsync()
    {
        Stop();
        if (_core is not null) await _ended.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _outgoing?.Return();
        foreach (DatagramSlab? left in _received) left?.Return(); // by a thread that broke
        _own?.Dispose();
        _udp.Dispose();
        _slabs.Dispose();
    }

    private UdpPort Waiting => _own ?? _udp;

    private UdpPort PortOf(in DatagramRoute route) => route.IsFromOwnPort && _own is not null ? _own : _udp;

    private void Run()
    {
        try
        {
            while (!_isStopping) Turn(_core!, _streams!);
            _core!.Dispose();
            _ended.SetResult();
        }
#pragma warning disable CA1031 // a broken invariant ends the shard, and its owner learns why; nothing is swallowed
        catch (Exception e)
        {
            _ended.SetException(e);
        }
#pragma warning restore CA1031
    }

    private void Turn(INodeCore core, StreamHost streams)
    {
        Instant now = _clock.Read();
        bool worked = false;
        while (_posted.TryDequeue(out Action? action))
        {
            action();
            worked = true;
        }

        for (int i = 0; i < HellosPerTurn && _hellos.TryTake(out HelloQueue.Waiting? hello); i++)
        {
            core.ReceivedHello(hello.Hello.Span, hello.From, now);
            worked = true;
        }

        worked |= streams.Pump(core, now);
        worked |= Receive(_udp, core, now);
        if (_own is not null) worked |= Receive(_own, core, now);
        core.Tick(now);
        bool isBlocked = !Send(core, now, ref worked);
        if (worked && !isBlocked) return;
        long sleepTicks = core.NextTicks(now) - now.Ticks;
        int milliseconds = (int)Math.Clamp((sleepTicks + Instant.TicksPerMillisecond - 1) / Instant.TicksPerMillisecond, 0, SleepMillisecondsMax);
        Waiting.Wait(isBlocked ? Math.Max(1, milliseconds) : milliseconds, isBlocked && _outgoingPort == Waiting, isBlocked && _outgoingPort != Waiting);
    }

    private bool Receive(UdpPort port, INodeCore core, Instant now)
    {
        int count = port.Receive(_received);
        for (int i = 0; i < count; i++)
        {
            DatagramSlab slab = _received[i]!;
            core.ReceivedDatagrams(slab.Filled, slab.DatagramBytes, slab.Peer, now);
            slab.Return();
            _received[i] = null;
        }

        return count > 0;
    }

    /// <summary>Sends what is due; false if the socket takes no more now.</summary>
    private bool Send(INodeCore core, Instant now, ref bool worked)
    {
        for (int i = 0; i < SlabsPerTurn; i++)
        {
            if (_outgoing is null && !Fill(core, now)) return true;
            DatagramSlab slab = _outgoing!;
            SendStatus status = _outgoingPort.Send(slab.Filled[_outgoingOffset..], slab.DatagramBytes, slab.Peer, out int sentBytes);
            worked = true;
            if (status == SendStatus.WouldBlock)
            {
                _outgoingOffset += sentBytes;
                return false;
            }

            slab.Return(); // sent, or lost as the network loses: repair sees to it
            _outgoing = null;
        }

        return true;
    }

    private bool Fill(INodeCore core, Instant now)
    {
        if (!_slabs.TryRent(out DatagramSlab? slab)) return false;
        int bytes = core.FillDatagrams(slab!.Buffer, UdpPort.DatagramsPerRunMax, now, out int datagramBytes, out DatagramRoute to);
        if (bytes == 0)
        {
            slab.Return();
            return false;
        }

        slab.Fill(bytes, datagramBytes, to.To);
        _outgoingPort = PortOf(to);
        _outgoing = slab;
        _outgoingOffset = 0;
        return true;
    }
}
