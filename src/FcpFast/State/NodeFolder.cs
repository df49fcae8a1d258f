using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using FcpFast.Control.Identities;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Ids;
using Microsoft.Win32.SafeHandles;

namespace FcpFast.State;

/// <summary>A node's state folder: its identity, and what it was given by its owner.</summary>
/// <remarks>
/// <code>
/// node.id        the node id, text
/// owner.pub      the owner's public key, 64 hex digits
/// node.key       32 random bytes that seal node.secrets, mode 0600
/// node.secrets   the three private keys, sealed, mode 0600
/// attestations/  one record a node (*.cbor), this node's included
/// engine         which engine was fastest on this machine, one line; may be removed at any time
/// zones/         profiles (*.profile) and manifests (*.manifest), taken in the order of their names, profiles first
/// </code>
/// Shape:   everything but node.key, node.secrets and engine is public, signed by the owner, and meant to be carried as files.
/// Errors:  <see cref="NodeFolderException"/> with path, fault and remedy.
/// Threads: any; nothing is kept.
/// </remarks>
public sealed class NodeFolder
{
    private const string NodeIdFile = "node.id";
    private const string OwnerFile = "owner.pub";
    private const string EngineFile = "engine";
    private const string AttestationsFolder = "attestations";
    private const string ZonesFolder = "zones";
    private const UnixFileMode PrivateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private NodeFolder(string path) => FolderPath = path;

    /// <summary>Where it is.</summary>
    public string FolderPath { get; }

    /// <summary>Makes the folder of a new node.</summary>
    /// <param name="path">A folder that does not exist or is empty.</param>
    /// <param name="node">The node's id.</param>
    /// <param name="keys">Its keys.</param>
    /// <param name="owner">Its owner.</param>
    /// <param name="crypto">The seams.</param>
    public static NodeFolder Create(string path, NodeId node, NodeKeys keys, PublicKey owner, CryptoProvider crypto)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (Directory.Exists(path) && Directory.GetFileSystemEntries(path).Length > 0)
        {
            throw new NodeFolderException(path, "the folder is not empty", "choose a new folder, so that no identity is overwritten");
        }

        try
        {
            CreatePrivate(path);
            CreatePrivate(Path.Combine(path, AttestationsFolder));
            CreatePrivate(Path.Combine(path, ZonesFolder));
            File.WriteAllText(Path.Combine(path, NodeIdFile), node + "\n");
            File.WriteAllText(Path.Combine(path, OwnerFile), owner + "\n");
            NodeSecretsFile.Write(path, node, keys, crypto);
            return new NodeFolder(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NodeFolderException(path, e.Message, "choose a folder that can be written", e);
        }
    }

    /// <summary>Opens an existing folder.</summary>
    public static NodeFolder Open(string path)
    {
        if (File.Exists(Path.Combine(path, NodeIdFile))) return new NodeFolder(path);
        throw new NodeFolderException(
            path, "this is no state folder of a node (node.id is missing)",
            "give the folder that 'fcpfast demo --keep DIR' made for this node, DIR/NODE");
    }

    /// <summary>The node's id.</summary>
    public NodeId ReadNodeId()
    {
        string path = Path.Combine(FolderPath, NodeIdFile);
        return NodeId.Parse(ReadText(path), out NodeId node) == Protocol.Diagnostics.FcpStatus.Accepted
            ? node
            : throw new NodeFolderException(path, "this is no node id", "restore the file from a backup");
    }

    /// <summary>The owner's public key.</summary>
    public PublicKey ReadOwner()
    {
        string path = Path.Combine(FolderPath, OwnerFile);
        Span<byte> key = stackalloc byte[PublicKey.Length];
        return Hex.TryRead(Encoding.UTF8.GetBytes(ReadText(path)), key)
            ? PublicKey.Read(key)
            : throw new NodeFolderException(path, "this is no public key (64 lowercase hex digits)", "restore the file from a backup");
    }

    /// <summary>The node's private keys.</summary>
    public NodeKeys ReadKeys(CryptoProvider crypto) => NodeSecretsFile.Read(FolderPath, ReadNodeId(), crypto);

    /// <summary>Which engine an earlier start found to be fastest; null if that is not known.</summary>
    public string? ReadEngine()
    {
        try
        {
            return File.ReadAllText(Path.Combine(FolderPath, EngineFile)).TrimEnd('\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // then it is measured
        }
    }

    /// <summary>Remembers which engine was fastest. A folder that cannot be written only costs the next start some time.</summary>
    public void WriteEngine(string engine)
    {
        if (engine == ReadEngine()) return;
        try
        {
            WriteWhole(Path.Combine(FolderPath, EngineFile), Encoding.UTF8.GetBytes(engine + "\n"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // As above.
        }
    }

    /// <summary>Adds an attestation, or replaces the one of the same node.</summary>
    public void AddAttestation(NodeId node, ReadOnlySpan<byte> record) =>
        WriteWhole(Path.Combine(FolderPath, AttestationsFolder, FileNameOf(node) + ".cbor"), record);

    /// <summary>Adds a manifest behind those that are there.</summary>
    public void AddManifest(ReadOnlySpan<byte> manifest)
    {
        string folder = Path.Combine(FolderPath, ZonesFolder);
        WriteWhole(Path.Combine(folder, $"{Directory.GetFiles(folder, "*.manifest").Length + 1:D6}.manifest"), manifest);
    }

    /// <summary>The attestations, with their paths.</summary>
    public IReadOnlyList<(string Path, byte[] Record)> ReadAttestations() => ReadAll(AttestationsFolder, "*.cbor");

    /// <summary>The profiles, with their paths, in the order of their names.</summary>
    public IReadOnlyList<(string Path, byte[] Record)> ReadProfiles() => ReadAll(ZonesFolder, "*.profile");

    /// <summary>The manifests, with their paths, in the order of their names.</summary>
    public IReadOnlyList<(string Path, byte[] Record)> ReadManifests() => ReadAll(ZonesFolder, "*.manifest");

    /// <summary>Writes a file under a temporary name and renames it, so that no half file is ever seen.</summary>
    internal static void WriteWhole(string path, ReadOnlySpan<byte> bytes)
    {
        string temporary = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = PrivateMode;
        File.Delete(temporary); // of an earlier try; a file that is there would keep its mode
        using (var file = new FileStream(temporary, options))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Refuses a file of secrets that others than its owner may read or write.</summary>
    internal static void RequirePrivate(string path, SafeFileHandle file)
    {
        if (OperatingSystem.IsWindows()) return;
        UnixFileMode others = File.GetUnixFileMode(file) & ~(PrivateMode | UnixFileMode.UserExecute);
        if (others == 0) return;
        throw new NodeFolderException(
            path, $"others may use this file of private keys ({others})", $"chmod 600 '{path}'; if a stranger may have read it, make the node anew");
    }

    private static void CreatePrivate(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path).TrimEnd('\n', '\r');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NodeFolderException(path, e.Message, "check that the file is there and may be read", e);
        }
    }

    /// <summary>A node id may hold characters that file names may not: the kid of its bytes would hide it, so it is spelled in hex.</summary>
    private static string FileNameOf(NodeId node) => Convert.ToHexStringLower(Encoding.ASCII.GetBytes(node.ToString()));

    private List<(string Path, byte[] Record)> ReadAll(string folder, string pattern)
    {
        string path = Path.Combine(FolderPath, folder);
        var records = new List<(string, byte[])>();
        try
        {
            string[] files = Directory.Exists(path) ? Directory.GetFiles(path, pattern) : [];
            Array.Sort(files, StringComparer.Ordinal);
            foreach (string file in files) records.Add((file, File.ReadAllBytes(file)));
            return records;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NodeFolderException(path, e.Message, "check that the folder and its files may be read", e);
        }
    }
}
