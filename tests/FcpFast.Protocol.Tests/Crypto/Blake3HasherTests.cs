using System;
using System.Linq;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Tests.Oracles;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Crypto;

/// <summary>[WIRE §1]: BLAKE3 in its three modes against the slow reference.</summary>
public sealed class Blake3HasherTests
{
    private const string Context = "FcpFast 2026 test of key derivation";

    private static readonly byte[] Key = "whats the Elvish word for friend"u8.ToArray();

    // Around blocks (64), chunks (1,024) and every shape of tree up to nine chunks.
    private static readonly int[] Borders =
        [0, 1, 2, 3, 31, 32, 33, 63, 64, 65, 127, 128, 129, 191, 192, 193, 959, 960, 961, .. Around(1024, 9)];

    [Theory] // three published values pin the oracle itself
    [InlineData(0, "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262")]
    [InlineData(1, "2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213")]
    public void Reference_PublishedLengths_GivesThePublishedHash(int length, string hash) =>
        Assert.Equal(hash, Convert.ToHexStringLower(Blake3Reference.Hash(Pattern(length))));

    [Fact]
    public void Reference_PublishedKeyAndContext_GivesThePublishedOutputs()
    {
        Assert.Equal("92b2b75604ed3c761f9d6f62392c8a92", Convert.ToHexStringLower(Blake3Reference.KeyedHash(Key, []))[..32]);
        Assert.Equal(
            "2cc39783c223154fea8dfb7c1b1660f2",
            Convert.ToHexStringLower(Blake3Reference.DeriveKey("BLAKE3 2019-12-27 16:29:52 test vectors context", []))[..32]);
    }

    [Fact]
    public void Hash_LengthsTo3000_EqualsTheReference()
    {
        var hasher = new Blake3Hasher();
        byte[] input = Pattern(3000), output = new byte[32];
        foreach (int length in Enumerable.Range(0, 3001).Where(static n => n < 200 || n % 7 == 0 || n % 64 < 2 || n % 1024 < 3).Concat(Borders))
        {
            byte[] part = length <= input.Length ? input[..length] : Pattern(length);
            hasher.Reset();
            hasher.Update(part);
            hasher.Finish(output);
            Assert.True(Blake3Reference.Hash(part).AsSpan().SequenceEqual(output), $"length {length}");
        }
    }

    [Fact]
    public void KeyedHashAndDeriveKey_BorderLengths_EqualTheReference()
    {
        var hasher = new Blake3Hasher();
        byte[] output = new byte[32];
        foreach (int length in Borders)
        {
            byte[] input = Pattern(length);
            hasher.Reset(Key);
            hasher.Update(input);
            hasher.Finish(output);
            Assert.True(Blake3Reference.KeyedHash(Key, input).AsSpan().SequenceEqual(output), $"keyed, length {length}");
            hasher.ResetToDeriveKey(Context);
            hasher.Update(input);
            hasher.Finish(output);
            Assert.True(Blake3Reference.DeriveKey(Context, input).AsSpan().SequenceEqual(output), $"derived, length {length}");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65)]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(4097)]
    public void Finish_OutputLengthsTo260_EqualTheReferenceAndArePrefixes(int length)
    {
        var hasher = new Blake3Hasher();
        byte[] input = Pattern(length), expected = Blake3Reference.KeyedHash(Key, input, 260);
        hasher.Reset(Key);
        hasher.Update(input);
        for (int bytes = 0; bytes <= 260; bytes++)
        {
            byte[] output = new byte[bytes];
            hasher.Finish(output); // finishing does not end the hash
            Assert.True(expected.AsSpan(0, bytes).SequenceEqual(output), $"{bytes} bytes of output");
        }
    }

    [Theory]
    [InlineData(129)]
    [InlineData(1025)]
    [InlineData(2049)]
    [InlineData(3100)]
    public void Update_SplitAtEveryPosition_EqualsOneUpdate(int length)
    {
        var hasher = new Blake3Hasher();
        byte[] input = Pattern(length), expected = Blake3Reference.Hash(input), output = new byte[32];
        for (int split = 0; split <= length; split++)
        {
            hasher.Reset();
            hasher.Update(input.AsSpan(0, split));
            hasher.Update(default);
            hasher.Update(input.AsSpan(split));
            hasher.Finish(output);
            Assert.True(expected.AsSpan().SequenceEqual(output), $"split at {split}");
        }
    }

    [Fact]
    public void Update_RandomPiecesOfUpTo40Chunks_EqualsTheReference() => Seeded.Run(60, static random =>
    {
        var hasher = new Blake3Hasher();
        byte[] input = random.Bytes(random.Next(40_000)), output = new byte[random.Next(1, 100)];
        hasher.Reset(Key);
        for (int at = 0; at < input.Length;)
        {
            int piece = Math.Min(input.Length - at, random.Next(4) == 0 ? random.Next(5000) : random.Next(130));
            hasher.Update(input.AsSpan(at, piece));
            at += piece;
        }

        hasher.Finish(output);
        Assert.Equal(Blake3Reference.KeyedHash(Key, input, output.Length), output);
    });

    [Fact]
    public void Update_AfterFinish_GoesOnFromThere()
    {
        var hasher = new Blake3Hasher();
        byte[] input = Pattern(5000), output = new byte[32];
        for (int at = 0; at < input.Length; at += 333)
        {
            hasher.Finish(output);
            Assert.Equal(Blake3Reference.Hash(input[..at]), output);
            hasher.Update(input.AsSpan(at, Math.Min(333, input.Length - at)));
        }

        hasher.Finish(output);
        Assert.Equal(Blake3Reference.Hash(input), output);
    }

    [Fact]
    public void EraseAndReset_AfterAKeyedHash_LeaveNothingOfItBehind()
    {
        var hasher = new Blake3Hasher();
        byte[] output = new byte[32];
        hasher.Reset(Key);
        hasher.Update(Pattern(7777));
        hasher.Erase();
        hasher.Finish(output);
        Assert.Equal(Blake3Reference.Hash([]), output);
        hasher.ResetToDeriveKey(Context);
        hasher.Update(Pattern(100));
        hasher.Reset();
        hasher.Update(Pattern(3));
        hasher.Finish(output);
        Assert.Equal(Blake3Reference.Hash(Pattern(3)), output);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void Reset_KeyOfAnotherLength_Throws(int length) =>
        Assert.Throws<ArgumentException>(() => new Blake3Hasher().Reset(new byte[length]));

    private static byte[] Pattern(int length) => Enumerable.Range(0, length).Select(static i => (byte)(i % 251)).ToArray();

    private static int[] Around(int step, int count) =>
        Enumerable.Range(1, count).SelectMany(i => new[] { (i * step) - 1, i * step, (i * step) + 1, (i * step) + 64 }).ToArray();
}
