using System;

namespace FcpFast.Protocol.Crypto;

/// <summary>Access to the bytes of a <see cref="SecretKey"/> for the length of a <c>using</c>.</summary>
/// <remarks>Threads: stays on the thread that took it.</remarks>
public readonly ref struct KeyLease : IDisposable
{
    private readonly SecretKey? _key;

    internal KeyLease(SecretKey key, ReadOnlySpan<byte> bytes)
    {
        _key = key;
        Bytes = bytes;
    }

    /// <summary>False if the key was already disposed: then there are no bytes and nothing may be sealed or opened.</summary>
    public bool IsLive => _key is not null;

    /// <summary>The secret, in guarded memory; valid until this lease is disposed.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Returns the lease. Dispose once.</summary>
    public void Dispose() => _key?.Exit();
}
