using System;
using System.Buffers.Binary;
using System.IO;
using System.Security.Cryptography;
using System.Text;
using FcpFast.Control.Identities;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Control.Store;

/// <summary>Seals the secrets of a store, each bound to the row that it stands in.</summary>
/// <remarks>
/// <code>
/// row:   SecretSeal under the store's key, context "FCPFAST-STORE-ROW-V1" || store id || table || 00 || zone or name || 00 || id || u64 epoch
/// key:   the store's key under the key of its source, context "FCPFAST-STORE-KEY-V1" || store id || owner's two keys || role || name
/// file:  source key = HKDF(store id, 32 bytes of the file, "FCPFAST-STORE-KEY-FILE-V1", 32)
/// owner: source key = HKDF(none, owner's seed, "FCPFAST-STORE-KEY-OWNER-V1", 32)
/// </code>
/// Source: README.md of this project.
/// </remarks>
internal sealed class StoreSeal(CryptoProvider crypto, byte[] storeId, SecretKey key) : IDisposable
{
    private static ReadOnlySpan<byte> RowLabel => "FCPFAST-STORE-ROW-V1"u8;

    private static ReadOnlySpan<byte> KeyLabel => "FCPFAST-STORE-KEY-V1"u8;

    /// <summary>Bound into every context.</summary>
    public byte[] StoreId { get; } = storeId;

    /// <summary>The key that all rows are sealed under.</summary>
    public SecretKey Key { get; } = key;

    /// <summary>Draws the id of a new store.</summary>
    public static byte[] DrawStoreId(CryptoProvider crypto)
    {
        byte[] id = new byte[Protocol.Ids.Bytes16.Length];
        crypto.Random.Fill(id);
        return id;
    }

    /// <summary>Draws the key of a new store and seals it.</summary>
    public static StoreSeal Create(byte[] storeId, StoreIdentity identity, StoreKeySource source, string folder, CryptoProvider crypto, out StoreKeyRow row)
    {
        SecretKey key = NodeKeys.Draw(crypto);
        byte[] context = KeyContext(storeId, identity);
        if (source is StoreKeySource.Passphrase { Utf8: var words, Cost: var cost })
        {
            PassphraseBox box = PassphraseBox.Seal(words.AsSpan(), cost ?? PasswordCost.Default, context, key, crypto);
            row = new StoreKeyRow(storeId, StoreKeyRow.Passphrase, box.Sealed.ToArray(), box.Cost, box.Salt.ToArray());
        }
        else
        {
            using SecretKey outer = OuterKey(source, storeId, folder, crypto, mayCreate: true);
            row = new StoreKeyRow(storeId, KindOf(source), SecretSeal.Seal(outer, context, key, crypto));
        }

        return new StoreSeal(crypto, storeId, key);
    }

    /// <summary>Opens the key of a store.</summary>
    public static StoreSeal Open(StoreKeyRow row, StoreIdentity identity, StoreKeySource source, string folder, CryptoProvider crypto)
    {
        if (row.Kind != KindOf(source))
        {
            throw new StateStoreException(folder, $"its key comes from a {row.Kind}, not from a {KindOf(source)}", row.Kind switch
            {
                StoreKeyRow.Passphrase => "give the passphrase (--passphrase-file)",
                StoreKeyRow.Owner => "this is an owner's directory: use the verbs of 'fcpfast owner' and 'fcpfast zone'",
                _ => "leave the passphrase out, and give its key file with --key-file if it lies elsewhere",
            });
        }

        byte[] context = KeyContext(row.StoreId, identity);
        SecretKey? key;
        if (source is StoreKeySource.Passphrase { Utf8: var words })
        {
            key = row.Box.Open(words.AsSpan(), context, crypto);
        }
        else
        {
            using SecretKey outer = OuterKey(source, row.StoreId, folder, crypto, mayCreate: false);
            key = SecretSeal.Open(outer, context, row.Sealed, crypto);
        }

        return key is not null ? new StoreSeal(crypto, row.StoreId, key) : throw new StateStoreException(
            folder, $"the {row.Kind} does not open this store", row.Kind == StoreKeyRow.Passphrase
                ? "check the passphrase"
                : "give the key file that was made with this store (--key-file), or restore both from one backup");
    }

    /// <summary>Seals a secret for a row.</summary>
    public byte[] Seal(string table, string owner, ReadOnlySpan<byte> id, ulong epoch, SecretKey secret) =>
        SecretSeal.Seal(Key, Context(table, owner, id, epoch), secret, crypto);

    /// <summary>Opens the secret of a row.</summary>
    public SecretKey Open(string table, string owner, ReadOnlySpan<byte> id, ulong epoch, byte[] sealedBytes, int secretBytes = CryptoSizes.KeyBytes)
    {
        SecretKey? secret = SecretSeal.Open(Key, Context(table, owner, id, epoch), sealedBytes, crypto, secretBytes);
        return secret ?? throw new InvalidDataException($"a secret of {owner} in table {table} does not open");
    }

    /// <summary>Seals the record of a zone's group.</summary>
    public byte[] SealRecord(string zone, ReadOnlySpan<byte> record) => SecretSeal.Seal(Key, Context("zone_group", zone, [], 0), record, crypto);

    /// <summary>Opens the record of a zone's group, into memory that does not move; the caller erases it.</summary>
    public byte[] OpenRecord(string zone, byte[] sealedBytes)
    {
        if (sealedBytes.Length < SecretSeal.OverheadBytes) throw new InvalidDataException($"the group of {zone} is cut short");
        byte[] record = GC.AllocateUninitializedArray<byte>(sealedBytes.Length - SecretSeal.OverheadBytes, pinned: true);
        return SecretSeal.Open(Key, Context("zone_group", zone, [], 0), sealedBytes, record, crypto)
            ? record
            : throw new InvalidDataException($"the group of {zone} does not open");
    }

    public void Dispose() => Key.Dispose();

    private static string KindOf(StoreKeySource source) => source switch
    {
        StoreKeySource.Passphrase => StoreKeyRow.Passphrase,
        StoreKeySource.Owner => StoreKeyRow.Owner,
        _ => StoreKeyRow.File,
    };

    private static SecretKey OuterKey(StoreKeySource source, byte[] storeId, string folder, CryptoProvider crypto, bool mayCreate) => source switch
    {
        StoreKeySource.Owner { Key: var owner } => owner.Derive("FCPFAST-STORE-KEY-OWNER-V1"u8),
        StoreKeySource.KeyFile { Path: var path } => KeyOfFile(path ?? Path.Combine(folder, StoreFiles.KeyFile), storeId, crypto, mayCreate),
        _ => throw new ArgumentException("a passphrase has a box of its own", nameof(source)),
    };

    /// <summary>What the store's own key is bound to: with another identity it does not open, so a damaged one is not believed.</summary>
    private static byte[] KeyContext(byte[] storeId, StoreIdentity identity) =>
    [
        .. KeyLabel, .. storeId, .. StoreSql.Bytes(identity.Owner.SigningKey.Value), .. StoreSql.Bytes(identity.Owner.AgreementKey.Value),
        (byte)identity.Role, .. Encoding.ASCII.GetBytes(identity.Name.ToString()),
    ];

    /// <summary>The key of a file; a new file is made if there is none and it may.</summary>
    private static SecretKey KeyOfFile(string path, byte[] storeId, CryptoProvider crypto, bool mayCreate)
    {
        Span<byte> file = stackalloc byte[CryptoSizes.KeyBytes], derived = stackalloc byte[CryptoSizes.KeyBytes];
        try
        {
            if (mayCreate && !File.Exists(path))
            {
                crypto.Random.Fill(file);
                StoreFiles.WriteNew(path, file);
            }
            else
            {
                StoreFiles.RequirePrivate(path);
                using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
                if (stream.Length != file.Length) throw new InvalidDataException($"it has {stream.Length} bytes, {file.Length} are expected");
                stream.ReadExactly(file);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new StateStoreException(path, $"the key file cannot be used: {e.Message}", "put the key file of this store there, or name it with --key-file", e);
        }

        crypto.Kdf.Derive(storeId, file, "FCPFAST-STORE-KEY-FILE-V1"u8, derived);
        SecretKey key = crypto.Vault.Import(derived);
        CryptographicOperations.ZeroMemory(file);
        CryptographicOperations.ZeroMemory(derived);
        return key;
    }

    private byte[] Context(string table, string owner, ReadOnlySpan<byte> id, ulong epoch)
    {
        byte[] tableBytes = Encoding.ASCII.GetBytes(table), ownerBytes = Encoding.UTF8.GetBytes(owner);
        byte[] context = [.. RowLabel, .. StoreId, .. tableBytes, 0, .. ownerBytes, 0, .. id, .. new byte[sizeof(ulong)]];
        BinaryPrimitives.WriteUInt64LittleEndian(context.AsSpan(context.Length - sizeof(ulong)), epoch);
        return context;
    }
}
