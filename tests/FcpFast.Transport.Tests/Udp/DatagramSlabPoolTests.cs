using System;
using System.Linq;
using FcpFast.Protocol.Wire;
using FcpFast.Transport.Udp;

namespace FcpFast.Transport.Tests.Udp;

/// <summary>Slabs and what is known of them.</summary>
public sealed class DatagramSlabPoolTests
{
    private static readonly NetAddress Peer = NetAddress.IPv4([192, 0, 2, 1], 7);

    private static DatagramSlab Rent(DatagramSlabPool pool)
    {
        Assert.True(pool.TryRent(out DatagramSlab? slab));
        return slab;
    }

    [Fact]
    public void TryRent_UntilEmpty_RefusesAndRecovers()
    {
        using var pool = new DatagramSlabPool(3);
        DatagramSlab[] slabs = [Rent(pool), Rent(pool), Rent(pool)];
        Assert.Equal(3, slabs.Distinct().Count());
        Assert.False(pool.TryRent(out _));
        Assert.Equal((3, 0), (pool.Slabs, pool.Available));
        foreach (DatagramSlab slab in slabs) slab.Return();
        Assert.Equal(3, pool.Available);
    }

    [Theory]
    [InlineData(0, 1200, 0)]
    [InlineData(1, 1200, 1)]
    [InlineData(1200, 1200, 1)]
    [InlineData(1201, 1200, 2)]
    [InlineData(64_800, 1200, 54)]
    [InlineData(65_536, 1, 65_536)]
    public void Count_AnyShape_CountsTheShorterLastOne(int bytes, int datagramBytes, int count)
    {
        using var pool = new DatagramSlabPool(1);
        DatagramSlab slab = Rent(pool);
        slab.Fill(bytes, datagramBytes, Peer);
        Assert.Equal((count, bytes, Peer), (slab.Count, slab.Filled.Length, slab.Peer));
        if (count > 0) Assert.Equal(bytes - ((count - 1) * datagramBytes), slab.Datagram(count - 1).Length);
        Assert.Throws<ArgumentException>(() => slab.Datagram(count).Length);
        Assert.Throws<ArgumentException>(() => slab.Datagram(-1).Length);
        slab.Return();
    }

    [Fact]
    public void TryRent_AfterAFilledOne_IsEmpty()
    {
        using var pool = new DatagramSlabPool(1);
        DatagramSlab slab = Rent(pool);
        slab.Fill(100, 10, Peer);
        slab.Return();
        slab = Rent(pool);
        Assert.Equal(0, slab.Count);
        slab.Return();
    }

    [Fact]
    public void Fill_OutOfBounds_Throws()
    {
        using var pool = new DatagramSlabPool(1);
        DatagramSlab slab = Rent(pool);
        Assert.Throws<ArgumentException>(() => slab.Fill(-1, 1, Peer));
        Assert.Throws<ArgumentException>(() => slab.Fill(65_537, 1, Peer));
        Assert.Throws<ArgumentException>(() => slab.Fill(10, 0, Peer));
        Assert.Throws<ArgumentException>(() => slab.Fill(10, 65_537, Peer));
        slab.Return();
    }

    [Fact]
    public void Return_TwiceOrUsedAfter_IsReported()
    {
        using var pool = new DatagramSlabPool(1);
        DatagramSlab slab = Rent(pool);
        slab.Return();
        Assert.Throws<InvalidOperationException>(slab.Return);
        Assert.Throws<InvalidOperationException>(() => slab.Buffer.Length);
        Assert.Equal(1, pool.Available);
    }

#if DEBUG
    [Fact]
    public void Dispose_WithOneOutInDebug_IsReported()
    {
        var pool = new DatagramSlabPool(2);
        DatagramSlab slab = Rent(pool);
        Assert.Throws<InvalidOperationException>(pool.Dispose);
        slab.Return();
        pool.Dispose();
    }
#endif
}
