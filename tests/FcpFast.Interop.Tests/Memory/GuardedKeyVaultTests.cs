using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FcpFast.Interop.Memory;
using FcpFast.Interop.Tests.Libsodium;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Interop.Tests.Memory;

/// <summary>[REPLAY §5.1]: what the guarded vault does with the memory of its keys. Looks at slots after their return, while the slab is mapped.</summary>
public sealed class GuardedKeyVaultTests
{
    private readonly GuardedKeyVault _vault = NewVault();

    [Fact]
    public void Dispose_WithoutLeases_ZeroesTheSlotAtOnce()
    {
        SecretKey key = _vault.Import(Secret(1, 32));
        ReadOnlySpan<byte> slot = SlotOf(key);
        Assert.Equal(Secret(1, 32), slot.ToArray());
        key.Dispose();
        Assert.Equal(new byte[32], slot.ToArray());
    }

    [Fact]
    public void Dispose_WhileLeased_ZeroesTheSlotAtTheLastReturn()
    {
        SecretKey key = _vault.Import(Secret(2, 500));
        KeyLease first = key.Lease(), second = key.Lease();
        ReadOnlySpan<byte> slot = first.Bytes;
        key.Dispose();
        first.Dispose();
        Assert.Equal(Secret(2, 500), slot.ToArray());
        second.Dispose();
        Assert.Equal(new byte[500], slot.ToArray());
    }

    [Fact]
    public void Dispose_AfterALeaseWasReturnedTwice_StillZeroesTheSlot()
    {
        SecretKey key = _vault.Import(Secret(6, 32));
        KeyLease lease = key.Lease();
        ReadOnlySpan<byte> slot = lease.Bytes;
        lease.Dispose();
        try
        {
            lease.Dispose();
        }
        catch (InvalidOperationException)
        {
            key.Dispose();
        }

        Assert.Equal(new byte[32], slot.ToArray());
    }

    [Fact]
    public void Import_AfterADispose_ReusesTheZeroedSlot()
    {
        SecretKey long64 = _vault.Import(Secret(3, 64));
        ReadOnlySpan<byte> slot = SlotOf(long64);
        long64.Dispose();
        using SecretKey shorter = _vault.Import(Secret(4, 40)); // of the same slot size
        Assert.True(Same(slot, SlotOf(shorter)));
        Assert.Equal([.. Secret(4, 40), .. new byte[24]], slot.ToArray()); // nothing of the longer key is left behind the shorter
    }

    [Fact]
    public void Import_ManyKeysInTurn_NeedsOneSlab()
    {
        HashSet<nint> places = [];
        for (int i = 0; i < 5000; i++)
        {
            SecretKey key = _vault.Import(Secret(i, 32));
            places.Add(Address(SlotOf(key)));
            key.Dispose();
        }

        Assert.Single(places);
    }

    [Fact]
    public void Import_MoreThanASlab_GivesEveryKeyASlotOfItsOwn()
    {
        foreach (int length in new[] { 32, 33, 64, 65, 128, 129, 256, 257, 512 })
        {
            List<SecretKey> keys = Enumerable.Range(0, 1200).Select(i => _vault.Import(Secret(i, length))).ToList();
            for (int i = 0; i < keys.Count; i++)
            {
                using KeyLease lease = keys[i].Lease();
                Assert.True(lease.Bytes.SequenceEqual(Secret(i, length)), $"key {i} of {length} bytes");
            }

            long slot = Math.Max(32, (long)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)length));
            nint[] places = keys.Select(static key => Address(SlotOf(key))).Order().ToArray();
            Assert.All(places.Zip(places.Skip(1)), pair => Assert.True(pair.Second - pair.First >= slot));
            keys.ForEach(static key => key.Dispose());
        }
    }

    [Fact]
    public void Key_ThatNobodyDisposed_IsErasedByTheCollector()
    {
        nint place = Forget(_vault);
        for (int i = 0; i < 50; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            using SecretKey next = _vault.Import(Secret(9, 32));
            if (Address(SlotOf(next)) == place) return; // the slot came back, so it was erased and returned
        }

        Assert.Fail("the slot of a forgotten key never came back");
    }

    [Fact]
    public void Slab_TakeAndReturn_CountsItsRoom()
    {
        using var slab = new GuardedSlab(64, 3);
        int[] slots = [slab.Take(), slab.Take(), slab.Take()];
        Assert.Equal([0, 1, 2], slots.Order());
        Assert.False(slab.HasRoom);
        slab.Slot(1, 64).Fill(7);
        slab.Erase(1);
        Assert.Equal(new byte[64], slab.Slot(1, 64).ToArray());
        slab.Return(1);
        Assert.True(slab.HasRoom);
        Assert.Equal(1, slab.Take());
        Assert.Throws<InvalidOperationException>(() => slab.Slot(0, 65));
    }

    [Fact]
    public void Slab_Disposed_ShowsNothingAnyMore()
    {
        var slab = new GuardedSlab(32, 1);
        slab.Dispose();
        Assert.Throws<InvalidOperationException>(() => slab.Slot(0, 32));
    }

    private static GuardedKeyVault NewVault()
    {
        _ = Bound.Crypto; // the gate starts libsodium
        return new GuardedKeyVault();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static nint Forget(GuardedKeyVault vault) => Address(SlotOf(vault.Import(Secret(8, 32))));

    private static byte[] Secret(int seed, int length) => new Random(seed).Bytes(length);

    private static ReadOnlySpan<byte> SlotOf(SecretKey key)
    {
        using KeyLease lease = key.Lease();
        return lease.Bytes;
    }

    private static nint Address(ReadOnlySpan<byte> slot) => Unsafe.ByteOffset(ref Unsafe.NullRef<byte>(), ref MemoryMarshal.GetReference(slot));

    private static bool Same(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) =>
        Unsafe.AreSame(ref MemoryMarshal.GetReference(a), ref MemoryMarshal.GetReference(b));
}
