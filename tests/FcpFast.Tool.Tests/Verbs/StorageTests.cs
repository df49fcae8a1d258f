using System;
using System.IO;
using System.Threading.Tasks;
using FcpFast.Tool.Tests.Support;

namespace FcpFast.Tool.Tests.Verbs;

/// <summary>Folders that cannot take a file: both ends say why, and nothing half-written gets a name.</summary>
public sealed class StorageTests
{
    private const int Mebibyte = 1024 * 1024;

    [Fact]
    public async Task Receive_AFileLargerThanTheDisk_IsRefusedBeforeItIsMoved()
    {
        Mount.Require();
        using var pair = new Pair();
        string file = pair.Fleet.WriteFile("big.bin", 8 * Mebibyte);
        await using RunningTool receiver = RunningTool.StartCommand(Mount.Command(pair.Fleet.Received, "size=4m", pair.ReceiveArguments()));
        ToolRun sent = await (await SendAsync(pair, receiver, file)).EndAsync();
        sent.Ended(3, $"{file} was not taken: receiver has no room for the file", "Remedy: see the receiver's messages");
        string words = await receiver.SaysAsync("cannot store 'big.bin'");
        Assert.Contains($"{8 * Mebibyte} bytes are needed and ", words, StringComparison.Ordinal);
        receiver.CloseInput();
        ToolRun run = (await receiver.EndAsync()).Ended(3, "Remedy:");
        Assert.InRange((int)run.Json["control_refused"]!["StorageFailed"]!, 1, int.MaxValue);
        Assert.Equal(0, (int)run.Json["frames_opened"]!);
    }

    [Fact]
    public async Task Receive_TheDiskFillsMeanwhile_FailsTheFileAndNotTheReceiver()
    {
        Mount.Require();
        using var pair = new Pair();
        string file = pair.Fleet.WriteFile("big.bin", 96 * Mebibyte);
        await using RunningTool receiver = RunningTool.StartCommand(Mount.Command(pair.Fleet.Received, "size=100m", pair.ReceiveArguments()));
        await using RunningTool sender = await SendAsync(pair, receiver, file);
        await receiver.TellsAsync("opened");
        sender.Signal("STOP"); // the rest waits until there is no room for it
        string filler = Mount.Fill(Mount.Seen(receiver, pair.Fleet.Received));
        sender.Signal("CONT");
        (await sender.EndAsync()).Ended(3, $"{file} was not taken: receiver has no room for the file");
        string words = await receiver.SaysAsync("cannot store 'big.bin'");
        Assert.Contains("No space left on device", words, StringComparison.Ordinal);

        File.Delete(filler); // it goes on taking what has room
        (await (await SendAsync(pair, receiver, pair.Fleet.WriteFile("small.bin", 100_000))).EndAsync()).Ended(0);
        receiver.CloseInput();
        (await receiver.EndAsync()).Ended(3, "'small.bin' is complete");
    }

    [Fact]
    public async Task Receive_IntoAReadOnlyFolder_IsRefusedAtOnce()
    {
        Mount.Require();
        using var pair = new Pair();
        await using RunningTool receiver = RunningTool.StartCommand(Mount.Command(pair.Fleet.Received, "size=4m,ro", pair.ReceiveArguments()));
        (await receiver.EndAsync()).Ended(3, $"cannot receive into {pair.Fleet.Received}", "Read-only file system", "Remedy: make the folder writable");
    }

    [Fact]
    public async Task Demo_InAReadOnlyOrSmallPlace_SaysSoBeforeItStarts()
    {
        Mount.Require();
        using var folder = new TemporaryFolder();
        string kept = Path.Combine(folder.Path, "kept");
        await using (RunningTool demo = RunningTool.StartCommand(Mount.Command(folder.Path, "size=4m,ro", "demo", "--size", "1MiB", "--keep", kept)))
        {
            (await demo.EndAsync()).Ended(3, "cannot make the demo's folder", "Read-only file system", "Remedy: name a place that may be written");
        }

        await using (RunningTool demo = RunningTool.StartCommand(Mount.Command(folder.Path, "size=4m", "demo", "--size", "3MiB", "--keep", kept)))
        {
            (await demo.EndAsync()).Ended(3, $"{6 * Mebibyte} bytes are needed in {kept}", "Remedy: free some room");
        }
    }

    [Fact]
    public async Task Receive_LargerThanAllowed_IsRefused()
    {
        using var pair = new Pair();
        string file = pair.Fleet.WriteFile("big.bin", 100_001);
        await using RunningTool receiver = pair.StartReceiver("--max-size", "100kB");
        (await (await SendAsync(pair, receiver, file)).EndAsync()).Ended(3, "was not taken");
        await receiver.SaysAsync("it has 100001 bytes, 100000 are allowed");
        receiver.CloseInput();
        (await receiver.EndAsync()).Ended(3);
        Assert.Empty(pair.ReceivedNames());
    }

    [Fact]
    public async Task SendAndReceive_SeveralFiles_KeepNamesAndOverwriteOnlyIfAsked()
    {
        using var pair = new Pair();
        string[] files = [pair.Fleet.WriteFile("empty", 0), pair.Fleet.WriteFile("one byte", 1), pair.Fleet.WriteFile("größer.bin", 300_000)];
        await using (RunningTool receiver = pair.StartReceiver("--count", "3"))
        {
            (await (await SendAsync(pair, receiver, files)).EndAsync()).Ended(0);
            receiver.CloseInput();
            Assert.Equal(3, (await receiver.EndAsync()).Ended(0).Json["files"]!.AsArray().Count);
        }

        foreach (string file in files) await pair.AssertArrivedAsync(file);
        await File.AppendAllTextAsync(files[1], "more", TestContext.Current.CancellationToken);
        await using (RunningTool receiver = pair.StartReceiver("--count", "1"))
        {
            (await (await SendAsync(pair, receiver, files[1])).EndAsync()).Ended(0);
            receiver.CloseInput();
            (await receiver.EndAsync()).Ended(0);
        }

        Assert.Equal(["empty", "größer.bin", "one byte", "one byte~1"], pair.ReceivedNames());
        await using (RunningTool receiver = pair.StartReceiver("--count", "1", "--overwrite"))
        {
            (await (await SendAsync(pair, receiver, files[1])).EndAsync()).Ended(0);
            receiver.CloseInput();
            (await receiver.EndAsync()).Ended(0);
        }

        Assert.Equal(4, pair.ReceivedNames().Length);
        await pair.AssertArrivedAsync(files[1]);
    }

    private static async Task<RunningTool> SendAsync(Pair pair, RunningTool receiver, params string[] files) =>
        pair.StartSender(await receiver.ListensAtAsync(), files);
}
