using System;
using System.IO;
using System.Linq;
using System.Runtime.Versioning;
using FcpFast.Control.Identities;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.State;

namespace FcpFast.Tests.State;

/// <summary>What a state folder refuses, and with which words.</summary>
public sealed class NodeFolderTests : IDisposable
{
    private static readonly CryptoProvider Crypto = LibsodiumGate.Open();

    private readonly string _root = Directory.CreateTempSubdirectory("fcpfast-tests-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Create_ANewFolder_ReadsBackWhatWasGiven()
    {
        using OwnerKey owner = OwnerKey.Generate(Crypto);
        using NodeKeys keys = NodeKeys.Generate(Crypto);
        NodeFolder.Create(Path.Combine(_root, "node"), Id("node"), keys, owner.PublicKey, Crypto);
        NodeFolder folder = NodeFolder.Open(Path.Combine(_root, "node"));
        Assert.Equal(Id("node"), folder.ReadNodeId());
        Assert.Equal(owner.PublicKey, folder.ReadOwner());
        using NodeKeys read = folder.ReadKeys(Crypto);
        Assert.Equal(keys.Public, read.Public);
    }

    [Fact]
    public void WriteEngine_AChoice_IsReadBackAndReplaced()
    {
        NodeFolder folder = NodeFolder.Open(Create("node"));
        Assert.Null(folder.ReadEngine());
        folder.WriteEngine("512 aead | this machine");
        Assert.Equal("512 aead | this machine", folder.ReadEngine());
        folder.WriteEngine("0 -");
        Assert.Equal("0 -", NodeFolder.Open(folder.FolderPath).ReadEngine());
    }

    [Fact]
    public void WriteEngine_AFolderThatCannotBeWritten_IsNoFault()
    {
        NodeFolder folder = NodeFolder.Open(Create("node"));
        Directory.CreateDirectory(Path.Combine(folder.FolderPath, "engine")); // in its place
        folder.WriteEngine("512 aead");
        Assert.Null(folder.ReadEngine());
    }

    [Fact]
    public void Create_AFolderThatIsNotEmpty_IsRefused()
    {
        string path = Create("node");
        NodeFolderException refused = Assert.Throws<NodeFolderException>(() => Create("node"));
        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
        Assert.Contains("not empty", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Create_OnUnix_LeavesSecretsToTheirOwnerOnly()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "modes are those of Unix");
        string path = Create("node");
        foreach (string file in new[] { "node.key", "node.secrets" })
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(path, file)));
        }
    }

    [Theory]
    [InlineData("node.key", UnixFileMode.GroupRead)]
    [InlineData("node.key", UnixFileMode.OtherWrite)]
    [InlineData("node.secrets", UnixFileMode.OtherRead)]
    [UnsupportedOSPlatform("windows")]
    public void ReadKeys_FilesThatOthersMayUse_AreRefused(string file, UnixFileMode others)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "modes are those of Unix");
        string path = Create("node"), secret = Path.Combine(path, file);
        File.SetUnixFileMode(secret, File.GetUnixFileMode(secret) | others);
        NodeFolderException refused = Assert.Throws<NodeFolderException>(() => NodeFolder.Open(path).ReadKeys(Crypto));
        Assert.Contains($"{secret}: others may use", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"chmod 600 '{secret}'", refused.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("node.key")]
    [InlineData("node.secrets")]
    public void ReadKeys_OfAnotherNode_DoNotOpen(string file)
    {
        string path = Create("node"), other = Create("other");
        File.Copy(Path.Combine(other, file), Path.Combine(path, file), overwrite: true);
        NodeFolderException refused = Assert.Throws<NodeFolderException>(() => NodeFolder.Open(path).ReadKeys(Crypto));
        Assert.Contains("do not open", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadKeys_AnyByteOfEitherFileChanged_DoNotOpen()
    {
        foreach (string file in new[] { "node.key", "node.secrets" })
        {
            string path = Create("of-" + file), secret = Path.Combine(path, file);
            byte[] whole = File.ReadAllBytes(secret);
            for (int i = 0; i < whole.Length; i++)
            {
                File.WriteAllBytes(secret, [.. whole[..i], (byte)(whole[i] ^ 1), .. whole[(i + 1)..]]);
                Assert.Throws<NodeFolderException>(() => NodeFolder.Open(path).ReadKeys(Crypto));
            }

            foreach (byte[] resized in new[] { whole[..^1], [.. whole, 0], [] })
            {
                File.WriteAllBytes(secret, resized);
                NodeFolderException refused = Assert.Throws<NodeFolderException>(() => NodeFolder.Open(path).ReadKeys(Crypto));
                Assert.Contains($"{resized.Length} bytes, {whole.Length} are expected", refused.Message, StringComparison.Ordinal);
            }

            File.WriteAllBytes(secret, whole);
            NodeFolder.Open(path).ReadKeys(Crypto).Dispose();
        }
    }

    [Fact]
    public void AddManifest_Several_KeepTheirOrder()
    {
        NodeFolder folder = NodeFolder.Open(Create("node"));
        for (byte i = 1; i <= 12; i++) folder.AddManifest([i]);
        Assert.Equal(Enumerable.Range(1, 12), folder.ReadManifests().Select(static record => (int)record.Record[0]));
    }

    private static NodeId Id(string name)
    {
        Assert.Equal(FcpStatus.Accepted, NodeId.Parse(name, out NodeId node));
        return node;
    }

    private string Create(string name)
    {
        using OwnerKey owner = OwnerKey.Generate(Crypto);
        using NodeKeys keys = NodeKeys.Generate(Crypto);
        return NodeFolder.Create(Path.Combine(_root, name), Id(name), keys, owner.PublicKey, Crypto).FolderPath;
    }
}
