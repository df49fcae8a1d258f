using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using FcpFast.Interop.Memory;

namespace FcpFast.Interop.Tests.Memory;

/// <summary>Slabs are bounded, pinned, and each is somebody's at a time.</summary>
public sealed class PinnedSlabPoolTests
{
    private static PinnedSlab Rent(PinnedSlabPool pool)
    {
        Assert.True(pool.TryRent(out PinnedSlab? slab));
        return slab;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(PinnedSlabPool.SlabsMax + 1)]
    public void Constructor_OutOfBounds_Throws(int slabs) => Assert.Throws<ArgumentException>(() => new PinnedSlabPool(slabs));

    [Fact]
    public void TryRent_UntilEmpty_RefusesAndRecovers()
    {
        using var pool = new PinnedSlabPool(3);
        PinnedSlab[] slabs = [Rent(pool), Rent(pool), Rent(pool)];
        Assert.Equal(3, slabs.Distinct().Count());
        Assert.Equal(0, pool.Available);
        Assert.False(pool.TryRent(out PinnedSlab? none));
        Assert.Null(none);
        pool.Return(slabs[1]);
        Assert.Same(slabs[1], Rent(pool));
        foreach (PinnedSlab slab in slabs) pool.Return(slab);
        Assert.Equal(3, pool.Available);
    }

    [Fact]
    public void Return_Twice_IsReported()
    {
        using var pool = new PinnedSlabPool(2);
        PinnedSlab slab = Rent(pool);
        pool.Return(slab);
        Assert.Throws<InvalidOperationException>(() => pool.Return(slab));
        Assert.Equal(2, pool.Available);
    }

    [Fact]
    public void Return_ToAnotherPool_IsReported()
    {
        using var pool = new PinnedSlabPool(1);
        using var other = new PinnedSlabPool(1);
        PinnedSlab slab = Rent(pool);
        Assert.Throws<InvalidOperationException>(() => other.Return(slab));
        pool.Return(slab);
    }

    [Fact]
    public void Address_AfterCollections_IsStillTheContent()
    {
        using var pool = new PinnedSlabPool(4);
        PinnedSlab slab = Rent(pool);
        nint before = slab.Address;
        var garbage = new List<byte[]>();
        for (int i = 0; i < 100; i++) garbage.Add(new byte[10_000]);
        GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
        Assert.Equal(before, slab.Address);
        Assert.True(MemoryMarshal.TryGetArray(slab.Memory, out ArraySegment<byte> array));
        Assert.Equal(before, Marshal.UnsafeAddrOfPinnedArrayElement(array.Array!, array.Offset));
        GC.KeepAlive(garbage);
        pool.Return(slab);
    }

    [Fact]
    public void RentAndReturn_Warm_AllocatesNothing()
    {
        using var pool = new PinnedSlabPool(2);
        Allocations.RequireNone(1000, () =>
        {
            _ = pool.TryRent(out PinnedSlab? slab);
            pool.Return(slab!);
        });
    }

#if DEBUG
    [Fact]
    public void Return_InDebug_SpoilsTheContent()
    {
        using var pool = new PinnedSlabPool(1);
        PinnedSlab slab = Rent(pool);
        slab.Span.Fill(1);
        pool.Return(slab);
        Assert.False(slab.Span.Contains((byte)1));
    }

    [Fact]
    public void TryRent_WrittenAfterReturnInDebug_IsReported()
    {
        var pool = new PinnedSlabPool(1);
        PinnedSlab slab = Rent(pool);
        pool.Return(slab);
        slab.Span[4711] = 1;
        Assert.Throws<InvalidOperationException>(() => pool.TryRent(out _));
    }

    [Fact]
    public void Dispose_WithOneOutInDebug_IsReported()
    {
        var pool = new PinnedSlabPool(2);
        PinnedSlab slab = Rent(pool);
        Assert.Contains("1 of 2", Assert.Throws<InvalidOperationException>(pool.Dispose).Message, StringComparison.Ordinal);
        pool.Return(slab);
        pool.Dispose();
    }
#endif
}
