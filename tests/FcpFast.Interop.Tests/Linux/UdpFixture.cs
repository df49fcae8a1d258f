using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using FcpFast.Interop.Linux;
using FcpFast.Interop.Memory;
using FcpFast.Protocol.Wire;

namespace FcpFast.Interop.Tests.Linux;

/// <summary>A bound loopback socket with offload, and slabs to receive into.</summary>
internal sealed class UdpFixture : IDisposable
{
    public const int Slabs = 8;
    private const int PatienceMs = 10_000;

    private readonly PinnedSlabPool _pool = new(Slabs);
    private readonly PinnedSlab[] _slabs = new PinnedSlab[Slabs];

    public UdpFixture(NetFamily family = NetFamily.IPv4, int slabsPerReceive = Slabs)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux only");
        IPAddress loopback = family == NetFamily.IPv4 ? IPAddress.Loopback : IPAddress.IPv6Loopback;
        Socket = Bind(loopback);
        ushort port = (ushort)((IPEndPoint)Socket.LocalEndPoint!).Port;
        byte[] bytes = loopback.GetAddressBytes();
        Address = family == NetFamily.IPv4 ? NetAddress.IPv4(bytes, port) : NetAddress.IPv6(bytes, port);
        UdpOffload? offload = UdpOffload.Open(Socket.SafeHandle, family, slabsPerReceive, out string fault);
        Assert.True(offload is not null, fault);
        Offload = offload;
        for (int i = 0; i < Slabs; i++) Assert.True(_pool.TryRent(out _slabs[i]!));
    }

    public Socket Socket { get; }

    public NetAddress Address { get; }

    public UdpOffload Offload { get; }

    public ReadOnlySpan<PinnedSlab> SlabSpan => _slabs;

    /// <summary>Sends all, in as many calls as it takes.</summary>
    public int SendAll(ReadOnlySpan<byte> datagrams, int segmentBytes, NetAddress to)
    {
        int calls = 0;
        while (!datagrams.IsEmpty)
        {
            UdpResult result = Offload.Send(datagrams, segmentBytes, to);
            Assert.Equal(new UdpResult(UdpStatus.Done, result.Count, 0), result);
            datagrams = datagrams[result.Count..];
            calls++;
        }

        return calls;
    }

    /// <summary>Receives until so many bytes came; a copy of each slab.</summary>
    public List<(UdpArrival Arrival, byte[] Bytes)> ReceiveBytes(int bytes, int bytesEach = PinnedSlab.SlabBytes)
    {
        var received = new List<(UdpArrival, byte[])>();
        var arrivals = new UdpArrival[Slabs];
        using var poller = new Poller(Socket.SafeHandle);
        while (bytes > 0)
        {
            Assert.True(poller.Wait(PatienceMs) == PollEvents.Readable, $"{bytes} bytes did not come");
            UdpResult result = Offload.ReceiveMany(_slabs, arrivals, bytesEach);
            Assert.Equal(UdpStatus.Done, result.Status);
            for (int i = 0; i < result.Count; i++)
            {
                received.Add((arrivals[i], _slabs[i].Span[..arrivals[i].Bytes].ToArray()));
                bytes -= arrivals[i].Bytes;
            }
        }

        Assert.Equal(0, bytes);
        return received;
    }

    /// <summary>Bytes that tell their place.</summary>
    public static byte[] Pattern(int bytes, int seed = 0)
    {
        byte[] pattern = new byte[bytes];
        for (int i = 0; i < bytes; i++) pattern[i] = unchecked((byte)((i * 31) + (i >> 8) + seed));
        return pattern;
    }

    private static Socket Bind(IPAddress loopback)
    {
        var socket = new Socket(loopback.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4 << 20, SendBufferSize = 4 << 20 };
        try
        {
            socket.Bind(new IPEndPoint(loopback, 0));
        }
        catch (SocketException e) when (loopback.AddressFamily == AddressFamily.InterNetworkV6)
        {
            socket.Dispose();
            Assert.Skip($"no IPv6 loopback here ({e.SocketErrorCode})");
        }

        return socket;
    }

    public void Dispose()
    {
        Socket.Dispose();
        foreach (PinnedSlab slab in _slabs) _pool.Return(slab);
        _pool.Dispose();
    }
}
