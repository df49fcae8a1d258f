using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Interop.Memory;

/// <summary>One allocation of libsodium's guarded heap, cut into slots of equal size.</summary>
/// <remarks>
/// Shape:   guard pages on both sides, a canary before, locked and left out of dumps where the system allows.
/// Threads: <see cref="GuardedKeyVault"/> synchronises taking and returning; slots are used by their keys.
/// Source:  [libsodium utils.h] (sodium_malloc).
/// </remarks>
internal sealed class GuardedSlab : SafeHandle
{
    private readonly Stack<int> _free;

    public GuardedSlab(int slotBytes, int slots)
        : base(0, ownsHandle: true)
    {
        SlotBytes = slotBytes;
        _free = new Stack<int>(slots);
        for (int i = slots - 1; i >= 0; i--) _free.Push(i);
        SetHandle(Libsodium.Libsodium.sodium_malloc((nuint)(slotBytes * slots)));
        if (IsInvalid) throw new InsufficientMemoryException($"No guarded memory for {slots} keys of {slotBytes} bytes.");
    }

    public override bool IsInvalid => handle == 0;

    public int SlotBytes { get; }

    public bool HasRoom => _free.Count > 0;

    public int Take() => _free.Pop();

    public void Return(int slot) => _free.Push(slot);

    /// <summary>The bytes of a slot. The caller keeps this slab reachable while it uses them.</summary>
    public unsafe Span<byte> Slot(int slot, int lengthBytes)
    {
        Invariant.Require(lengthBytes <= SlotBytes && !IsClosed, "a key fits its slot of a live slab");

        // SAFETY: the slab is SlotBytes * slots long and slot numbers come from its own free list.
        return new Span<byte>((byte*)handle + ((nint)slot * SlotBytes), lengthBytes);
    }

    /// <summary>Zeroes a slot in a way that the compiler cannot remove.</summary>
    public unsafe void Erase(int slot)
    {
        // SAFETY: as in Slot.
        Libsodium.Libsodium.sodium_memzero((byte*)handle + ((nint)slot * SlotBytes), (nuint)SlotBytes);
    }

    protected override bool ReleaseHandle()
    {
        Libsodium.Libsodium.sodium_free(handle); // erases first
        return true;
    }
}
