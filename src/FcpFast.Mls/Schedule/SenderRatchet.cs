using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using FcpFast.Mls.Crypto;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Mls.Schedule;

/// <summary>One sender's keys for one kind of message: each is given out once.</summary>
/// <remarks>
/// Shape:   a message key is AEAD key and nonce, one behind the other. Keys that were passed over are kept, the newest <see cref="KeptMax"/>.
/// Source:  [RFC 9420 §9.1], [RFC 9420 §9.2].
/// </remarks>
internal sealed class SenderRatchet(MlsCrypto crypto, SecretKey secret, uint generation) : IDisposable
{
    /// <summary>Keys kept for messages that come late.</summary>
    public const int KeptMax = 1024;

    private readonly SortedDictionary<uint, SecretKey> _kept = [];
    private SecretKey _secret = secret;

    /// <summary>The generation whose key comes next.</summary>
    public uint Generation { get; private set; } = generation;

    public SecretKey Secret => _secret;

    public IReadOnlyDictionary<uint, SecretKey> Kept => _kept;

    /// <summary>True while keys are left.</summary>
    public bool HasNext => Generation < uint.MaxValue;

    /// <summary>The next key, for sending; the caller erases it.</summary>
    public SecretKey Next(out uint generation)
    {
        generation = Generation;
        return Advance();
    }

    /// <summary>The key of a generation, for opening; the caller erases it, or returns it when nothing opened.</summary>
    public MlsStatus Take(uint generation, uint aheadMax, out SecretKey? key)
    {
        key = null;
        if (generation < Generation) return _kept.Remove(generation, out key) ? MlsStatus.Accepted : MlsStatus.GenerationUsed;
        if (generation - Generation > aheadMax || generation == uint.MaxValue) return MlsStatus.TooLarge;
        while (Generation < generation)
        {
            uint passed = Generation;
            Return(passed, Advance());
        }

        key = Advance();
        return MlsStatus.Accepted;
    }

    /// <summary>A copy of the key of a generation, to try a message with; nothing moves. The caller erases it.</summary>
    /// <remarks>Any member can claim to be another in what is not signed, so a ratchet moves only for a message whose signature is verified.</remarks>
    public MlsStatus Peek(uint generation, uint aheadMax, out SecretKey? key)
    {
        key = null;
        if (generation < Generation)
        {
            if (!_kept.TryGetValue(generation, out SecretKey? kept)) return MlsStatus.GenerationUsed;
            key = kept.CopyTo(crypto.Vault);
            return MlsStatus.Accepted;
        }

        if (generation - Generation > aheadMax || generation == uint.MaxValue) return MlsStatus.TooLarge;
        Span<byte> keyAndNonce = stackalloc byte[crypto.KeyBytes + MlsCrypto.NonceBytes], secret = stackalloc byte[MlsCrypto.HashBytes], next = stackalloc byte[MlsCrypto.HashBytes];
        using (KeyLease lease = _secret.Lease()) lease.Bytes.CopyTo(secret);
        for (uint passed = Generation; passed < generation; passed++)
        {
            crypto.DeriveTreeSecret(secret, "secret"u8, passed, next);
            next.CopyTo(secret);
        }

        crypto.DeriveTreeSecret(secret, "key"u8, generation, keyAndNonce[..crypto.KeyBytes]);
        crypto.DeriveTreeSecret(secret, "nonce"u8, generation, keyAndNonce[crypto.KeyBytes..]);
        CryptographicOperations.ZeroMemory(secret);
        CryptographicOperations.ZeroMemory(next);
        key = crypto.Keep(keyAndNonce);
        return MlsStatus.Accepted;
    }

    /// <summary>Keeps a key for the message that it belongs to.</summary>
    public void Return(uint generation, SecretKey key)
    {
        _kept[generation] = key;
        if (_kept.Count <= KeptMax) return;
        uint oldest = First(_kept.Keys);
        _kept.Remove(oldest, out SecretKey? dropped);
        dropped?.Dispose();
    }

    public void Dispose()
    {
        _secret.Dispose();
        foreach (SecretKey key in _kept.Values) key.Dispose();
        _kept.Clear();
    }

    private static uint First(IEnumerable<uint> generations)
    {
        using IEnumerator<uint> enumerator = generations.GetEnumerator();
        enumerator.MoveNext();
        return enumerator.Current;
    }

    private SecretKey Advance()
    {
        Span<byte> keyAndNonce = stackalloc byte[crypto.KeyBytes + MlsCrypto.NonceBytes], next = stackalloc byte[MlsCrypto.HashBytes];
        using (KeyLease lease = _secret.Lease())
        {
            crypto.DeriveTreeSecret(lease.Bytes, "key"u8, Generation, keyAndNonce[..crypto.KeyBytes]);
            crypto.DeriveTreeSecret(lease.Bytes, "nonce"u8, Generation, keyAndNonce[crypto.KeyBytes..]);
            crypto.DeriveTreeSecret(lease.Bytes, "secret"u8, Generation, next);
        }

        _secret.Dispose();
        _secret = crypto.Keep(next);
        Generation++;
        SecretKey key = crypto.Keep(keyAndNonce);
        CryptographicOperations.ZeroMemory(keyAndNonce);
        return key;
    }
}
