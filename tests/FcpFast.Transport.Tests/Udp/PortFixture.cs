using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using FcpFast.Protocol.Wire;
using FcpFast.Transport.Udp;

namespace FcpFast.Transport.Tests.Udp;

/// <summary>A run as it was received.</summary>
internal sealed record ReceivedRun(byte[] Bytes, int DatagramBytes, NetAddress Peer)
{
    public IEnumerable<byte[]> Datagrams => Bytes.Chunk(DatagramBytes);
}

/// <summary>A port on loopback with slabs of its own.</summary>
internal sealed class PortFixture : IDisposable
{
    public const int Slabs = 24;
    public const int PatienceMs = 30_000;

    public PortFixture(
        OffloadChoice offload, NetFamily family = NetFamily.IPv4, int slabs = Slabs, int receiveBytes = DatagramSlab.CapacityBytes, bool waitsPortably = false,
        int receiveBufferBytes = UdpPortOptions.SocketBufferBytesDefault)
    {
        IPAddress loopback = family == NetFamily.IPv4 ? IPAddress.Loopback : IPAddress.IPv6Loopback;
        Pool = new DatagramSlabPool(slabs);
        try
        {
            Port = UdpPort.Open(
                new UdpPortOptions
                {
                    Local = new IPEndPoint(loopback, 0).ToNetAddress(),
                    Offload = offload,
                    ReceiveBufferBytes = receiveBufferBytes,
                    ReceiveBytes = receiveBytes,
                    WaitsPortably = waitsPortably,
                },
                Pool);
        }
        catch (SocketException e) when (family == NetFamily.IPv6)
        {
            Assert.Skip($"no IPv6 loopback here ({e.SocketErrorCode})");
            throw;
        }

        if (OperatingSystem.IsLinux()) Assert.True(Port.Offload.IsOn == (offload == OffloadChoice.Auto), Port.Offload.Explanation);
    }

    public DatagramSlabPool Pool { get; }

    public UdpPort Port { get; }

    public NetAddress Address => Port.Local;

    public static byte[] Pattern(int bytes, int seed = 0)
    {
        byte[] pattern = new byte[bytes];
        for (int i = 0; i < bytes; i++) pattern[i] = unchecked((byte)((i * 31) + (i >> 8) + seed));
        return pattern;
    }

    public void SendAll(ReadOnlySpan<byte> datagrams, int datagramBytes, NetAddress to)
    {
        Assert.Equal(SendStatus.Sent, Port.Send(datagrams, datagramBytes, to, out int sentBytes));
        Assert.Equal(datagrams.Length, sentBytes);
    }

    /// <summary>Receives until so many bytes came.</summary>
    public List<ReceivedRun> ReceiveBytes(int bytes, int slabsAtOnce = 8)
    {
        var runs = new List<ReceivedRun>();
        var slabs = new DatagramSlab?[slabsAtOnce];
        while (bytes > 0)
        {
            Assert.True((Port.Wait(PatienceMs) & PortEvents.Readable) != 0, $"{bytes} bytes did not come");
            int count = Port.Receive(slabs);
            for (int i = 0; i < count; i++)
            {
                DatagramSlab slab = slabs[i]!;
                runs.Add(new ReceivedRun(slab.Filled.ToArray(), slab.DatagramBytes, slab.Peer));
                Assert.Equal(runs[^1].Datagrams, Enumerable.Range(0, slab.Count).Select(index => slab.Datagram(index).ToArray()));
                bytes -= slab.Bytes;
                slab.Return();
            }
        }

        Assert.Equal(0, bytes);
        return runs;
    }

    public void Dispose()
    {
        Port.Dispose();
        Pool.Dispose(); // in Debug: no slab is missing
    }
}
