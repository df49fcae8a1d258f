using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Sockets;
using FcpFast.Interop.Linux;
using FcpFast.Protocol.Wire;

namespace FcpFast.Interop.Tests.Linux;

/// <summary>Runs of datagrams over real loopback sockets.</summary>
public sealed class UdpOffloadTests
{
    private const int PayloadBytesMax = WireLimits.DatagramBytesMax;

    [Theory]
    [InlineData(NetFamily.IPv4, 1200, 54 * 1200)]
    [InlineData(NetFamily.IPv4, 1200, (53 * 1200) + 1)]
    [InlineData(NetFamily.IPv4, 1200, 1200)]
    [InlineData(NetFamily.IPv4, 1200, 17)]
    [InlineData(NetFamily.IPv4, 576, 64 * 576)]
    [InlineData(NetFamily.IPv4, 9000, (7 * 9000) + 2469)]
    [InlineData(NetFamily.IPv4, PayloadBytesMax, PayloadBytesMax)]
    [InlineData(NetFamily.IPv4, 1, 64)]
    [InlineData(NetFamily.IPv6, 1200, 54 * 1200)]
    [InlineData(NetFamily.IPv6, 9000, (7 * 9000) + 2469)]
    [InlineData(NetFamily.IPv6, PayloadBytesMax, PayloadBytesMax)]
    public void Send_OneRun_ArrivesWholeWithItsSegmentSize(NetFamily family, int segmentBytes, int bytes)
    {
        using var from = new UdpFixture(family);
        using var to = new UdpFixture(family);
        byte[] run = UdpFixture.Pattern(bytes);
        UdpResult sent = from.Offload.Send(run, segmentBytes, to.Address);
        Assert.Equal(new UdpResult(UdpStatus.Done, bytes, 0), sent);
        List<(UdpArrival Arrival, byte[] Bytes)> received = to.ReceiveBytes(bytes);
        Assert.Equal(run, received.SelectMany(static slab => slab.Bytes));
        Assert.All(received, slab =>
        {
            Assert.Equal(from.Address, slab.Arrival.From);
            Assert.Equal(Math.Min(segmentBytes, slab.Arrival.Bytes), slab.Arrival.SegmentBytes);
            Assert.False(slab.Arrival.IsTruncated);
        });
        _ = Assert.Single(received); // loopback does not split a run
    }

    [Theory]
    [InlineData(1, 64)]
    [InlineData(576, 64 * 576)]
    [InlineData(1024, 63 * 1024)] // 64 would be 65,536
    [InlineData(1200, 54 * 1200)]
    [InlineData(1309, 50 * 1309)] // 65,450
    [InlineData(1310, 49 * 1310)] // 50 would be 65,500, with headers too long for a device's segmentation
    [InlineData(40_000, 40_000)]
    [InlineData(65_470, 65_470)]
    [InlineData(PayloadBytesMax, PayloadBytesMax)]
    public void BytesPerSend_AnySize_StaysBelowBothBounds(int segmentBytes, int expected) =>
        Assert.Equal(expected, UdpOffload.BytesPerSend(segmentBytes));

    [Fact]
    public void Send_MoreSegmentsThanACallTakes_TakesTheFirst64()
    {
        using var from = new UdpFixture();
        using var to = new UdpFixture();
        byte[] run = UdpFixture.Pattern(100 * 576);
        Assert.Equal(2, from.SendAll(run, 576, to.Address));
        List<(UdpArrival Arrival, byte[] Bytes)> received = to.ReceiveBytes(run.Length);
        Assert.Equal([64 * 576, 36 * 576], received.Select(static slab => slab.Bytes.Length));
        Assert.Equal(run, received.SelectMany(static slab => slab.Bytes));
    }

    [Fact]
    public void ReceiveMany_TwoSenders_NeverShareASlab()
    {
        using var first = new UdpFixture();
        using var second = new UdpFixture();
        using var to = new UdpFixture();
        for (int i = 0; i < 3; i++)
        {
            _ = first.SendAll(UdpFixture.Pattern(4 * 1200, i), 1200, to.Address);
            _ = second.SendAll(UdpFixture.Pattern(4 * 1200, i + 100), 1200, to.Address);
        }

        List<(UdpArrival Arrival, byte[] Bytes)> received = to.ReceiveBytes(6 * 4 * 1200);
        foreach ((UdpFixture sender, int seed) in new[] { (first, 0), (second, 100) })
        {
            byte[] expected = [.. Enumerable.Range(0, 3).SelectMany(i => UdpFixture.Pattern(4 * 1200, i + seed))];
            Assert.Equal(expected, received.Where(slab => slab.Arrival.From == sender.Address).SelectMany(static slab => slab.Bytes));
        }
    }

    [Fact]
    public void ReceiveMany_SeveralRunsWaiting_FillsSlabsInOrder()
    {
        using var from = new UdpFixture();
        using var to = new UdpFixture();
        for (int i = 0; i < 5; i++) _ = from.SendAll(UdpFixture.Pattern(10 * 1200, i), 1200, to.Address);
        var arrivals = new UdpArrival[UdpFixture.Slabs];
        UdpResult result = to.Offload.ReceiveMany(to.SlabSpan, arrivals);
        Assert.Equal(new UdpResult(UdpStatus.Done, 5, 0), result);
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(new UdpArrival(10 * 1200, 1200, from.Address, false), arrivals[i]);
            Assert.True(to.SlabSpan[i].Span[..(10 * 1200)].SequenceEqual(UdpFixture.Pattern(10 * 1200, i)));
        }
    }

    [Fact]
    public void ReceiveMany_OneSlab_LeavesTheRest()
    {
        using var from = new UdpFixture();
        using var to = new UdpFixture();
        for (int i = 0; i < 3; i++) _ = from.SendAll(UdpFixture.Pattern(100, i), 100, to.Address);
        var arrivals = new UdpArrival[1];
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(1, to.Offload.ReceiveMany(to.SlabSpan, arrivals).Count);
            Assert.True(to.SlabSpan[0].Span[..100].SequenceEqual(UdpFixture.Pattern(100, i)));
        }

        Assert.Equal(UdpStatus.WouldBlock, to.Offload.ReceiveMany(to.SlabSpan, arrivals).Status);
    }

    [Fact]
    public void ReceiveMany_NothingThere_WouldBlock()
    {
        using var to = new UdpFixture();
        UdpResult result = to.Offload.ReceiveMany(to.SlabSpan, new UdpArrival[4]);
        Assert.Equal((UdpStatus.WouldBlock, 0), (result.Status, result.Count));
    }

    [Fact]
    public void ReceiveMany_SlabTooShort_SaysTruncated()
    {
        using var from = new UdpFixture();
        using var to = new UdpFixture();
        _ = from.SendAll(UdpFixture.Pattern(1500), 1500, to.Address);
        _ = from.SendAll(UdpFixture.Pattern(1000, 7), 1000, to.Address);
        List<(UdpArrival Arrival, byte[] Bytes)> received = to.ReceiveBytes(2000, bytesEach: 1000);
        Assert.Equal([true, false], received.Select(static slab => slab.Arrival.IsTruncated));
        Assert.Equal(UdpFixture.Pattern(1000, 7), received[1].Bytes);
    }

    [Fact]
    public void ReceiveMany_EmptyDatagram_IsAnArrivalOfNoBytes()
    {
        using var from = new UdpFixture();
        using var to = new UdpFixture();
        _ = from.Socket.SendTo([], to.Socket.LocalEndPoint!);
        var arrivals = new UdpArrival[2];
        Assert.True(to.Socket.Poll(10_000_000, SelectMode.SelectRead));
        Assert.Equal(new UdpResult(UdpStatus.Done, 1, 0), to.Offload.ReceiveMany(to.SlabSpan, arrivals));
        Assert.Equal(new UdpArrival(0, 0, from.Address, false), arrivals[0]);
    }

    [Fact]
    public void Send_ToAnotherFamily_IsUnreachable()
    {
        using var from = new UdpFixture();
        Assert.Equal(UdpStatus.Unreachable, from.Offload.Send(new byte[10], 10, NetAddress.IPv6(new byte[16], 9)).Status);
        Assert.Equal(UdpStatus.Unreachable, from.Offload.Send(new byte[10], 10, default).Status);
    }

    [Fact]
    public void Send_ConnectedPeerGone_SurvivesItsAnswers()
    {
        using var from = new UdpFixture();
        var gone = new UdpFixture();
        NetAddress address = gone.Address;
        from.Socket.Connect(gone.Socket.LocalEndPoint!); // only a connected socket hears of ICMP
        gone.Dispose();
        for (int i = 0; i < 20; i++) Assert.Equal(UdpStatus.Done, from.Offload.Send(new byte[2400], 1200, address).Status);
        UdpResult result = from.Offload.ReceiveMany(from.SlabSpan, new UdpArrival[4]);
        Assert.Equal(UdpStatus.WouldBlock, result.Status);
    }

    [Fact]
    public void Send_NoRoomInTheBuffer_WouldBlock()
    {
        using var from = new UdpFixture(NetFamily.IPv6);
        using var to = new UdpFixture(NetFamily.IPv6);
        from.Socket.SendBufferSize = 0; // the kernel's least: the second fragment of this datagram finds no room
        UdpResult result = from.Offload.Send(new byte[PayloadBytesMax], PayloadBytesMax, to.Address);
        Assert.Equal((UdpStatus.WouldBlock, 0), (result.Status, result.Count));
        Assert.NotEqual(0, result.Errno);
    }

    [Fact]
    public void Send_LongerThanThePathAndUnfragmented_TooLarge()
    {
        const int IPv6Level = 41, MtuDiscover = 23, Always = 2;
        using var from = new UdpFixture(NetFamily.IPv6);
        using var to = new UdpFixture(NetFamily.IPv6);
        from.Socket.SetRawSocketOption(IPv6Level, MtuDiscover, BitConverter.GetBytes(Always));
        UdpResult result = from.Offload.Send(new byte[PayloadBytesMax], PayloadBytesMax, to.Address); // 48 bytes of headers pass loopback's 65,536
        Assert.Equal((UdpStatus.TooLarge, 0), (result.Status, result.Count));
    }

    [Fact]
    public void Send_SocketWithoutChecksums_RunIsRefusedAndASingleOneIsNot()
    {
        using var from = new UdpFixture();
        using var to = new UdpFixture();
        from.Socket.SetRawSocketOption(1, 11, BitConverter.GetBytes(1)); // SO_NO_CHECK, which segmentation needs
        Assert.Equal(UdpStatus.OffloadRefused, from.Offload.Send(new byte[2400], 1200, to.Address).Status);
        Assert.Equal(UdpStatus.Done, from.Offload.Send(new byte[1200], 1200, to.Address).Status);
    }

    [Fact]
    public void Send_NoRoute_Unreachable()
    {
        using var from = new UdpFixture(); // bound to loopback: the kernel takes no other way
        UdpStatus status = from.Offload.Send(new byte[10], 10, NetAddress.IPv4([192, 0, 2, 1], 9)).Status;
        Assert.Contains(status, new[] { UdpStatus.Unreachable, UdpStatus.Failed }); // EINVAL for a loopback source on another device
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(PayloadBytesMax + 1)]
    public void Send_BadSegmentSize_Throws(int segmentBytes)
    {
        using var from = new UdpFixture();
        Assert.Throws<ArgumentException>(() => from.Offload.Send(new byte[10], segmentBytes, from.Address));
    }

    [Fact]
    public void Send_Nothing_Throws()
    {
        using var from = new UdpFixture();
        Assert.Throws<ArgumentException>(() => from.Offload.Send([], 10, from.Address));
    }

    [Fact]
    public void SendAndReceive_AfterClose_Throw()
    {
        var closed = new UdpFixture();
        NetAddress address = closed.Address;
        closed.Socket.Dispose();
        Assert.Throws<ObjectDisposedException>(() => closed.Offload.Send(new byte[10], 10, address));
        Assert.Throws<ObjectDisposedException>(() => closed.Offload.ReceiveMany(closed.SlabSpan, new UdpArrival[1]));
        closed.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65)]
    public void Open_BadSlabCount_Throws(int slabs)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        Assert.Throws<ArgumentException>(() => UdpOffload.Open(socket.SafeHandle, NetFamily.IPv4, slabs, out _));
    }

    [Fact]
    public void Open_StreamSocket_SaysWhatIsMissing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux only");
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Assert.Null(UdpOffload.Open(socket.SafeHandle, NetFamily.IPv4, 1, out string fault));
        Assert.Contains("UDP_SEGMENT", fault, StringComparison.Ordinal);
        Assert.Contains("Remedy", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void SendAndReceive_Warm_AllocateNothing()
    {
        using var from = new UdpFixture();
        using var to = new UdpFixture();
        byte[] run = UdpFixture.Pattern(54 * 1200);
        var arrivals = new UdpArrival[UdpFixture.Slabs];
        using var poller = new Poller(to.Socket.SafeHandle);
        Allocations.RequireNone(2000, () =>
        {
            if (from.Offload.Send(run, 1200, to.Address).Count != run.Length) throw new InvalidOperationException("not sent");
            while (to.Offload.ReceiveMany(to.SlabSpan, arrivals).Status != UdpStatus.Done) _ = poller.Wait(10_000);
        });
    }
}
