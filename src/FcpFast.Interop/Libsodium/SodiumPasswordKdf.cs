using System;
using System.Security.Cryptography;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using Sodium;

namespace FcpFast.Interop.Libsodium;

/// <summary>Argon2id 1.3 of libsodium, by way of Sodium.Core.</summary>
/// <remarks>Shape: Sodium.Core takes arrays; the copies made for it are erased. Source: [RFC 9106 §3], [libsodium crypto_pwhash_argon2id.h].</remarks>
internal sealed class SodiumPasswordKdf : IPasswordKdf
{
    /// <inheritdoc/>
    public void Derive(ReadOnlySpan<byte> passphrase, ReadOnlySpan<byte> salt, PasswordCost cost, Span<byte> key)
    {
        if (salt.Length != IPasswordKdf.SaltBytes) ThrowHelper.BadArgument(nameof(salt), "a salt is 16 bytes");
        if (key.Length != CryptoSizes.KeyBytes) ThrowHelper.BadArgument(nameof(key), "a key is 32 bytes");
        if (!cost.IsWithinBounds) ThrowHelper.BadArgument(nameof(cost), "the cost is out of bounds");
        byte[] password = passphrase.ToArray();
        byte[] derived = PasswordHash.ArgonHashBinary(
            password, salt.ToArray(), cost.Passes, (int)(cost.MemoryKibibytes * 1024), CryptoSizes.KeyBytes,
            PasswordHash.ArgonAlgorithm.Argon_2ID13);
        derived.CopyTo(key);
        CryptographicOperations.ZeroMemory(password);
        CryptographicOperations.ZeroMemory(derived);
    }
}
