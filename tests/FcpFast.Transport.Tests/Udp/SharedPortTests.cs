using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using FcpFast.Interop.Linux;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Wire;
using FcpFast.Transport.Udp;

namespace FcpFast.Transport.Tests.Udp;

/// <summary>One address for several shards: the kernel gives each datagram to the shard that its first byte names, wherever it comes from.</summary>
public sealed class SharedPortTests : IDisposable
{
    private const int DatagramBytes = 64;

    private readonly List<DatagramSlabPool> _pools = [];
    private readonly List<UdpPort> _ports = [];

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void OpenShared_EveryFirstByte_ComesToItsShard(int shards)
    {
        IReadOnlyList<UdpPort> ports = OpenShared(shards, Loopback(0));
        using var one = new PortFixture(OffloadChoice.Off);
        using var other = new PortFixture(OffloadChoice.Off); // the same session from another address: its peer roams
        foreach (PortFixture from in new[] { one, other })
        {
            for (int first = 0; first <= byte.MaxValue; first++) Send(from, (byte)first, ports[0].Local);
            for (int shard = 0; shard < shards; shard++)
            {
                int[] expected = [.. Enumerable.Range(0, byte.MaxValue + 1).Where(first => SessionSteering.ShardOf((byte)first, shards) == shard)];
                Assert.Equal(expected, Receive(ports[shard], expected.Length).Order());
            }
        }
    }

    [Fact]
    public void OpenShared_RunOfOneSession_ComesToItsShardWhole()
    {
        IReadOnlyList<UdpPort> ports = OpenShared(2, Loopback(0));
        using var from = new PortFixture(OffloadChoice.Auto);
        byte[] run = new byte[54 * DatagramBytes];
        for (int i = 0; i < 54; i++) run[i * DatagramBytes] = 7;
        from.SendAll(run, DatagramBytes, ports[0].Local);
        Assert.Equal(Enumerable.Repeat(7, 54), Receive(ports[1], 54));
    }

    [Fact]
    public void OpenShared_EmptyDatagram_TroublesNoShard()
    {
        IReadOnlyList<UdpPort> ports = OpenShared(2, Loopback(0));
        using var from = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        from.SendTo([], ports[0].Local.ToEndPoint());
        using var fixture = new PortFixture(OffloadChoice.Off);
        Send(fixture, 0, ports[0].Local);
        Assert.Equal([0], Receive(ports[0], 1));
    }

    [Fact]
    public void OpenShared_AddressOfAnother_IsRefused()
    {
        IReadOnlyList<UdpPort> ports = OpenShared(2, Loopback(0));
        Assert.Throws<SocketException>(() => OpenShared(2, ports[0].Local)); // the kernel would let them in, being of one user
        Assert.Throws<SocketException>(() => OpenShared(1, ports[0].Local));
    }

    [Fact]
    public void OpenShared_One_IsAnOrdinaryPort()
    {
        UdpPort port = Assert.Single(OpenShared(1, Loopback(0)));
        using var from = new PortFixture(OffloadChoice.Off);
        Send(from, 201, port.Local);
        Assert.Equal([201], Receive(port, 1));
    }

    [Fact]
    public void Wait_PortBeside_EndsTheWait()
    {
        IReadOnlyList<UdpPort> ports = OpenShared(2, Loopback(0));
        var pool = new DatagramSlabPool(16);
        _pools.Add(pool);
        UdpPort own = UdpPort.Open(new UdpPortOptions { Local = Loopback(0), SlabsPerReceive = 4, Beside = ports[1] }, pool);
        _ports.Add(own);
        using var from = new PortFixture(OffloadChoice.Off);
        Assert.Equal(PortEvents.None, own.Wait(0));
        Send(from, 1, ports[1].Local);
        Assert.Equal(PortEvents.Readable, own.Wait(PortFixture.PatienceMs));
        Assert.Equal([1], Receive(ports[1], 1));
        Send(from, 2, own.Local);
        Assert.Equal(PortEvents.Readable, own.Wait(PortFixture.PatienceMs));
        Assert.Equal([2], Receive(own, 1));
        Assert.Equal(PortEvents.Writable, own.Wait(PortFixture.PatienceMs, untilWritable: true));
        Assert.Equal(PortEvents.Writable, own.Wait(PortFixture.PatienceMs, untilBesideWritable: true));
        own.Wake();
        Assert.Equal(PortEvents.Woken, own.Wait(PortFixture.PatienceMs));
    }

    public void Dispose()
    {
        foreach (UdpPort port in Enumerable.Reverse(_ports)) port.Dispose();
        foreach (DatagramSlabPool pool in _pools) pool.Dispose();
    }

    private static NetAddress Loopback(int port) => new IPEndPoint(IPAddress.Loopback, port).ToNetAddress();

    private static void Send(PortFixture from, byte first, NetAddress to)
    {
        byte[] datagram = new byte[DatagramBytes];
        datagram[0] = first;
        from.SendAll(datagram, DatagramBytes, to);
    }

    /// <summary>The first bytes of so many datagrams.</summary>
    private static List<int> Receive(UdpPort port, int datagrams)
    {
        var firsts = new List<int>();
        var slabs = new DatagramSlab?[4];
        while (firsts.Count < datagrams)
        {
            Assert.True((port.Wait(PortFixture.PatienceMs) & PortEvents.Readable) != 0, $"{datagrams - firsts.Count} datagrams did not come");
            int count = port.Receive(slabs);
            for (int i = 0; i < count; i++)
            {
                for (int at = 0; at < slabs[i]!.Count; at++) firsts.Add(slabs[i]!.Datagram(at)[0]);
                slabs[i]!.Return();
            }
        }

        Assert.Equal(datagrams, firsts.Count);
        return firsts;
    }

    private IReadOnlyList<UdpPort> OpenShared(int shards, NetAddress local)
    {
        Assert.SkipUnless(Poller.IsSupported, "64-bit Linux only");
        DatagramSlabPool[] pools = [.. Enumerable.Range(0, shards).Select(static _ => new DatagramSlabPool(16))];
        _pools.AddRange(pools);
        IReadOnlyList<UdpPort> ports = UdpPort.OpenShared(new UdpPortOptions { Local = local, SlabsPerReceive = 4 }, pools);
        _ports.AddRange(ports);
        return ports;
    }
}
