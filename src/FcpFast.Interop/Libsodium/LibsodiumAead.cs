using System;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Interop.Libsodium;

/// <summary>The AEADs by libsodium, one call a message: the reference that every other engine is held against.</summary>
/// <remarks>
/// Threads: stateless.
/// Cost:    about 3 ns a message above the C call; no allocation.
/// Source:  [libsodium crypto_aead_chacha20poly1305.h], [libsodium crypto_aead_xchacha20poly1305.h].
/// </remarks>
public readonly struct LibsodiumAead : IAeadEngine
{
    /// <inheritdoc/>
    public unsafe void Seal(ReadOnlySpan<byte> key, scoped in AeadBatch batch)
    {
        batch.RequireSealing(key);
        bool extended = batch.Algorithm == AeadAlgorithm.XChaCha20Poly1305;
        int nonceBytes = CryptoSizes.NonceBytes(batch.Algorithm);
        ulong messageBytes = (ulong)batch.MessageBytes, associatedBytes = (ulong)batch.AssociatedDataBytes;

        // SAFETY: AeadBatch proved that every item, nonce and associated datum lies inside its span; the spans are fixed for the block.
        fixed (byte* k = key, input = batch.Input, output = batch.Output, nonces = batch.Nonces, associated = batch.AssociatedData)
        {
            for (int i = 0; i < batch.Items.Length; i++)
            {
                AeadItem item = batch.Items[i];
                byte* plaintext = input + item.InputOffset, sealedBytes = output + item.OutputOffset;
                byte* nonce = nonces + (i * nonceBytes), data = associated + (i * batch.AssociatedDataBytes);
                int result = extended
                    ? Libsodium.crypto_aead_xchacha20poly1305_ietf_encrypt(
                        sealedBytes, null, plaintext, messageBytes, data, associatedBytes, null, nonce, k)
                    : Libsodium.crypto_aead_chacha20poly1305_ietf_encrypt(
                        sealedBytes, null, plaintext, messageBytes, data, associatedBytes, null, nonce, k);
                Invariant.Require(result == 0, "libsodium seals what it is given");
            }
        }
    }

    /// <inheritdoc/>
    public unsafe int Open(ReadOnlySpan<byte> key, scoped in AeadBatch batch, Span<bool> opened)
    {
        batch.RequireOpening(key, opened);
        bool extended = batch.Algorithm == AeadAlgorithm.XChaCha20Poly1305;
        int nonceBytes = CryptoSizes.NonceBytes(batch.Algorithm);
        ulong sealedLength = (ulong)(batch.MessageBytes + CryptoSizes.TagBytes), associatedBytes = (ulong)batch.AssociatedDataBytes;
        int count = 0;

        // SAFETY: as in Seal.
        fixed (byte* k = key, input = batch.Input, output = batch.Output, nonces = batch.Nonces, associated = batch.AssociatedData)
        {
            for (int i = 0; i < batch.Items.Length; i++)
            {
                AeadItem item = batch.Items[i];
                byte* sealedBytes = input + item.InputOffset, plaintext = output + item.OutputOffset;
                byte* nonce = nonces + (i * nonceBytes), data = associated + (i * batch.AssociatedDataBytes);
                int result = extended
                    ? Libsodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
                        plaintext, null, null, sealedBytes, sealedLength, data, associatedBytes, nonce, k)
                    : Libsodium.crypto_aead_chacha20poly1305_ietf_decrypt(
                        plaintext, null, null, sealedBytes, sealedLength, data, associatedBytes, nonce, k);
                opened[i] = result == 0;
                if (result == 0) count++;
                else batch.Output.Slice(item.OutputOffset, batch.MessageBytes).Clear();
            }
        }

        return count;
    }
}
