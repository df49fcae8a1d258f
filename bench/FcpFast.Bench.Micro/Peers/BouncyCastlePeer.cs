using System;
using FcpFast.Tool.Bench.Peers;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;

namespace FcpFast.Bench.Micro.Peers;

/// <summary>BouncyCastle: managed code throughout.</summary>
internal sealed class BouncyCastlePeer(byte[] key) : IAeadPeer
{
    private const int TagBits = 128;

    private readonly ChaCha20Poly1305 _aead = new();
    private readonly KeyParameter _key = new(key);

    public void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plaintext, Span<byte> sealedBytes)
    {
        _aead.Init(true, new AeadParameters(_key, TagBits, nonce.ToArray(), associated.ToArray()));
        int written = _aead.ProcessBytes(plaintext, sealedBytes);
        _aead.DoFinal(sealedBytes[written..]);
    }

    public bool Open(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> sealedBytes, Span<byte> plaintext)
    {
        try
        {
            _aead.Init(false, new AeadParameters(_key, TagBits, nonce.ToArray(), associated.ToArray()));
            int written = _aead.ProcessBytes(sealedBytes, plaintext);
            _aead.DoFinal(plaintext[written..]);
            return true;
        }
        catch (InvalidCipherTextException)
        {
            plaintext.Clear();
            return false;
        }
    }

    public void Dispose()
    {
        // keys of managed code are collected, not erased
    }
}
