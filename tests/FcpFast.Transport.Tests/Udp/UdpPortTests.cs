using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using FcpFast.Interop.Linux;
using FcpFast.Interop.Tests;
using FcpFast.Protocol.Wire;
using FcpFast.Transport.Udp;

namespace FcpFast.Transport.Tests.Udp;

/// <summary>Both paths, over real loopback sockets, with the same results.</summary>
public sealed class UdpPortTests
{
    private const int PayloadBytesMax = WireLimits.DatagramBytesMax;

    public static IEnumerable<TheoryDataRow<OffloadChoice, OffloadChoice, NetFamily, int, int>> Runs()
    {
        (int DatagramBytes, int Bytes)[] shapes =
        [
            (1200, 54 * 1200), (1200, (53 * 1200) + 1), (1200, 1200), (1200, 1), (576, 113 * 576), (576, (100 * 576) + 3),
            (9000, 7 * 9000), (9000, (6 * 9000) + 8999), (PayloadBytesMax, PayloadBytesMax), (1, 200),
        ];
        foreach (OffloadChoice sender in Enum.GetValues<OffloadChoice>())
        {
            foreach (OffloadChoice receiver in Enum.GetValues<OffloadChoice>())
            {
                foreach (NetFamily family in new[] { NetFamily.IPv4, NetFamily.IPv6 })
                {
                    foreach ((int datagramBytes, int bytes) in shapes) yield return new(sender, receiver, family, datagramBytes, bytes);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Send_ARun_ArrivesWholeAndInOrder(OffloadChoice sender, OffloadChoice receiver, NetFamily family, int datagramBytes, int bytes)
    {
        using var from = new PortFixture(sender, family);
        using var to = new PortFixture(receiver, family);
        byte[] run = PortFixture.Pattern(bytes);
        from.SendAll(run, datagramBytes, to.Address);
        List<ReceivedRun> received = to.ReceiveBytes(bytes);
        Assert.Equal(run.Chunk(datagramBytes), received.SelectMany(static slab => slab.Datagrams));
        Assert.All(received, slab => Assert.Equal(from.Address, slab.Peer));
        int datagrams = (bytes + datagramBytes - 1) / datagramBytes;
        Assert.Equal(datagrams, from.Port.Counters[UdpCount.DatagramsSent]);
        Assert.Equal(bytes, from.Port.Counters[UdpCount.BytesSent]);
        Assert.Equal(datagrams, to.Port.Counters[UdpCount.DatagramsReceived]);
        Assert.Equal(bytes, to.Port.Counters[UdpCount.BytesReceived]);
        Assert.Equal(received.Count, to.Port.Counters[UdpCount.SlabsReceived]);
    }

    [Fact]
    public void Send_WithOffload_TakesOneCallForARun()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux only");
        using var from = new PortFixture(OffloadChoice.Auto);
        using var to = new PortFixture(OffloadChoice.Auto);
        from.SendAll(new byte[54 * 1200], 1200, to.Address);
        Assert.Equal(1, from.Port.Counters[UdpCount.SendCalls]);
        _ = Assert.Single(to.ReceiveBytes(54 * 1200));
    }

    [Theory]
    [InlineData(OffloadChoice.Auto)]
    [InlineData(OffloadChoice.Off)]
    public void Receive_TwoSenders_NeverShareASlab(OffloadChoice choice)
    {
        using var first = new PortFixture(choice);
        using var second = new PortFixture(choice);
        using var to = new PortFixture(choice);
        for (int i = 0; i < 6; i++)
        {
            first.SendAll(PortFixture.Pattern(2 * 600, i), 600, to.Address);
            second.SendAll(PortFixture.Pattern(2 * 600, i + 100), 600, to.Address);
        }

        List<ReceivedRun> received = to.ReceiveBytes(24 * 600);
        foreach ((PortFixture sender, int seed) in new[] { (first, 0), (second, 100) })
        {
            byte[] expected = [.. Enumerable.Range(0, 6).SelectMany(i => PortFixture.Pattern(2 * 600, i + seed))];
            Assert.Equal(expected, received.Where(slab => slab.Peer == sender.Address).SelectMany(static slab => slab.Bytes));
        }
    }

    [Fact]
    public void Receive_Portably_JoinsOnlyWhatFits()
    {
        using var from = new PortFixture(OffloadChoice.Off);
        using var to = new PortFixture(OffloadChoice.Off);
        int[] sizes = [.. Enumerable.Repeat(600, 70), 500, 600, 600, 700, 700, 100, 100, 101];
        for (int i = 0; i < sizes.Length; i++) from.SendAll(PortFixture.Pattern(sizes[i], i), sizes[i], to.Address);
        List<ReceivedRun> received = to.ReceiveBytes(sizes.Sum());
        Assert.Equal(sizes.Select(PortFixture.Pattern), received.SelectMany(static slab => slab.Datagrams)); // a wrong join would split elsewhere
        Assert.All(received, static slab => Assert.InRange(slab.Datagrams.Count(), 1, 64));
        Assert.InRange(received.Count, 5, sizes.Length - 1); // they were waiting together, so at least some were joined
    }

    [Theory]
    [InlineData(OffloadChoice.Auto)]
    [InlineData(OffloadChoice.Off)]
    public void Receive_LongerThanTheSlab_IsDroppedAndCounted(OffloadChoice choice)
    {
        using var from = new PortFixture(choice);
        using var to = new PortFixture(choice, receiveBytes: 1000);
        from.SendAll(new byte[1001], 1001, to.Address);
        from.SendAll(new byte[5000], 5000, to.Address);
        from.SendAll(PortFixture.Pattern(1000, 3), 1000, to.Address);
        Assert.Equal(PortFixture.Pattern(1000, 3), Assert.Single(to.ReceiveBytes(1000)).Bytes);
        Assert.Equal(2, to.Port.Counters[UdpCount.Truncated]);
        Assert.Equal(1, to.Port.Counters[UdpCount.DatagramsReceived]);
    }

    [Theory]
    [InlineData(OffloadChoice.Auto)]
    [InlineData(OffloadChoice.Off)]
    public void SystemDrops_BufferOverflowed_TellsWhatNeverCame(OffloadChoice choice)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux only");
        const int Sent = 100, Bytes = 1000;
        using var from = new PortFixture(OffloadChoice.Off);
        using var to = new PortFixture(choice, receiveBufferBytes: 4096);
        Assert.False(to.Port.HasWaiting);
        for (int i = 0; i < Sent; i++) from.SendAll(new byte[Bytes], Bytes, to.Address);
        Assert.True(to.Port.HasWaiting);
        long drops = to.Port.SystemDrops;
        Assert.InRange(drops, 1, Sent - 1);
        to.ReceiveBytes((int)(Sent - drops) * Bytes);
        Assert.False(to.Port.HasWaiting);
        Assert.Equal(drops, to.Port.SystemDrops);
        Assert.Equal(Sent - drops, to.Port.Counters[UdpCount.DatagramsReceived]);
    }

    [Theory]
    [InlineData(OffloadChoice.Auto)]
    [InlineData(OffloadChoice.Off)]
    public void Receive_EmptyDatagrams_AreDroppedAndCounted(OffloadChoice choice)
    {
        using var to = new PortFixture(choice);
        using var stranger = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        for (int i = 0; i < 200; i++) _ = stranger.SendTo([], to.Address.ToEndPoint());
        _ = stranger.SendTo([1, 2, 3], to.Address.ToEndPoint());
        Assert.Equal([1, 2, 3], Assert.Single(to.ReceiveBytes(3)).Bytes);
        Assert.Equal(200, to.Port.Counters[UdpCount.Empty]);
    }

    [Theory]
    [InlineData(OffloadChoice.Auto)]
    [InlineData(OffloadChoice.Off)]
    public void Receive_NoSlabLeft_LeavesTheDatagramsAndWaitTells(OffloadChoice choice)
    {
        using var from = new PortFixture(choice);
        using var to = new PortFixture(choice, slabs: 2);
        for (int i = 0; i < 3; i++) from.SendAll(PortFixture.Pattern(100 + i, i), 100 + i, to.Address);
        var slabs = new DatagramSlab?[8];
        int held = 0;
        while (held < 2) held += to.Port.Receive(slabs.AsSpan(held));
        Assert.Equal(PortEvents.Readable, to.Port.Wait(PortFixture.PatienceMs));
        Assert.Equal(0, to.Port.Receive(slabs.AsSpan(held)));
        Assert.NotEqual(0, to.Port.Counters[UdpCount.SlabsMissing]);
        Assert.Equal(PortEvents.Readable, to.Port.Wait(PortFixture.PatienceMs)); // even if it was taken from the socket already
        var sizes = new List<int>();
        for (int i = 0; i < 2; i++)
        {
            sizes.Add(slabs[i]!.Bytes);
            slabs[i]!.Return();
        }

        sizes.AddRange(to.ReceiveBytes(102).Select(static slab => slab.Bytes.Length));
        Assert.Equal([100, 101, 102], sizes);
        Assert.Equal(PortEvents.None, to.Port.Wait(0));
    }

    [Theory]
    [InlineData(OffloadChoice.Auto)]
    [InlineData(OffloadChoice.Off)]
    public void Receive_NothingOrNowhere_IsNone(OffloadChoice choice)
    {
        using var to = new PortFixture(choice);
        Assert.Equal(0, to.Port.Receive(new DatagramSlab?[8]));
        Assert.Equal(0, to.Port.Receive([]));
    }

    [Theory]
    [InlineData(OffloadChoice.Auto)]
    [InlineData(OffloadChoice.Off)]
    public void Send_ToAnotherFamily_IsUnreachable(OffloadChoice choice)
    {
        using var from = new PortFixture(choice);
        Assert.Equal(SendStatus.Unreachable, from.Port.Send(new byte[10], 10, NetAddress.IPv6(new byte[16], 9), out int sentBytes));
        Assert.Equal(0, sentBytes);
        Assert.Equal(1, from.Port.Counters[UdpCount.SendsFailed]);
        Assert.Equal(SendStatus.Sent, from.Port.Send([], 10, from.Address, out _));
    }

    [Theory]
    [InlineData(OffloadChoice.Auto)]
    [InlineData(OffloadChoice.Off)]
    public void Send_BadDatagramBytes_Throws(OffloadChoice choice)
    {
        using var from = new PortFixture(choice);
        foreach (int datagramBytes in new[] { 0, -1, PayloadBytesMax + 1 })
        {
            Assert.Throws<ArgumentException>(() => from.Port.Send(new byte[10], datagramBytes, from.Address, out _));
        }
    }

    [Theory]
    [InlineData(OffloadChoice.Auto)]
    [InlineData(OffloadChoice.Off)]
    public void Send_PeerGone_GoesOn(OffloadChoice choice)
    {
        using var from = new PortFixture(choice);
        var gone = new PortFixture(choice);
        NetAddress address = gone.Address;
        gone.Dispose();
        for (int i = 0; i < 10; i++) from.SendAll(new byte[2400], 1200, address);
        from.SendAll(PortFixture.Pattern(100), 100, from.Address);
        Assert.Equal(PortFixture.Pattern(100), Assert.Single(from.ReceiveBytes(100)).Bytes);
    }

    [Fact]
    public void Open_Buffers_TellWhatWasGranted()
    {
        using var port = new PortFixture(OffloadChoice.Auto);
        Assert.True(port.Port.ReceiveBufferBytes > 0);
        Assert.True(port.Port.SendBufferBytes > 0);
    }

    [Fact]
    public void Open_BadOptions_Throw()
    {
        using var pool = new DatagramSlabPool(1);
        var good = new UdpPortOptions { Local = new IPEndPoint(IPAddress.Loopback, 0).ToNetAddress() };
        foreach (UdpPortOptions bad in new[]
        {
            good with { Local = default }, good with { SlabsPerReceive = 0 }, good with { SlabsPerReceive = 65 },
            good with { ReceiveBufferBytes = -1 }, good with { SendBufferBytes = -1 },
        })
        {
            Assert.Throws<ArgumentException>(() => UdpPort.Open(bad, pool));
        }
    }

    [Theory]
    [InlineData(OffloadChoice.Auto)]
    [InlineData(OffloadChoice.Off)]
    public void SendAndReceive_Warm_AllocateNothing(OffloadChoice choice)
    {
        using var from = new PortFixture(choice);
        using var to = new PortFixture(choice);
        byte[] run = PortFixture.Pattern(54 * 1200);
        var slabs = new DatagramSlab?[8];
        Allocations.RequireNone(choice == OffloadChoice.Auto ? 2000 : 400, () =>
        {
            if (from.Port.Send(run, 1200, to.Address, out _) != SendStatus.Sent) throw new InvalidOperationException("not sent");
            int bytes = 0;
            while (bytes < run.Length)
            {
                if (to.Port.Wait(PortFixture.PatienceMs) != PortEvents.Readable) throw new InvalidOperationException("not received");
                int count = to.Port.Receive(slabs);
                for (int i = 0; i < count; i++)
                {
                    bytes += slabs[i]!.Bytes;
                    slabs[i]!.Return();
                }
            }
        });
    }

    [Fact]
    public void Send_RunRefusedAtRunTime_FallsBackVisibly()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux only");
        using var from = new PortFixture(OffloadChoice.Auto);
        using var to = new PortFixture(OffloadChoice.Auto);
        from.Port.RefuseRuns(true);
        byte[] run = PortFixture.Pattern((10 * 1200) + 5);
        for (int i = 1; i <= OffloadPath.RefusalsInARowMax; i++)
        {
            Assert.True(from.Port.Offload.IsOn);
            from.SendAll(run, 1200, to.Address);
            Assert.Equal(run, to.ReceiveBytes(run.Length).SelectMany(static slab => slab.Bytes));
            Assert.Equal(i, from.Port.Counters[UdpCount.OffloadRefusals]);
        }

        Assert.Equal((false, OffloadReason.RefusedAtRunTime), (from.Port.Offload.IsOn, from.Port.Offload.Reason));
        from.SendAll(run, 1200, to.Address);
        Assert.Equal(OffloadPath.RefusalsInARowMax, from.Port.Counters[UdpCount.OffloadRefusals]);
        Assert.Equal(run, to.ReceiveBytes(run.Length).SelectMany(static slab => slab.Bytes));
    }

    [Fact]
    public void Send_RefusalsBetweenSuccesses_KeepOffloadOn()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux only");
        using var from = new PortFixture(OffloadChoice.Auto);
        using var to = new PortFixture(OffloadChoice.Auto);
        for (int round = 0; round < 3; round++)
        {
            from.Port.RefuseRuns(true);
            for (int i = 1; i < OffloadPath.RefusalsInARowMax; i++) from.SendAll(new byte[2400], 1200, to.Address);
            from.Port.RefuseRuns(false);
            from.SendAll(new byte[2400], 1200, to.Address);
        }

        Assert.True(from.Port.Offload.IsOn);
        Assert.Equal(3 * (OffloadPath.RefusalsInARowMax - 1), from.Port.Counters[UdpCount.OffloadRefusals]);
    }

    [Fact]
    public void NoteRefusal_DeviceCannotSegment_TurnsOffAtOnce()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux only");
        const int InputOutputError = 5;
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        UdpOffload? offload = UdpOffload.Open(socket.SafeHandle, NetFamily.IPv4, 1, out string fault);
        Assert.True(offload is not null, fault);
        using var pool = new DatagramSlabPool(1);
        var counters = new UdpCounters();
        using var path = new OffloadPath(offload, new UdpPortOptions { Local = NetAddress.IPv4([127, 0, 0, 1], 0), SlabsPerReceive = 1 }, pool, counters);
        path.NoteRefusal(new UdpResult(UdpStatus.OffloadRefused, 0, InputOutputError));
        Assert.True(path.Offload.IsOn);
        path.NoteRefusal(new UdpResult(UdpStatus.OffloadUnsupported, 0, InputOutputError));
        Assert.Equal((false, OffloadReason.RefusedAtRunTime), (path.Offload.IsOn, path.Offload.Reason));
        Assert.Equal((2L, InputOutputError), (counters[UdpCount.OffloadRefusals], path.LastError));
    }
}
