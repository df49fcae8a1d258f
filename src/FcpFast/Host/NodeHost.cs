using System;
using System.Collections.Concurrent;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Node;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Wire;
using FcpFast.Transport.Udp;

namespace FcpFast.Host;

/// <summary>One shard: a thread that owns a UDP socket and a node core, and moves slabs between them.</summary>
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

    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly DatagramSlabPool _slabs = new(SlabsPerReceive * 3);
    private readonly DatagramSlab?[] _received = new DatagramSlab?[SlabsPerReceive];
    private readonly NodeClock _clock;
    private readonly UdpPort _udp;
    private StreamHost? _streams;
    private INodeCore? _core;
    private DatagramSlab? _outgoing;
    private int _outgoingOffset;
    private volatile bool _isStopping;

    /// <summary>Opens the socket.</summary>
    /// <param name="options">The socket.</param>
    /// <param name="clock">The clocks.</param>
    public NodeHost(UdpPortOptions options, NodeClock clock)
    {
        _clock = clock;
        _udp = UdpPort.Open(options, _slabs);
    }

    /// <summary>The socket.</summary>
    public UdpPort Udp => _udp;

    /// <summary>The time of a turn that is being made.</summary>
    public Instant Now => _clock.Read();

    /// <summary>Ends when the thread has ended; faulted if it broke.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Interrupts the sleep; any thread.</summary>
    public void Wake() => _udp.Wake();

    /// <summary>Runs an action on the shard's thread, soon; any thread.</summary>
    public void Post(Action action)
    {
        _posted.Enqueue(action);
        _udp.Wake();
    }

    /// <summary>Passes datagrams on at once; the shard's thread.</summary>
    bool IDatagramPort.Send(ReadOnlySpan<byte> datagrams, int datagramBytes, NetAddress to) =>
        _udp.Send(datagrams, datagramBytes, to, out _) == SendStatus.Sent;

    /// <summary>Starts the thread.</summary>
    public void Start(INodeCore core, StreamHost streams)
    {
        _core = core;
        _streams = streams;
        new Thread(Run) { Name = "fcpfast shard", IsBackground = true }.Start();
    }

    /// <summary>Ends the thread, then the socket. The core is disposed on the shard's thread.</summary>
    public async ValueTask DisposeAsync()
    {
        _isStopping = true;
        _udp.Wake();
        if (_core is not null) await _ended.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _outgoing?.Return();
        foreach (DatagramSlab? left in _received) left?.Return(); // by a thread that broke
        _udp.Dispose();
        _slabs.Dispose();
    }

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

        worked |= streams.Pump(core, now);
        worked |= Receive(core, now);
        core.Tick(now);
        bool isBlocked = !Send(core, now, ref worked);
        if (worked && !isBlocked) return;
        long sleepTicks = core.NextTicks(now) - now.Ticks;
        int milliseconds = (int)Math.Clamp((sleepTicks + Instant.TicksPerMillisecond - 1) / Instant.TicksPerMillisecond, 0, SleepMillisecondsMax);
        _udp.Wait(isBlocked ? Math.Max(1, milliseconds) : milliseconds, untilWritable: isBlocked);
    }

    private bool Receive(INodeCore core, Instant now)
    {
        int count = _udp.Receive(_received);
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
            SendStatus status = _udp.Send(slab.Filled[_outgoingOffset..], slab.DatagramBytes, slab.Peer, out int sentBytes);
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
        int bytes = core.FillDatagrams(slab!.Buffer, UdpPort.DatagramsPerRunMax, now, out int datagramBytes, out NetAddress to);
        if (bytes == 0)
        {
            slab.Return();
            return false;
        }

        slab.Fill(bytes, datagramBytes, to);
        _outgoing = slab;
        _outgoingOffset = 0;
        return true;
    }
}
