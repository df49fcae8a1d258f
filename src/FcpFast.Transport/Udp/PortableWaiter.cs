using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using FcpFast.Protocol.Wire;

namespace FcpFast.Transport.Udp;

/// <summary>Waits by the runtime's sockets alone; a wake is an empty datagram to oneself, which receiving drops.</summary>
/// <remarks>
/// Shape:   a mark tells the wake; the datagram only ends the sleep (as readable, the next wait tells of the mark). Should it be lost, the
///          mark is seen within <see cref="SliceMs"/>.
/// Threads: one waits, any wakes.
/// Cost:    no allocation.
/// </remarks>
internal sealed class PortableWaiter : IWaiter
{
    private const int SliceMs = 100;
    private const int WriteSliceMs = 1; // the runtime polls one direction at a time

    private readonly Socket _socket;
    private readonly Socket _bell;
    private readonly SocketAddress _self;
    private int _isSignalled;

    public PortableWaiter(Socket socket, in NetAddress local)
    {
        _socket = socket;
        _bell = new Socket(socket.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        _self = new SocketAddress(socket.AddressFamily);
        NetEndPoints.Write(Reachable(local), _self);
    }

    public PortEvents Wait(int timeoutMs, bool untilWritable, bool untilBesideWritable)
    {
        long endsAt = timeoutMs < 0 ? long.MaxValue : Environment.TickCount64 + timeoutMs;
        while (true)
        {
            PortEvents events = Interlocked.Exchange(ref _isSignalled, 0) != 0 ? PortEvents.Woken : PortEvents.None;
            long leftMs = Math.Max(0, endsAt - Environment.TickCount64);
            int sliceMs = events != PortEvents.None ? 0 : (int)Math.Min(leftMs, untilWritable ? WriteSliceMs : SliceMs);
            if (untilWritable && _socket.Poll(TimeSpan.Zero, SelectMode.SelectWrite)) (events, sliceMs) = (events | PortEvents.Writable, 0);
            if (_socket.Poll(TimeSpan.FromMilliseconds(sliceMs), SelectMode.SelectRead)) events |= PortEvents.Readable;
            if (events != PortEvents.None || leftMs == 0) return events;
        }
    }

    public void Wake()
    {
        if (Interlocked.Exchange(ref _isSignalled, 1) != 0) return;
        try
        {
            lock (_self) _ = _bell.SendTo([], SocketFlags.None, _self);
        }
        catch (SocketException)
        {
            // the mark is enough
        }
        catch (ObjectDisposedException)
        {
            // nobody waits any more
        }
    }

    public void Dispose() => _bell.Dispose();

    private static NetAddress Reachable(in NetAddress local)
    {
        if (local.Address != default) return local;
        IPAddress loopback = local.Family == NetFamily.IPv4 ? IPAddress.Loopback : IPAddress.IPv6Loopback;
        return new IPEndPoint(loopback, local.Port).ToNetAddress();
    }
}
