using System;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Interop.Tests.Libsodium;

/// <summary>[RFC 8439 §2.5]: Poly1305 alone.</summary>
public sealed class LibsodiumOneTimeAuthTests
{
    private static readonly CryptoProvider Crypto = LibsodiumGate.Open();

    [Fact]
    public void Poly1305_TheExampleOfTheStandard_GivesItsTag()
    {
        byte[] key = Convert.FromHexString("85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b"), tag = new byte[16];
        LibsodiumOneTimeAuth.Poly1305(key, "Cryptographic Forum Research Group"u8, tag);
        Assert.Equal("a8061dc1305136c6c22b8baf0c0127a9", Convert.ToHexStringLower(tag));
    }

    /// <summary>[RFC 8439 §2.8]: the AEAD's tag is Poly1305 under the first key stream block over padded data, padded ciphertext and lengths.</summary>
    [Fact]
    public void Poly1305_OverWhatTheAeadAuthenticates_GivesTheAeadsTag()
    {
        byte[] key = new byte[32], nonce = new byte[12], stream = new byte[64], data = [1, 2, 3], plaintext = [4, 5, 6, 7, 8], sealedBytes = new byte[21];
        key[5] = 0x77;
        Crypto.Aead.SealOne(AeadAlgorithm.ChaCha20Poly1305, key, nonce, data, plaintext, sealedBytes);
        LibsodiumStream.ChaCha20(key, stream);
        byte[] input = [.. data, .. new byte[13], .. sealedBytes.AsSpan(0, 5), .. new byte[11], 3, .. new byte[7], 5, .. new byte[7]];
        byte[] tag = new byte[16];
        LibsodiumOneTimeAuth.Poly1305(stream.AsSpan(0, 32), input, tag);
        Assert.Equal(sealedBytes.AsSpan(5).ToArray(), tag);
    }

    [Theory]
    [InlineData(31, 16)]
    [InlineData(33, 16)]
    [InlineData(32, 15)]
    [InlineData(32, 17)]
    public void Poly1305_KeyOrTagOfAnotherLength_Throws(int keyBytes, int tagBytes) =>
        Assert.Throws<ArgumentException>(() => LibsodiumOneTimeAuth.Poly1305(new byte[keyBytes], [], new byte[tagBytes]));
}
