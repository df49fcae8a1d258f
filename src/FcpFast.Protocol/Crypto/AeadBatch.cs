using System;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Crypto;

/// <summary>Messages of one length under one key, each with its own nonce and its own associated data.</summary>
/// <remarks>
/// Shape:   ciphertext and tag lie together, the tag behind. Nonces and associated data lie side by side, one entry an item.
///          Input and output may be the same memory if every item has equal offsets; otherwise they do not overlap.
/// Threads: a view; owns nothing.
/// Source:  [WIRE §5].
/// </remarks>
public readonly ref struct AeadBatch
{
    private const int MessageBytesMax = 1 << 30; // far above any message, so that adding a tag cannot overflow

    /// <summary>Describes a batch; lengths are proven here, once.</summary>
    /// <remarks>
    /// Errors: throws <see cref="ArgumentException"/> if an item, nonce or associated data lies outside its span, or no AEAD is chosen.
    /// </remarks>
    public AeadBatch(
        AeadAlgorithm algorithm, ReadOnlySpan<byte> input, Span<byte> output, ReadOnlySpan<AeadItem> items, int messageBytes,
        ReadOnlySpan<byte> nonces, ReadOnlySpan<byte> associatedData, int associatedDataBytes, bool sealing)
    {
        if (algorithm is not (AeadAlgorithm.ChaCha20Poly1305 or AeadAlgorithm.XChaCha20Poly1305))
        {
            ThrowHelper.BadArgument(nameof(algorithm), "an AEAD is chosen");
        }

        if (messageBytes is < 0 or > MessageBytesMax) ThrowHelper.BadArgument(nameof(messageBytes), "a length is from 0 to 1 GiB");
        if (associatedDataBytes is < 0 or > MessageBytesMax) ThrowHelper.BadArgument(nameof(associatedDataBytes), "a length is from 0 to 1 GiB");
        int inputBytes = sealing ? messageBytes : messageBytes + CryptoSizes.TagBytes;
        int outputBytes = sealing ? messageBytes + CryptoSizes.TagBytes : messageBytes;
        foreach (ref readonly AeadItem item in items)
        {
            if (item.InputOffset < 0 || item.InputOffset > input.Length || input.Length - item.InputOffset < inputBytes)
            {
                ThrowHelper.BadArgument(nameof(items), "an item lies outside the input");
            }

            if (item.OutputOffset < 0 || item.OutputOffset > output.Length || output.Length - item.OutputOffset < outputBytes)
            {
                ThrowHelper.BadArgument(nameof(items), "an item lies outside the output");
            }
        }

        if (nonces.Length != (long)items.Length * CryptoSizes.NonceBytes(algorithm)) ThrowHelper.BadArgument(nameof(nonces), "one nonce an item");
        if (associatedData.Length != (long)items.Length * associatedDataBytes)
        {
            ThrowHelper.BadArgument(nameof(associatedData), "one associated datum an item");
        }

        IsSealing = sealing;
        Algorithm = algorithm;
        Input = input;
        Output = output;
        Items = items;
        MessageBytes = messageBytes;
        Nonces = nonces;
        AssociatedData = associatedData;
        AssociatedDataBytes = associatedDataBytes;
    }

    /// <summary>True if the lengths were proven for sealing. An engine refuses a batch that was made for the other way.</summary>
    public bool IsSealing { get; }

    /// <summary>The AEAD of every item.</summary>
    public AeadAlgorithm Algorithm { get; }

    /// <summary>Memory that the items' input offsets point into.</summary>
    public ReadOnlySpan<byte> Input { get; }

    /// <summary>Memory that the items' output offsets point into.</summary>
    public Span<byte> Output { get; }

    /// <summary>Where each message lies.</summary>
    public ReadOnlySpan<AeadItem> Items { get; private init; }

    /// <summary>Plaintext bytes of every item.</summary>
    public int MessageBytes { get; }

    /// <summary>The nonces, side by side.</summary>
    public ReadOnlySpan<byte> Nonces { get; private init; }

    /// <summary>The associated data, side by side.</summary>
    public ReadOnlySpan<byte> AssociatedData { get; private init; }

    /// <summary>Bytes of associated data of every item.</summary>
    public int AssociatedDataBytes { get; }

    /// <summary>What every engine demands of its caller before it seals.</summary>
    /// <remarks>Errors: throws <see cref="ArgumentException"/> unless the key has 32 bytes and the batch is made for sealing.</remarks>
    public void RequireSealing(ReadOnlySpan<byte> key)
    {
        if (key.Length != CryptoSizes.KeyBytes) ThrowHelper.BadArgument(nameof(key), "an AEAD key is 32 bytes");
        if (!IsSealing) ThrowHelper.BadArgument("batch", "the batch is made for sealing");
    }

    /// <summary>What every engine demands of its caller before it opens.</summary>
    /// <remarks>Errors: throws <see cref="ArgumentException"/> unless the key has 32 bytes, the batch is made for opening and there is a verdict an item.</remarks>
    public void RequireOpening(ReadOnlySpan<byte> key, ReadOnlySpan<bool> opened)
    {
        if (key.Length != CryptoSizes.KeyBytes) ThrowHelper.BadArgument(nameof(key), "an AEAD key is 32 bytes");
        if (IsSealing) ThrowHelper.BadArgument("batch", "the batch is made for opening");
        if (opened.Length < Items.Length) ThrowHelper.BadArgument(nameof(opened), "one verdict an item");
    }

    /// <summary>Some of the items, one behind the other, with their nonces and associated data; what was proven of all holds for them.</summary>
    /// <remarks>Errors: throws <see cref="ArgumentOutOfRangeException"/> if there are not so many.</remarks>
    public AeadBatch Slice(int start, int count)
    {
        int nonceBytes = CryptoSizes.NonceBytes(Algorithm);
        return this with
        {
            Items = Items.Slice(start, count),
            Nonces = Nonces.Slice(start * nonceBytes, count * nonceBytes),
            AssociatedData = AssociatedData.Slice(start * AssociatedDataBytes, count * AssociatedDataBytes),
        };
    }
}
