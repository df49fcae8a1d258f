using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using FcpFast.Mls.Codec;
using FcpFast.Mls.Crypto;
using FcpFast.Mls.Messages;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Mls.Schedule;

/// <summary>From the secrets of a commit to those of an epoch.</summary>
/// <remarks>
/// Shape:   every secret that is returned belongs to the caller, who erases it; a commit or PSK secret that is null stands for 32 zero bytes.
/// Source:  [RFC 9420 §8], [RFC 9420 §8.4].
/// </remarks>
internal static class KeySchedule
{
    /// <summary>The joiner secret of the epoch that <paramref name="context"/> describes.</summary>
    public static SecretKey Joiner(MlsCrypto crypto, SecretKey init, SecretKey? commit, GroupContext context)
    {
        Span<byte> extracted = stackalloc byte[MlsCrypto.HashBytes];
        Extract(crypto, init, commit, extracted);
        SecretKey joiner = crypto.Expand(extracted, "joiner"u8, context.ToBytes());
        CryptographicOperations.ZeroMemory(extracted);
        return joiner;
    }

    /// <summary>The secret between joiner and epoch secret, with the pre-shared keys in it.</summary>
    public static SecretKey Member(MlsCrypto crypto, SecretKey joiner, SecretKey? psk)
    {
        Span<byte> extracted = stackalloc byte[MlsCrypto.HashBytes];
        Extract(crypto, joiner, psk, extracted);
        return crypto.Keep(extracted);
    }

    /// <summary>The epoch secret.</summary>
    public static SecretKey Epoch(MlsCrypto crypto, SecretKey member, GroupContext context)
    {
        using KeyLease lease = member.Lease();
        return crypto.Expand(lease.Bytes, "epoch"u8, context.ToBytes());
    }

    /// <summary>Key and nonce of the GroupInfo in a Welcome.</summary>
    /// <remarks>Source: [RFC 9420 §12.4.3.1].</remarks>
    public static SecretKey WelcomeKey(MlsCrypto crypto, SecretKey member)
    {
        Span<byte> welcome = stackalloc byte[MlsCrypto.HashBytes];
        Span<byte> keyAndNonce = stackalloc byte[crypto.KeyBytes + MlsCrypto.NonceBytes];
        using KeyLease lease = member.Lease();
        crypto.DeriveSecret(lease.Bytes, "welcome"u8, welcome);
        crypto.ExpandWithLabel(welcome, "key"u8, default, keyAndNonce[..crypto.KeyBytes]);
        crypto.ExpandWithLabel(welcome, "nonce"u8, default, keyAndNonce[crypto.KeyBytes..]);
        CryptographicOperations.ZeroMemory(welcome);
        return crypto.Keep(keyAndNonce);
    }

    /// <summary>One secret of a list of pre-shared keys, in their order; null for an empty list.</summary>
    public static SecretKey? Psk(MlsCrypto crypto, IReadOnlyList<(PreSharedKeyId Id, SecretKey Key)> psks)
    {
        if (psks.Count == 0) return null;
        Span<byte> secret = stackalloc byte[MlsCrypto.HashBytes], input = stackalloc byte[MlsCrypto.HashBytes];
        Span<byte> extracted = stackalloc byte[MlsCrypto.HashBytes], zero = stackalloc byte[MlsCrypto.HashBytes];
        secret.Clear();
        zero.Clear();
        for (int i = 0; i < psks.Count; i++)
        {
            using var label = new MlsWriter();
            psks[i].Id.Write(label);
            label.U16(checked((ushort)i));
            label.U16(checked((ushort)psks.Count));
            using KeyLease lease = psks[i].Key.Lease();
            crypto.Extract(zero, lease.Bytes, extracted);
            crypto.ExpandWithLabel(extracted, "derived psk"u8, label.Written, input);
            crypto.Extract(input, secret, extracted);
            extracted.CopyTo(secret);
        }

        CryptographicOperations.ZeroMemory(input);
        CryptographicOperations.ZeroMemory(extracted);
        return crypto.Keep(secret);
    }

    /// <summary>A secret for another use, bound to the epoch.</summary>
    /// <remarks>Source: [RFC 9420 §8.5].</remarks>
    public static void Export(MlsCrypto crypto, SecretKey exporter, ReadOnlySpan<byte> label, ReadOnlySpan<byte> context, Span<byte> output)
    {
        Span<byte> derived = stackalloc byte[MlsCrypto.HashBytes];
        using (KeyLease lease = exporter.Lease()) crypto.DeriveSecret(lease.Bytes, label, derived);
        crypto.ExpandWithLabel(derived, "exported"u8, crypto.Hash(context), output);
        CryptographicOperations.ZeroMemory(derived);
    }

    private static void Extract(MlsCrypto crypto, SecretKey salt, SecretKey? input, Span<byte> output)
    {
        Span<byte> zero = stackalloc byte[MlsCrypto.HashBytes];
        zero.Clear();
        using KeyLease saltLease = salt.Lease();
        using KeyLease inputLease = input is null ? default : input.Lease();
        crypto.Extract(saltLease.Bytes, input is null ? zero : inputLease.Bytes, output);
    }
}
