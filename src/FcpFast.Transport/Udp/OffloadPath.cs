using System;
using System.Globalization;
using System.Threading;
using FcpFast.Interop.Linux;
using FcpFast.Interop.Memory;
using FcpFast.Protocol.Wire;

namespace FcpFast.Transport.Udp;

/// <summary>Runs of datagrams by single system calls (Linux).</summary>
/// <remarks>
/// Shape:   keeps <see cref="UdpPortOptions.SlabsPerReceive"/> slabs rented, so that the kernel always finds room.
/// Errors:  a run that the path refuses is sent one by one; a device that cannot segment, or <see cref="RefusalsInARowMax"/> refusals
///          without a success between, turn offload off for good, which <see cref="Offload"/> and the counters show.
/// Threads: one; <see cref="Offload"/> may be read by any.
/// Cost:    no allocation.
/// </remarks>
internal sealed class OffloadPath : IUdpPath
{
    /// <summary>A refusal costs a system call; peers behind a narrow path must not switch offload off for the others.</summary>
    internal const int RefusalsInARowMax = 16;

    private readonly UdpOffload _socket;
    private readonly DatagramSlabPool _pool;
    private readonly UdpCounters _counters;
    private readonly int _receiveBytes;
    private readonly DatagramSlab?[] _ready;
    private readonly PinnedSlab[] _readyMemory;
    private readonly UdpArrival[] _arrivals;
    private int _readyCount;
    private int _refusalsInARow;
    private OffloadState _offload = new(true, OffloadReason.Works, "The kernel splits and joins runs of datagrams.");

    public OffloadPath(UdpOffload socket, UdpPortOptions options, DatagramSlabPool pool, UdpCounters counters)
    {
        _socket = socket;
        _pool = pool;
        _counters = counters;
        _receiveBytes = options.ReceiveBytes;
        _ready = new DatagramSlab?[options.SlabsPerReceive];
        _readyMemory = new PinnedSlab[options.SlabsPerReceive];
        _arrivals = new UdpArrival[options.SlabsPerReceive];
    }

    public bool HasPending => false;

    public OffloadState Offload => Volatile.Read(ref _offload);

    public int LastError { get; private set; }

    public int Receive(Span<DatagramSlab?> slabs)
    {
        int wanted = Math.Min(slabs.Length, _ready.Length);
        if (!MakeReady(wanted)) return 0;
        int offered = Math.Min(wanted, _readyCount);
        UdpResult result = _socket.ReceiveMany(_readyMemory.AsSpan(0, offered), _arrivals, _receiveBytes);
        if (result.Status != UdpStatus.Done)
        {
            if (result.Status == UdpStatus.WouldBlock) return 0;
            LastError = result.Errno;
            _counters.Add(UdpCount.ReceiveErrors);
            return 0;
        }

        return HandOut(slabs, result.Count);
    }

    public SendStatus Send(ReadOnlySpan<byte> datagrams, int datagramBytes, in NetAddress to, out int sentBytes)
    {
        sentBytes = 0;
        bool sendsRuns = _offload.IsOn;
        while (sentBytes < datagrams.Length)
        {
            ReadOnlySpan<byte> rest = datagrams[sentBytes..];
            if (!sendsRuns && rest.Length > datagramBytes) rest = rest[..datagramBytes];
            UdpResult result = _socket.Send(rest, datagramBytes, to);
            switch (result.Status)
            {
                case UdpStatus.Done:
                    sentBytes += result.Count;
                    _counters.AddSent(result.Count, ((result.Count - 1) / datagramBytes) + 1);
                    if (result.Count > datagramBytes) _refusalsInARow = 0;
                    break;
                case UdpStatus.OffloadRefused or UdpStatus.OffloadUnsupported:
                    NoteRefusal(result);
                    sendsRuns = false;
                    break;
                default:
                    return Failure(result);
            }
        }

        return SendStatus.Sent;
    }

    public void Dispose()
    {
        for (int i = 0; i < _readyCount; i++) _ready[i]!.Return();
        _readyCount = 0;
    }

    internal void NoteRefusal(UdpResult result)
    {
        LastError = result.Errno;
        _counters.Add(UdpCount.OffloadRefusals);
        _refusalsInARow++;
        if (result.Status != UdpStatus.OffloadUnsupported && _refusalsInARow < RefusalsInARowMax) return;
        Volatile.Write(ref _offload, new OffloadState(false, OffloadReason.RefusedAtRunTime, string.Create(CultureInfo.InvariantCulture,
            $"The device or path refuses runs of datagrams (error {result.Errno}); they are sent one by one since.")));
    }

    private SendStatus Failure(UdpResult result)
    {
        _counters.Add(result.Status == UdpStatus.WouldBlock ? UdpCount.SendsBlocked : UdpCount.SendsFailed);
        LastError = result.Errno;
        return result.Status switch
        {
            UdpStatus.WouldBlock => SendStatus.WouldBlock,
            UdpStatus.TooLarge => SendStatus.TooLarge,
            UdpStatus.Unreachable => SendStatus.Unreachable,
            _ => SendStatus.Failed,
        };
    }

    private bool MakeReady(int wanted)
    {
        while (_readyCount < wanted && _pool.TryRent(out DatagramSlab? slab))
        {
            _ready[_readyCount] = slab;
            _readyMemory[_readyCount++] = slab.Slab;
        }

        if (_readyCount == 0 && wanted > 0) _counters.Add(UdpCount.SlabsMissing);
        return _readyCount > 0;
    }

    /// <summary>Moves the filled slabs out, in order, and closes the gaps with those that are still empty.</summary>
    private int HandOut(Span<DatagramSlab?> slabs, int filled)
    {
        int handed = 0, kept = 0;
        for (int i = 0; i < _readyCount; i++)
        {
            DatagramSlab slab = _ready[i]!;
            if (i < filled && TryFill(slab, _arrivals[i]))
            {
                slabs[handed++] = slab;
                continue;
            }

            _ready[kept] = slab;
            _readyMemory[kept++] = slab.Slab;
        }

        Array.Clear(_ready, kept, _readyCount - kept);
        _readyCount = kept;
        return handed;
    }

    private bool TryFill(DatagramSlab slab, in UdpArrival arrival)
    {
        if (arrival.IsTruncated || arrival.Bytes == 0 || !arrival.From.IsSpecified)
        {
            _counters.Add(arrival.IsTruncated ? UdpCount.Truncated : UdpCount.Empty);
            return false;
        }

        slab.Fill(arrival.Bytes, arrival.SegmentBytes, arrival.From);
        _counters.AddReceived(slab);
        return true;
    }
}
