using System;
using System.Collections.Generic;
using System.Numerics;
using System.Threading;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Interop.Memory;

/// <summary>Keys in libsodium's guarded heap: fenced by guard pages, locked, left out of dumps, erased when disposed.</summary>
/// <remarks>
/// Shape:   slots of 32, 64, 128, 256 or 512 bytes, 16 KiB of them an allocation, so that thousands of keys do not cost a page each.
/// Threads: any.
/// Cost:    a lock and 50 ns a key made or erased; a lease takes no lock.
/// Source:  [REPLAY §5.1].
/// </remarks>
public sealed class GuardedKeyVault : IKeyVault
{
    private const int SlotBytesMin = 32;
    private const int SlotBytesMax = 512;
    private const int SlabBytes = 16 * 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<int, List<GuardedSlab>> _slabsBySlotBytes = [];

    /// <inheritdoc/>
    public SecretKey Import(ReadOnlySpan<byte> secret)
    {
        if (secret.IsEmpty || secret.Length > SlotBytesMax) ThrowHelper.BadArgument(nameof(secret), "a secret is 1 to 512 bytes");
        int slotBytes = (int)Math.Max(SlotBytesMin, BitOperations.RoundUpToPowerOf2((uint)secret.Length));
        lock (_gate)
        {
            GuardedSlab slab = SlabWithRoom(slotBytes);
            int slot = slab.Take();
            secret.CopyTo(slab.Slot(slot, secret.Length));
            return new GuardedKey(this, slab, slot, secret.Length);
        }
    }

    internal void Return(GuardedSlab slab, int slot)
    {
        lock (_gate)
        {
            if (slab.IsClosed) return; // at process exit the slab may be finalized before its keys; it was erased then
            slab.Erase(slot);
            slab.Return(slot);
        }
    }

    private GuardedSlab SlabWithRoom(int slotBytes)
    {
        if (!_slabsBySlotBytes.TryGetValue(slotBytes, out List<GuardedSlab>? slabs)) _slabsBySlotBytes[slotBytes] = slabs = [];
        foreach (GuardedSlab slab in slabs)
        {
            if (slab.HasRoom) return slab;
        }

        var added = new GuardedSlab(slotBytes, SlabBytes / slotBytes);
        slabs.Add(added);
        return added;
    }
}
