using System;
using System.Net;
using System.Net.Sockets;
using FcpFast.Protocol.Wire;

namespace FcpFast.Transport.Udp;

/// <summary>One datagram a system call, by the runtime's sockets alone: every system has it.</summary>
/// <remarks>
/// Shape:   as many datagrams of one size from one sender as were waiting share a slab, as if the kernel had joined them.
/// Errors:  the socket's exceptions end here: what a peer or the path can cause becomes a status or a count.
/// Threads: one.
/// Cost:    two system calls a datagram (is there something, is there room: to be told by an exception would allocate) and, when
///          receiving, a copy. No allocation.
/// </remarks>
internal sealed class PortablePath : IUdpPath
{
    // What the kernels join at most.
    private const int DatagramsPerSlabMax = 64;

    // Empty datagrams and error reports take turns of one receive call, but not all of its time.
    private const int WastedTurnsMax = 64;

    private readonly Socket _socket;
    private readonly NetFamily _family;
    private readonly DatagramSlabPool _pool;
    private readonly UdpCounters _counters;
    private readonly byte[] _arrival;
    private readonly SocketAddress _from;
    private readonly SocketAddress _to;
    private NetAddress _toAddress;
    private NetAddress _arrivalFrom;
    private int _arrivalBytes;

    public PortablePath(Socket socket, UdpPortOptions options, DatagramSlabPool pool, UdpCounters counters, OffloadState offload)
    {
        _socket = socket;
        _socket.Blocking = false;
        _family = options.Local.Family;
        _pool = pool;
        _counters = counters;
        Offload = offload;
        _arrival = GC.AllocateUninitializedArray<byte>(options.ReceiveBytes + 1, pinned: true); // one more: a full buffer is a truncated datagram
        _from = new SocketAddress(socket.AddressFamily);
        _to = new SocketAddress(socket.AddressFamily);
    }

    public bool HasPending => _arrivalBytes > 0;

    public OffloadState Offload { get; }

    public int LastError { get; private set; }

    public int Receive(Span<DatagramSlab?> slabs)
    {
        int handed = 0;
        DatagramSlab? open = null;
        for (int turns = (slabs.Length * DatagramsPerSlabMax) + WastedTurnsMax; turns > 0; turns--)
        {
            if (!HasPending && !TryReceiveOne()) break;
            if (!HasPending) continue; // it was dropped
            if (open is null || !TryJoin(open))
            {
                if (!TryOpen(slabs, ref handed, out open)) break; // it stays pending
            }

            _arrivalBytes = 0;
        }

        for (int i = 0; i < handed; i++) _counters.AddReceived(slabs[i]!);
        return handed;
    }

    public SendStatus Send(ReadOnlySpan<byte> datagrams, int datagramBytes, in NetAddress to, out int sentBytes)
    {
        sentBytes = 0;
        if (to.Family != _family)
        {
            _counters.Add(UdpCount.SendsFailed);
            return SendStatus.Unreachable;
        }

        if (to != _toAddress)
        {
            NetEndPoints.Write(to, _to);
            _toAddress = to;
        }

        while (sentBytes < datagrams.Length)
        {
            ReadOnlySpan<byte> rest = datagrams[sentBytes..];
            SendStatus status = SendOne(rest[..Math.Min(rest.Length, datagramBytes)]);
            if (status != SendStatus.Sent)
            {
                _counters.Add(status == SendStatus.WouldBlock ? UdpCount.SendsBlocked : UdpCount.SendsFailed);
                return status;
            }

            sentBytes += Math.Min(rest.Length, datagramBytes);
        }

        return SendStatus.Sent;
    }

    public void Dispose() => _arrivalBytes = 0;

    private SendStatus SendOne(ReadOnlySpan<byte> datagram)
    {
        try
        {
            if (!_socket.Poll(TimeSpan.Zero, SelectMode.SelectWrite)) return SendStatus.WouldBlock;
            _ = _socket.SendTo(datagram, SocketFlags.None, _to);
            _counters.AddSent(datagram.Length, 1);
            return SendStatus.Sent;
        }
        catch (SocketException e)
        {
            LastError = e.NativeErrorCode;
            return e.SocketErrorCode switch
            {
                SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable or SocketError.TryAgain => SendStatus.WouldBlock,
                SocketError.MessageSize => SendStatus.TooLarge,
                SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostDown or SocketError.NetworkDown
                    or SocketError.AddressNotAvailable => SendStatus.Unreachable,
                _ => SendStatus.Failed,
            };
        }
    }

    /// <summary>False if nothing is there; true if something was taken from the socket, which may have been dropped.</summary>
    private bool TryReceiveOne()
    {
        try
        {
            if (!_socket.Poll(TimeSpan.Zero, SelectMode.SelectRead)) return false;
            int bytes = _socket.ReceiveFrom(_arrival, SocketFlags.None, _from);
            _arrivalFrom = NetEndPoints.Read(_from);
            if (bytes == _arrival.Length) _counters.Add(UdpCount.Truncated);
            else if (bytes == 0 || !_arrivalFrom.IsSpecified) _counters.Add(UdpCount.Empty);
            else _arrivalBytes = bytes;
            return true;
        }
        catch (SocketException e)
        {
            if (e.SocketErrorCode is SocketError.WouldBlock or SocketError.TryAgain) return false;
            LastError = e.NativeErrorCode;
            _counters.Add(e.SocketErrorCode == SocketError.MessageSize ? UdpCount.Truncated : UdpCount.ReceiveErrors);
            return true;
        }
    }

    /// <summary>Adds the datagram to the run, if it continues it.</summary>
    private bool TryJoin(DatagramSlab open)
    {
        bool joins = _arrivalFrom == open.Peer && _arrivalBytes <= open.DatagramBytes && open.Bytes % open.DatagramBytes == 0
            && open.Count < DatagramsPerSlabMax && open.Bytes + _arrivalBytes <= DatagramSlab.CapacityBytes;
        if (!joins) return false;
        _arrival.AsSpan(0, _arrivalBytes).CopyTo(open.Buffer[open.Bytes..]);
        open.Fill(open.Bytes + _arrivalBytes, open.DatagramBytes, open.Peer);
        return true;
    }

    /// <summary>Begins a run with the datagram; false if there is no slab for it.</summary>
    private bool TryOpen(Span<DatagramSlab?> slabs, ref int handed, out DatagramSlab? open)
    {
        open = null;
        if (handed == slabs.Length) return false;
        if (!_pool.TryRent(out open))
        {
            _counters.Add(UdpCount.SlabsMissing);
            return false;
        }

        _arrival.AsSpan(0, _arrivalBytes).CopyTo(open.Buffer);
        open.Fill(_arrivalBytes, _arrivalBytes, _arrivalFrom);
        slabs[handed++] = open;
        return true;
    }
}
