using System;
using System.Security.Cryptography;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Tool.Bench.Peers;

/// <summary>.NET's own ChaCha20Poly1305 class.</summary>
internal sealed class DotnetPeer(byte[] key) : IAeadPeer
{
    private readonly ChaCha20Poly1305 _aead = new(key);

    /// <summary>The peer, where the platform has the class.</summary>
    public static Contender Contender { get; } = new("dotnet", static subject =>
        subject.Step is Steps.Seal or Steps.Open && ChaCha20Poly1305.IsSupported ? new PeerAeadBody(subject, static key => new DotnetPeer(key)) : null);

    public void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plaintext, Span<byte> sealedBytes) =>
        _aead.Encrypt(nonce, plaintext, sealedBytes[..plaintext.Length], sealedBytes[plaintext.Length..], associated);

    public bool Open(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> sealedBytes, Span<byte> plaintext)
    {
        try
        {
            _aead.Decrypt(nonce, sealedBytes[..^CryptoSizes.TagBytes], sealedBytes[^CryptoSizes.TagBytes..], plaintext, associated);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            plaintext.Clear();
            return false;
        }
    }

    public void Dispose() => _aead.Dispose();
}
