using System;
using System.IO;
using System.Threading.Tasks;
using FcpFast.Tests.Support;
using FcpFast.Tool.Tests.Support;

namespace FcpFast.Tool.Tests.Verbs;

/// <summary>State folders that are missing, damaged, open to others, or hold records that do not count.</summary>
public sealed class StateFolderTests : IDisposable
{
    private readonly Pair _pair = new();

    private string State => _pair.Fleet.FolderOf(Pair.Receiver);

    public void Dispose() => _pair.Dispose();

    [Fact]
    public async Task Receive_NoStateFolder_SaysHowToGetOne()
    {
        Directory.Delete(State, recursive: true);
        await RefusedAsync($"{State}: this is no state folder of a node", "Remedy: give the folder that 'fcpfast demo --keep DIR' made");
    }

    [Theory]
    [InlineData("node.key")]
    [InlineData("node.secrets")]
    [InlineData("owner.pub")]
    public async Task Receive_AFileMissing_NamesIt(string name)
    {
        File.Delete(Path.Combine(State, name));
        await RefusedAsync(Path.Combine(State, name), "Remedy: ");
    }

    [Theory]
    [InlineData("node.id", "no spaces allowed", "this is no node id")]
    [InlineData("owner.pub", "0123", "this is no public key")]
    [InlineData("node.secrets", "damaged", "it has 7 bytes")]
    public async Task Receive_AFileDamaged_NamesItAndTheRemedy(string name, string content, string words)
    {
        await File.WriteAllTextAsync(Path.Combine(State, name), content, TestContext.Current.CancellationToken);
        await RefusedAsync(Path.Combine(State, name), words, "Remedy: restore the file from a backup");
    }

    [Fact]
    public async Task Receive_TheKeyOfAnotherNode_IsTheWrongKey()
    {
        File.Copy(Path.Combine(_pair.Fleet.FolderOf(Pair.Sender), "node.key"), Path.Combine(State, "node.key"), overwrite: true);
        await RefusedAsync("the private keys do not open", "Remedy: node.key, node.id and node.secrets must be of one node");
    }

    [Fact]
    public async Task Receive_AKeyThatOthersMayRead_IsRefused()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("modes are those of Unix");
        else File.SetUnixFileMode(Path.Combine(State, "node.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        await RefusedAsync("others may use this file of private keys", $"Remedy: chmod 600 '{Path.Combine(State, "node.key")}'");
    }

    [Fact]
    public async Task Send_AForgedManifest_IsNamedAndLeavesNoKeys()
    {
        string manifest = Path.Combine(_pair.Fleet.FolderOf(Pair.Sender), "zones", "000001.manifest");
        byte[] bytes = await File.ReadAllBytesAsync(manifest, TestContext.Current.CancellationToken);
        using (var stranger = new TestFleet(Pair.Sender, Pair.Receiver))
        {
            File.Copy(Path.Combine(stranger.FolderOf(Pair.Sender), "zones", "000001.manifest"), manifest, overwrite: true); // whole, but of another owner
        }

        await SendRefusedAsync($"refused: {manifest}: InvalidSignature", "it has keys of no zone", "Remedy: put the zone's manifest into the state folder");
        bytes[^10] ^= 1; // in the owner's signature, or behind it
        await File.WriteAllBytesAsync(manifest, bytes, TestContext.Current.CancellationToken);
        await SendRefusedAsync($"refused: {manifest}: ", "it has keys of no zone");
        await File.WriteAllBytesAsync(manifest, bytes.AsMemory(0, bytes.Length / 2), TestContext.Current.CancellationToken);
        await SendRefusedAsync($"refused: {manifest}: CborDeserialize", "it has keys of no zone");
    }

    [Fact]
    public async Task Send_WithKeysThatTheManifestIsNotSealedTo_HasNoKeys()
    {
        _pair.Fleet.MakeAnew(Pair.Sender, keepsEncryptionKey: false);
        await SendRefusedAsync("000001.manifest: HpkeFailed", "it has keys of no zone", "Remedy: put the zone's manifest into the state folder");
    }

    [Fact]
    public async Task Send_AnotherZoneThanTheNodeHas_IsRefusedByName()
    {
        ToolRun run = await RunningTool.RunAsync(
            "send", ToolProgram.Path, "--state", _pair.Fleet.FolderOf(Pair.Sender), "--to", Pair.Receiver, "--peer", "127.0.0.1:9", "--zone", "z:other");
        run.Ended(3, "sender has no keys of z:other: it has keys of z:test", "Remedy: put the zone's manifest into the state folder, or name another zone");
    }

    [Theory]
    [InlineData("sender>mallory")]
    [InlineData("mallory>sender")]
    public async Task Relay_ARouteOfAStranger_IsRefusedByName(string nodes)
    {
        ToolRun run = await RunningTool.RunAsync("relay", "--state", State, "--listen", "127.0.0.1:0", "--route", $"z:test={nodes}");
        run.Ended(3, "mallory, of a route of z:test, is no peer and has no attestation", "Remedy: ");
    }

    private async Task RefusedAsync(params string[] words) => (await RunningTool.RunAsync(_pair.ReceiveArguments())).Ended(3, words);

    private async Task SendRefusedAsync(params string[] words)
    {
        await using RunningTool sender = _pair.StartSender("127.0.0.1:9", ToolProgram.Path);
        (await sender.EndAsync()).Ended(3, words);
    }
}
