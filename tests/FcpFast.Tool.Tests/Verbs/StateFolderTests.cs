using System;
using System.IO;
using System.Threading.Tasks;
using FcpFast.Control.Records;
using FcpFast.State;
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
        await RefusedAsync($"{State}: this is no state directory", "Remedy: name one that 'fcpfast node create'");
    }

    [Theory]
    [InlineData("state.db")]
    [InlineData("store.key")]
    public async Task Receive_AFileMissing_NamesIt(string name)
    {
        File.Delete(Path.Combine(State, name));
        await RefusedAsync(name, "Remedy: ");
    }

    [Theory]
    [InlineData("state.db", "the file is damaged", "put a backup in its place")]
    [InlineData("store.key", "it has 7 bytes", "put the key file of this store there")]
    public async Task Receive_AFileDamaged_NamesItAndTheRemedy(string name, string words, string remedy)
    {
        File.WriteAllBytes(Path.Combine(State, name), "damaged"u8);
        await RefusedAsync(Path.Combine(State, name), words, $"Remedy: {remedy}");
    }

    [Fact]
    public async Task Receive_TheKeyOfAnotherNode_IsTheWrongKey()
    {
        File.Copy(Path.Combine(_pair.Fleet.FolderOf(Pair.Sender), "store.key"), Path.Combine(State, "store.key"), overwrite: true);
        await RefusedAsync("the file does not open this store", "Remedy: give the key file that was made with this store");
    }

    [Fact]
    public async Task Receive_AKeyThatOthersMayRead_IsRefused()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("modes are those of Unix");
        else File.SetUnixFileMode(Path.Combine(State, "store.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        await RefusedAsync("others may use this file", $"Remedy: chmod 600 '{Path.Combine(State, "store.key")}'");
    }

    [Fact]
    public async Task Receive_AStateFolderInUse_NamesTheProcess()
    {
        await using RunningTool receiver = _pair.StartReceiver();
        await receiver.ListensAtAsync();
        await RefusedAsync(State, "uses this state directory", "Remedy: end that process first");
    }

    [Fact]
    public async Task Receive_AForgedManifestInItsInbox_NamesIt()
    {
        await using RunningTool receiver = _pair.StartReceiver();
        await receiver.ListensAtAsync();
        using var stranger = new TestFleet(Pair.Sender, Pair.Receiver);
        Inbox.Put(State, [ControlRecord.Of(RecordKind.Manifest, stranger.ManifestOf(TestFleet.Zone))]);
        await receiver.SaysAsync("refused: Manifest: InvalidSignature");
    }

    [Fact]
    public async Task Send_WithKeysThatTheManifestIsNotSealedTo_HasNoKeys()
    {
        _pair.Fleet.MakeAnew(Pair.Sender, keepsEncryptionKey: false);
        await SendRefusedAsync("it has keys of no zone", "Remedy: put the zone's manifest into the state folder");
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
