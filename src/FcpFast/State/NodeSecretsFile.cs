using System;
using System.IO;
using System.Security.Cryptography;
using System.Text;
using FcpFast.Control.Identities;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Ids;

namespace FcpFast.State;

/// <summary>The private keys of a node at rest: sealed under a key file.</summary>
/// <remarks>
/// <code>
/// node.secrets: "FCPNODE1", nonce (24), XChaCha20-Poly1305(signing || encryption || issuance), associated data = "FCPNODE1" || node id
/// key = HKDF(none, node.key, "FCPFAST-NODE-FILE-V1")
/// </code>
/// Shape:   the key file is the choice of unattended nodes; keep it elsewhere if the folder is backed up.
/// Threads: any; secrets pass through buffers that are erased.
/// </remarks>
internal static class NodeSecretsFile
{
    private const string KeyFile = "node.key";
    private const string SecretsFile = "node.secrets";
    private const int SecretsBytes = 3 * CryptoSizes.KeyBytes;
    private const int FileBytes = 8 + CryptoSizes.XChaChaNonceBytes + SecretsBytes + CryptoSizes.TagBytes;

    private static ReadOnlySpan<byte> Magic => "FCPNODE1"u8;

    public static void Write(string folder, NodeId node, NodeKeys keys, CryptoProvider crypto)
    {
        Span<byte> fileKey = stackalloc byte[CryptoSizes.KeyBytes];
        Span<byte> key = stackalloc byte[CryptoSizes.KeyBytes];
        Span<byte> secrets = stackalloc byte[SecretsBytes];
        Span<byte> file = stackalloc byte[FileBytes];
        crypto.Random.Fill(fileKey);
        DeriveKey(crypto, fileKey, key);
        Copy(keys.Signing, secrets);
        Copy(keys.Encryption, secrets[CryptoSizes.KeyBytes..]);
        Copy(keys.Issuance, secrets[(2 * CryptoSizes.KeyBytes)..]);
        Magic.CopyTo(file);
        Span<byte> nonce = file.Slice(Magic.Length, CryptoSizes.XChaChaNonceBytes);
        crypto.Random.Fill(nonce);
        crypto.Aead.SealOne(
            AeadAlgorithm.XChaCha20Poly1305, key, nonce, AssociatedData(node), secrets, file[(Magic.Length + nonce.Length)..]);
        NodeFolder.WriteWhole(Path.Combine(folder, KeyFile), fileKey);
        NodeFolder.WriteWhole(Path.Combine(folder, SecretsFile), file);
        CryptographicOperations.ZeroMemory(fileKey);
        CryptographicOperations.ZeroMemory(key);
        CryptographicOperations.ZeroMemory(secrets);
    }

    public static NodeKeys Read(string folder, NodeId node, CryptoProvider crypto)
    {
        Span<byte> fileKey = stackalloc byte[CryptoSizes.KeyBytes];
        Span<byte> key = stackalloc byte[CryptoSizes.KeyBytes];
        Span<byte> secrets = stackalloc byte[SecretsBytes];
        Span<byte> file = stackalloc byte[FileBytes];
        ReadWhole(Path.Combine(folder, KeyFile), fileKey);
        string secretsPath = Path.Combine(folder, SecretsFile);
        ReadWhole(secretsPath, file);
        DeriveKey(crypto, fileKey, key);
        bool opened = file.StartsWith(Magic) && crypto.Aead.OpenOne(
            AeadAlgorithm.XChaCha20Poly1305, key, file.Slice(Magic.Length, CryptoSizes.XChaChaNonceBytes), AssociatedData(node),
            file[(Magic.Length + CryptoSizes.XChaChaNonceBytes)..], secrets);
        CryptographicOperations.ZeroMemory(fileKey);
        CryptographicOperations.ZeroMemory(key);
        if (!opened)
        {
            throw new NodeFolderException(
                secretsPath, "the private keys do not open", "node.key, node.id and node.secrets must be of one node: restore all three together");
        }

        SecretKey signing = crypto.Vault.Import(secrets[..CryptoSizes.KeyBytes]);
        SecretKey encryption = crypto.Vault.Import(secrets.Slice(CryptoSizes.KeyBytes, CryptoSizes.KeyBytes));
        SecretKey issuance = crypto.Vault.Import(secrets[(2 * CryptoSizes.KeyBytes)..]);
        CryptographicOperations.ZeroMemory(secrets);
        return new NodeKeys(crypto, signing, encryption, issuance);
    }

    private static void DeriveKey(CryptoProvider crypto, ReadOnlySpan<byte> fileKey, Span<byte> key) =>
        crypto.Kdf.Derive(default, fileKey, "FCPFAST-NODE-FILE-V1"u8, key);

    private static byte[] AssociatedData(NodeId node) => [.. Magic, .. Encoding.ASCII.GetBytes(node.ToString())];

    private static void Copy(SecretKey key, Span<byte> destination)
    {
        using KeyLease lease = key.Lease();
        lease.Bytes.CopyTo(destination);
    }

    private static void ReadWhole(string path, Span<byte> destination)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            NodeFolder.RequirePrivate(path, file.SafeFileHandle);
            if (file.Length != destination.Length) throw new InvalidDataException($"it has {file.Length} bytes, {destination.Length} are expected");
            file.ReadExactly(destination);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new NodeFolderException(path, e.Message, "restore the file from a backup, or make the node anew", e);
        }
    }
}
