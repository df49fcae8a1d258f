using System;
using System.Threading;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Interop.Memory;

/// <summary>A secret in a slot of a <see cref="GuardedSlab"/>.</summary>
/// <remarks>
/// Shape:   <see cref="_state"/> counts leases in its low bits; the sign bit says that the key was disposed.
/// Threads: any.
/// </remarks>
internal sealed class GuardedKey : SecretKey
{
    private const int Disposed = int.MinValue;

    private readonly GuardedKeyVault _vault;
    private readonly GuardedSlab _slab;
    private readonly int _slot;
    private int _state;

    public GuardedKey(GuardedKeyVault vault, GuardedSlab slab, int slot, int lengthBytes)
    {
        _vault = vault;
        _slab = slab;
        _slot = slot;
        LengthBytes = lengthBytes;
    }

    /// <summary>A key that nobody disposed is still erased.</summary>
    ~GuardedKey() => MarkDisposed();

    public override int LengthBytes { get; }

    public override void Dispose()
    {
        MarkDisposed();
        GC.SuppressFinalize(this); // with a lease still out, its return erases
    }

    protected override bool TryEnter(out ReadOnlySpan<byte> bytes)
    {
        int state = Volatile.Read(ref _state);
        while (state >= 0)
        {
            int seen = Interlocked.CompareExchange(ref _state, state + 1, state);
            if (seen == state)
            {
                bytes = _slab.Slot(_slot, LengthBytes);
                return true;
            }

            state = seen;
        }

        bytes = default;
        return false;
    }

    protected override void Exit()
    {
        int state = Volatile.Read(ref _state);
        while (true)
        {
            Invariant.Require((state & ~Disposed) != 0, "a lease is returned once"); // before the count is touched: the key can still be erased
            int seen = Interlocked.CompareExchange(ref _state, state - 1, state);
            if (seen == state) break;
            state = seen;
        }

        if (state - 1 == Disposed) _vault.Return(_slab, _slot);
    }

    private void MarkDisposed()
    {
        int before = Interlocked.Or(ref _state, Disposed);
        if (before == 0) _vault.Return(_slab, _slot);
    }
}
