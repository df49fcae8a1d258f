using System;
using System.Buffers.Binary;
using System.Linq;
using System.Numerics;

namespace FcpFast.Protocol.Tests.Oracles;

/// <summary>ChaCha20-Poly1305 and XChaCha20-Poly1305 from their definitions, with Poly1305 on big integers: slow, and independent of every engine.</summary>
/// <remarks>Source: [RFC 8439 §2], and for the extended nonce the CFRG draft on XChaCha20 (HChaCha20, then 4 zero bytes and the nonce's last 8).</remarks>
internal static class ChaChaPolyReference
{
    private static readonly BigInteger Prime = (BigInteger.One << 130) - 5;

    public static byte[] Seal(byte[] key, byte[] nonce, byte[] associated, byte[] plaintext)
    {
        (byte[] innerKey, byte[] innerNonce) = Inner(key, nonce);
        byte[] ciphertext = Xor(plaintext, KeyStream(innerKey, innerNonce, 1, plaintext.Length));
        return [.. ciphertext, .. Tag(innerKey, innerNonce, associated, ciphertext)];
    }

    /// <summary>The plaintext, or null if the tag is wrong.</summary>
    public static byte[]? Open(byte[] key, byte[] nonce, byte[] associated, byte[] sealedBytes)
    {
        if (sealedBytes.Length < 16) return null;
        (byte[] innerKey, byte[] innerNonce) = Inner(key, nonce);
        byte[] ciphertext = sealedBytes[..^16];
        if (!Tag(innerKey, innerNonce, associated, ciphertext).AsSpan().SequenceEqual(sealedBytes.AsSpan(ciphertext.Length))) return null;
        return Xor(ciphertext, KeyStream(innerKey, innerNonce, 1, ciphertext.Length));
    }

    public static byte[] KeyStream(byte[] key, byte[] nonce, uint counter, int bytes)
    {
        byte[] stream = new byte[bytes + 64];
        for (int at = 0; at < bytes; at += 64) Block(key, nonce, counter + (uint)(at / 64)).CopyTo(stream, at);
        return stream[..bytes];
    }

    private static (byte[] Key, byte[] Nonce) Inner(byte[] key, byte[] nonce) =>
        nonce.Length == 12 ? (key, nonce) : (HChaCha(key, nonce[..16]), [0, 0, 0, 0, .. nonce[16..]]);

    private static byte[] Tag(byte[] key, byte[] nonce, byte[] associated, byte[] ciphertext)
    {
        byte[] oneTimeKey = KeyStream(key, nonce, 0, 32);
        byte[] lengths = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(lengths, (ulong)associated.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(lengths.AsSpan(8), (ulong)ciphertext.Length);
        byte[] data = [.. Padded(associated), .. Padded(ciphertext), .. lengths];

        byte[] clamped = oneTimeKey[..16];
        foreach (int i in new[] { 3, 7, 11, 15 }) clamped[i] &= 15;
        foreach (int i in new[] { 4, 8, 12 }) clamped[i] &= 252;
        BigInteger r = Number(clamped), sum = 0;
        for (int at = 0; at < data.Length; at += 16) sum = (sum + Number([.. data[at..Math.Min(at + 16, data.Length)], 1])) * r % Prime;
        sum = (sum + Number(oneTimeKey[16..])) % (BigInteger.One << 128);
        byte[] tag = sum.ToByteArray(isUnsigned: true);
        return [.. tag, .. new byte[16 - tag.Length]];
    }

    private static byte[] Padded(byte[] bytes) => [.. bytes, .. new byte[(16 - (bytes.Length % 16)) % 16]];

    private static BigInteger Number(byte[] littleEndian) => new(littleEndian, isUnsigned: true);

    private static byte[] Xor(byte[] left, byte[] right) => left.Zip(right, static (a, b) => (byte)(a ^ b)).ToArray();

    private static byte[] Block(byte[] key, byte[] nonce, uint counter)
    {
        uint[] start = State(key, [.. BitConverter.GetBytes(counter), .. nonce]);
        uint[] end = TwentyRounds(start);
        return Bytes(start.Zip(end, static (a, b) => unchecked(a + b)));
    }

    private static byte[] HChaCha(byte[] key, byte[] nonce16)
    {
        uint[] end = TwentyRounds(State(key, nonce16));
        return Bytes([.. end[..4], .. end[12..]]);
    }

    private static uint[] State(byte[] key, byte[] tail)
    {
        byte[] bytes = [.. "expand 32-byte k"u8, .. key, .. tail];
        return Enumerable.Range(0, 16).Select(i => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4 * i))).ToArray();
    }

    private static uint[] TwentyRounds(uint[] start)
    {
        uint[] s = (uint[])start.Clone();
        for (int i = 0; i < 10; i++)
        {
            for (int column = 0; column < 4; column++) QuarterRound(s, column, column + 4, column + 8, column + 12);
            for (int d = 0; d < 4; d++) QuarterRound(s, d, 4 + ((d + 1) % 4), 8 + ((d + 2) % 4), 12 + ((d + 3) % 4));
        }

        return s;
    }

    private static void QuarterRound(uint[] s, int a, int b, int c, int d)
    {
        unchecked
        {
            s[a] += s[b];
            s[d] = BitOperations.RotateLeft(s[d] ^ s[a], 16);
            s[c] += s[d];
            s[b] = BitOperations.RotateLeft(s[b] ^ s[c], 12);
            s[a] += s[b];
            s[d] = BitOperations.RotateLeft(s[d] ^ s[a], 8);
            s[c] += s[d];
            s[b] = BitOperations.RotateLeft(s[b] ^ s[c], 7);
        }
    }

    private static byte[] Bytes(System.Collections.Generic.IEnumerable<uint> words)
    {
        uint[] all = words.ToArray();
        byte[] bytes = new byte[4 * all.Length];
        for (int i = 0; i < all.Length; i++) BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4 * i), all[i]);
        return bytes;
    }
}
