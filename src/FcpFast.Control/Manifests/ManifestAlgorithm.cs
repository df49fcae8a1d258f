using System;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Control.Manifests;

/// <summary>The names of AEADs in manifests.</summary>
/// <remarks>Source: [WIRE §11.2].</remarks>
public static class ManifestAlgorithm
{
    private static ReadOnlySpan<byte> ChaCha => "cha_cha20_poly1305"u8;

    private static ReadOnlySpan<byte> XChaCha => "x_cha_cha20_poly1305"u8;

    /// <summary>The AEAD of a name; <c>CborDeserialize</c> for any other spelling.</summary>
    public static FcpStatus Parse(ReadOnlySpan<byte> text, out AeadAlgorithm algorithm)
    {
        algorithm = text.SequenceEqual(ChaCha) ? AeadAlgorithm.ChaCha20Poly1305
            : text.SequenceEqual(XChaCha) ? AeadAlgorithm.XChaCha20Poly1305 : AeadAlgorithm.Unset;
        return algorithm == AeadAlgorithm.Unset ? FcpStatus.CborDeserialize : FcpStatus.Accepted;
    }

    /// <summary>The name of an AEAD.</summary>
    internal static ReadOnlySpan<byte> Text(AeadAlgorithm algorithm) => algorithm == AeadAlgorithm.XChaCha20Poly1305 ? XChaCha : ChaCha;
}
