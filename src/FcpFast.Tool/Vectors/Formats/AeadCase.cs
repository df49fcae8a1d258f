using System;
using System.Text.Json;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Tool.Vectors.Formats;

/// <summary>One published AEAD case: key, nonce, associated data, plaintext, ciphertext and tag.</summary>
internal sealed record AeadCase(
    AeadAlgorithm Algorithm, byte[] Key, byte[] Nonce, byte[] AssociatedData, byte[] Plaintext, byte[] Ciphertext, byte[] Tag)
{
    /// <summary>Reads a case whose fields have these names.</summary>
    public static AeadCase Read(
        JsonElement item, AeadAlgorithm algorithm, string nonce, string associatedData, string plaintext, string ciphertext) =>
        new(
            algorithm, Hex(item, "key"), Hex(item, nonce), Hex(item, associatedData), Hex(item, plaintext), Hex(item, ciphertext),
            Hex(item, "tag"));

    /// <summary>A hex field of a third party's case.</summary>
    public static byte[] Hex(JsonElement item, string name) => Convert.FromHexString(item.GetProperty(name).GetString()!);

    /// <summary>Seals and opens: both must give what the case says. A tag shorter than 16 bytes is compared as far as it goes.</summary>
    public string? JudgeValid(IAeadEngine aead)
    {
        byte[] sealedBytes = Seal(aead), opened = new byte[Plaintext.Length];
        ReadOnlySpan<byte> ciphertext = sealedBytes.AsSpan(0, Plaintext.Length), tag = sealedBytes.AsSpan(Plaintext.Length);
        string? difference = VectorComparison.Difference("ciphertext", Convert.ToHexStringLower(Ciphertext), ciphertext)
            ?? VectorComparison.Difference("tag", Convert.ToHexStringLower(Tag), tag[..Tag.Length]);
        if (difference is not null) return difference;
        return aead.OpenOne(Algorithm, Key, Nonce, AssociatedData, sealedBytes, opened)
            ? VectorComparison.Difference("plaintext", Convert.ToHexStringLower(Plaintext), opened)
            : "what was sealed does not open";
    }

    /// <summary>Opening must be refused with nothing left in the output; with lengths that the algorithm does not have, sealing too.</summary>
    public string? JudgeInvalid(IAeadEngine aead)
    {
        if (!HasLengths)
        {
            return Refuses(() => Open(aead, out _)) && Refuses(() => Seal(aead)) ? null : "a key or nonce of another length was taken";
        }

        if (Open(aead, out byte[] opened)) return "it opened, expected a refusal";
        return opened.AsSpan().ContainsAnyExcept((byte)0) ? "refused, but the output was not erased" : null;
    }

    private bool HasLengths => Key.Length == CryptoSizes.KeyBytes && Nonce.Length == CryptoSizes.NonceBytes(Algorithm);

    private byte[] Seal(IAeadEngine aead)
    {
        byte[] sealedBytes = new byte[Plaintext.Length + CryptoSizes.TagBytes];
        aead.SealOne(Algorithm, Key, Nonce, AssociatedData, Plaintext, sealedBytes);
        return sealedBytes;
    }

    private bool Open(IAeadEngine aead, out byte[] opened)
    {
        opened = new byte[Ciphertext.Length];
        Array.Fill(opened, (byte)0xA5);
        return aead.OpenOne(Algorithm, Key, Nonce, AssociatedData, [.. Ciphertext, .. Tag], opened);
    }

    /// <summary>True if the engine stops the caller at its edge, before it touches a byte.</summary>
    private static bool Refuses(Action call)
    {
        try
        {
            call();
            return false;
        }
        catch (ArgumentException)
        {
            return true;
        }
    }
}
