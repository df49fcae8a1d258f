using System;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Identities;

/// <summary>An owner's key in a file, under a passphrase: all that an owner needs to keep, and nothing that a stranger can use.</summary>
/// <remarks>
/// <code>
/// {salt: bstr 16, format: "fcpfast.owner_key.v1", passes: uint, sealed: bstr 72, owner_key: bstr 32, memory_kib: uint}
/// sealed = the Ed25519 seed in a PassphraseBox, its context "FCPFAST-OWNER-KEY-V1" || owner_key
/// </code>
/// Source: README.md of this project.
/// </remarks>
public sealed class OwnerKeyFile
{
    private const int FileBytesMax = 1024;

    private readonly PassphraseBox _box;

    private OwnerKeyFile(PublicKey owner, PassphraseBox box)
    {
        Owner = owner;
        _box = box;
    }

    private static ReadOnlySpan<byte> Format => "fcpfast.owner_key.v1"u8;

    /// <summary>The owner's public key, readable without the passphrase.</summary>
    public PublicKey Owner { get; }

    /// <summary>Reads a file; nothing is opened yet.</summary>
    /// <remarks>Errors: those of section 3; <c>UnsupportedVersion</c> for another format. Source: [WIRE §3].</remarks>
    public static FcpStatus Parse(ReadOnlySpan<byte> bytes, out OwnerKeyFile? file)
    {
        file = null;
        FcpStatus status = CanonicalCbor.Validate(bytes, FileBytesMax);
        if (status != FcpStatus.Accepted) return status;
        CborMapReader map = CborMapReader.Open(bytes);
        byte[] salt = map.Bytes("salt"u8, IPasswordKdf.SaltBytes).ToArray();
        ReadOnlySpan<byte> format = map.Text("format"u8);
        uint passes = map.Unsigned("passes"u8, uint.MaxValue);
        byte[] sealedSeed = map.Bytes("sealed"u8, PassphraseBox.SealedBytes).ToArray();
        var owner = new PublicKey(map.Bytes32("owner_key"u8));
        uint memory = map.Unsigned("memory_kib"u8, uint.MaxValue);
        status = map.End();
        if (status != FcpStatus.Accepted) return status;
        if (!format.SequenceEqual(Format)) return FcpStatus.UnsupportedVersion;
        file = new OwnerKeyFile(owner, new PassphraseBox(new PasswordCost(passes, memory), salt, sealedSeed));
        return FcpStatus.Accepted;
    }

    /// <summary>Writes an owner's key.</summary>
    public static byte[] Write(OwnerKey owner, ReadOnlySpan<byte> passphrase, PasswordCost cost, CryptoProvider crypto)
    {
        ArgumentNullException.ThrowIfNull(owner);
        PassphraseBox box = PassphraseBox.Seal(passphrase, cost, ContextOf(owner.PublicKey), owner.Seed, crypto);
        var writer = new CborWriter();
        writer.BeginMap(6);
        writer.Key("salt"u8);
        writer.Bytes(box.Salt.Span);
        writer.Key("format"u8);
        writer.Text(Format);
        writer.Key("passes"u8);
        writer.Unsigned(cost.Passes);
        writer.Key("sealed"u8);
        writer.Bytes(box.Sealed.Span);
        writer.Key("owner_key"u8);
        writer.Bytes(owner.PublicKey.Value);
        writer.Key("memory_kib"u8);
        writer.Unsigned(cost.MemoryKibibytes);
        return writer.ToArray();
    }

    /// <summary>Opens the key; null if the passphrase is another one, or the file is damaged.</summary>
    public OwnerKey? Open(ReadOnlySpan<byte> passphrase, CryptoProvider crypto)
    {
        SecretKey? seed = _box.Open(passphrase, ContextOf(Owner), crypto);
        if (seed is null) return null;
        var key = new OwnerKey(crypto, seed);
        if (key.PublicKey == Owner) return key;
        key.Dispose();
        return null;
    }

    private static byte[] ContextOf(PublicKey owner)
    {
        ReadOnlySpan<byte> label = "FCPFAST-OWNER-KEY-V1"u8;
        byte[] context = new byte[label.Length + PublicKey.Length];
        label.CopyTo(context);
        owner.Value.Write(context.AsSpan(label.Length));
        return context;
    }
}
