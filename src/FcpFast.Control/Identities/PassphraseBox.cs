using System;
using System.Buffers.Binary;
using System.Security.Cryptography;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Control.Identities;

/// <summary>A secret of 32 bytes under a passphrase: Argon2id makes the key, its cost and salt stand beside the box.</summary>
/// <param name="Cost">What a guess costs.</param>
/// <param name="Salt">16 bytes.</param>
/// <param name="Sealed">The secret, sealed; bound to cost, salt and a context.</param>
/// <remarks>Source: [RFC 9106 §4]; README.md of this project.</remarks>
public sealed record PassphraseBox(PasswordCost Cost, ReadOnlyMemory<byte> Salt, ReadOnlyMemory<byte> Sealed)
{
    /// <summary>Bytes of <see cref="Sealed"/>.</summary>
    public const int SealedBytes = SecretSeal.OverheadBytes + CryptoSizes.KeyBytes;

    /// <summary>Seals a secret.</summary>
    /// <param name="passphrase">As UTF-8.</param>
    /// <param name="cost">What a guess shall cost.</param>
    /// <param name="context">What the box is for and whose.</param>
    /// <param name="secret">32 bytes.</param>
    /// <param name="crypto">The seams.</param>
    public static PassphraseBox Seal(
        ReadOnlySpan<byte> passphrase, PasswordCost cost, ReadOnlySpan<byte> context, SecretKey secret, CryptoProvider crypto)
    {
        ArgumentNullException.ThrowIfNull(secret);
        ArgumentNullException.ThrowIfNull(crypto);
        byte[] salt = new byte[IPasswordKdf.SaltBytes];
        crypto.Random.Fill(salt);
        using SecretKey key = Derive(passphrase, cost, salt, crypto);
        return new PassphraseBox(cost, salt, SecretSeal.Seal(key, Bind(cost, salt, context), secret, crypto));
    }

    /// <summary>Opens the box; null if the passphrase is another one, or the box is damaged.</summary>
    public SecretKey? Open(ReadOnlySpan<byte> passphrase, ReadOnlySpan<byte> context, CryptoProvider crypto)
    {
        ArgumentNullException.ThrowIfNull(crypto);
        if (!Cost.IsWithinBounds || Salt.Length != IPasswordKdf.SaltBytes) return null;
        using SecretKey key = Derive(passphrase, Cost, Salt.Span, crypto);
        return SecretSeal.Open(key, Bind(Cost, Salt.Span, context), Sealed.Span, crypto);
    }

    private static SecretKey Derive(ReadOnlySpan<byte> passphrase, PasswordCost cost, ReadOnlySpan<byte> salt, CryptoProvider crypto)
    {
        Span<byte> bytes = stackalloc byte[CryptoSizes.KeyBytes];
        crypto.Passwords.Derive(passphrase, salt, cost, bytes);
        SecretKey key = crypto.Vault.Import(bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return key;
    }

    private static byte[] Bind(PasswordCost cost, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> context)
    {
        byte[] bound = new byte[(2 * sizeof(uint)) + salt.Length + context.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(bound, cost.Passes);
        BinaryPrimitives.WriteUInt32LittleEndian(bound.AsSpan(sizeof(uint)), cost.MemoryKibibytes);
        salt.CopyTo(bound.AsSpan(2 * sizeof(uint)));
        context.CopyTo(bound.AsSpan((2 * sizeof(uint)) + salt.Length));
        return bound;
    }
}
