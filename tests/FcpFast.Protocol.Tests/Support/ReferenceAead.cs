using System;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Tests.Oracles;

namespace FcpFast.Protocol.Tests.Support;

/// <summary>The AEAD seam over <see cref="ChaChaPolyReference"/>: slow, managed, for tests that need an engine but no native library.</summary>
internal sealed class ReferenceAead : IAeadEngine
{
    /// <inheritdoc/>
    public void Seal(ReadOnlySpan<byte> key, scoped in AeadBatch batch)
    {
        if (key.Length != CryptoSizes.KeyBytes || !batch.IsSealing) throw new ArgumentException("A key of 32 bytes and a sealing batch.", nameof(batch));
        for (int i = 0; i < batch.Items.Length; i++)
        {
            byte[] plaintext = batch.Input.Slice(batch.Items[i].InputOffset, batch.MessageBytes).ToArray();
            ChaChaPolyReference.Seal(key.ToArray(), Nonce(batch, i), Associated(batch, i), plaintext).CopyTo(batch.Output[batch.Items[i].OutputOffset..]);
        }
    }

    /// <inheritdoc/>
    public int Open(ReadOnlySpan<byte> key, scoped in AeadBatch batch, Span<bool> opened)
    {
        if (key.Length != CryptoSizes.KeyBytes || batch.IsSealing) throw new ArgumentException("A key of 32 bytes and an opening batch.", nameof(batch));
        if (opened.Length < batch.Items.Length) throw new ArgumentException("One verdict an item.", nameof(opened));
        int count = 0;
        for (int i = 0; i < batch.Items.Length; i++)
        {
            byte[] sealedBytes = batch.Input.Slice(batch.Items[i].InputOffset, batch.MessageBytes + CryptoSizes.TagBytes).ToArray();
            byte[]? plaintext = ChaChaPolyReference.Open(key.ToArray(), Nonce(batch, i), Associated(batch, i), sealedBytes);
            opened[i] = plaintext is not null;
            if (opened[i]) count++;
            (plaintext ?? new byte[batch.MessageBytes]).CopyTo(batch.Output[batch.Items[i].OutputOffset..]);
        }

        return count;
    }

    private static byte[] Nonce(in AeadBatch batch, int item)
    {
        int bytes = CryptoSizes.NonceBytes(batch.Algorithm);
        return batch.Nonces.Slice(item * bytes, bytes).ToArray();
    }

    private static byte[] Associated(in AeadBatch batch, int item) =>
        batch.AssociatedData.Slice(item * batch.AssociatedDataBytes, batch.AssociatedDataBytes).ToArray();
}
