using System;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Crypto;

/// <summary>A secret in guarded memory. Disposing it erases it as soon as the last lease is returned.</summary>
/// <remarks>
/// Threads: leases may be taken on any thread; an erased key yields leases that are not live, never zeroes that look like a key.
/// Cost:    tens of nanoseconds a lease: take one a batch, not one a frame.
/// </remarks>
public abstract class SecretKey : IDisposable
{
    /// <summary>Bytes of the secret.</summary>
    public abstract int LengthBytes { get; }

    /// <summary>Gives access to the bytes until the lease is disposed.</summary>
    /// <remarks>Errors: after <see cref="Dispose"/> the lease is not live and its bytes are empty.</remarks>
    public KeyLease Lease() => TryEnter(out ReadOnlySpan<byte> bytes) ? new KeyLease(this, bytes) : default;

    /// <summary>A copy of its own, which this key's end does not touch.</summary>
    /// <remarks>Errors: <see cref="InvalidOperationException"/> after <see cref="Dispose"/>.</remarks>
    public SecretKey CopyTo(IKeyVault vault)
    {
        ArgumentNullException.ThrowIfNull(vault);
        using KeyLease lease = Lease();
        if (!lease.IsLive) ThrowHelper.BadState("the key was disposed");
        return vault.Import(lease.Bytes);
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Counts one lease and shows the bytes, or returns false when the key is disposed.</summary>
    protected abstract bool TryEnter(out ReadOnlySpan<byte> bytes);

    /// <summary>Returns one lease; erases the bytes when the key is disposed and this was the last.</summary>
    protected internal abstract void Exit();
}
