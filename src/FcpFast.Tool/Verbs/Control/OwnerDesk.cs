using System;
using System.IO;
using System.Security.Cryptography;
using FcpFast.Control.Identities;
using FcpFast.Control.Owners;
using FcpFast.Control.Records;
using FcpFast.Control.Store;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Tool.Verbs.Control;

/// <summary>Opens an owner's directory: its key under the passphrase, and the store under the key.</summary>
internal static class OwnerDesk
{
    public const string KeyFile = "owner.key";
    public const string CardFile = "owner.fcp";

    /// <summary>The wall clock.</summary>
    public static ulong Now => (ulong)DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    /// <summary>Makes an owner.</summary>
    public static OwnerCard Create(string folder, NodeId name, byte[] passphrase)
    {
        CryptoProvider crypto = LibsodiumGate.Open();
        using OwnerKey key = OwnerKey.Generate(crypto);
        var card = new OwnerCard(key.PublicKey, key.AgreementKey);
        byte[] file = OwnerKeyFile.Write(key, passphrase, PasswordCost.Default, crypto);
        CryptographicOperations.ZeroMemory(passphrase);
        using (StateStore.Create(folder, new StoreIdentity(StoreRole.Owner, name, card), null, new StoreKeySource.Owner(key), Now, crypto))
        {
            WritePrivate(Path.Combine(folder, KeyFile), file);
        }

        RecordFiles.Write(Path.Combine(folder, CardFile), [ControlRecord.Of(RecordKind.OwnerCard, OwnerCard.Make(key))]);
        return card;
    }

    /// <summary>Opens an owner.</summary>
    public static OwnerState Open(string folder, string? passphraseFile)
    {
        CryptoProvider crypto = LibsodiumGate.Open();
        string path = Path.Combine(folder, KeyFile);
        OwnerKeyFile file = ReadKeyFile(folder, path);
        byte[] passphrase = ControlArguments.ReadPassphrase(passphraseFile, $"Passphrase of {path}: ");
        OwnerKey key = file.Open(passphrase, crypto) ?? throw new ToolException(
            $"the passphrase does not open {path}", "check the passphrase; without it the key is lost, and a new owner has to be made");
        CryptographicOperations.ZeroMemory(passphrase);
        try
        {
            return OwnerState.Open(StateStore.Open(folder, new StoreKeySource.Owner(key), crypto), key, crypto);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>Ends the run with a refusal of the protocol, unless there is none.</summary>
    public static void Require(FcpStatus status, string what, string remedy)
    {
        if (status != FcpStatus.Accepted) throw new ToolException($"{what}: {FcpStatusNames.NameOf(status)}", remedy);
    }

    private static OwnerKeyFile ReadKeyFile(string folder, string path)
    {
        try
        {
            if (OwnerKeyFile.Parse(File.ReadAllBytes(path), out OwnerKeyFile? file) == FcpStatus.Accepted) return file!;
            throw new ToolException($"{path} is no owner's key file", "restore it from a backup");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ToolException($"{folder} is no owner's directory: {e.Message}", "name one that 'fcpfast owner create' made", e);
        }
    }

    private static void WritePrivate(string path, byte[] bytes)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path, options);
        file.Write(bytes);
        file.Flush(flushToDisk: true);
    }
}
