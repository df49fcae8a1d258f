using System;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using FcpFast.Tool.Tests.Support;

namespace FcpFast.Tool.Tests.Verbs;

/// <summary>WIRE §16.9: a transfer whose sender or receiver is killed goes on where it was, and what had arrived is not moved again.</summary>
public sealed class ResumptionTests
{
    private const long SymbolBytes = 1024;
    private const int TriesMax = 4; // a machine that moves the file before it can be killed gets a larger one

    [Fact]
    public async Task Receiver_KilledHalfWay_GoesOnWithWhatIsOnDisk()
    {
        for (int tried = 1; ; tried++)
        {
            using var pair = new Pair();
            int bytes = (64 << tried) * 1024 * 1024;
            string file = pair.Fleet.WriteFile("big.bin", bytes);
            await using RunningTool first = pair.StartReceiver("--count", "1");
            string address = await first.ListensAtAsync();
            await using RunningTool sender = pair.StartSender(address, file);
            long told = await CompleteBytesAsync(sender, bytes / 3);
            first.Kill();
            await first.EndAsync();
            if (IsOver(pair, tried)) continue;

            await using RunningTool second = RunningTool.Start([.. pair.ReceiveArguments(address), "--count", "1"]);
            JsonObject opened = await second.TellsAsync("opened");
            Assert.True((bool)opened["is_resumed"]!);
            JsonObject sent = (await sender.EndAsync()).Ended(0).Json;
            second.CloseInput();
            JsonObject received = (await second.EndAsync()).Ended(0, "goes on at").Json;
            await pair.AssertArrivedAsync(file);
            Assert.Equal(["big.bin"], pair.ReceivedNames());

            // What the sender was told to be on disk was neither asked for nor opened again.
            long opens = (long)received["frames_opened"]!;
            Assert.InRange(opens, 1, (bytes - told) / SymbolBytes);
            Assert.InRange((long)sent["frames_sent"]!, opens + (told / SymbolBytes), long.MaxValue);
            return;
        }
    }

    [Fact]
    public async Task Sender_KilledHalfWay_GoesOnWithWhatIsMissing()
    {
        for (int tried = 1; ; tried++)
        {
            using var pair = new Pair();
            int bytes = (64 << tried) * 1024 * 1024;
            string file = pair.Fleet.WriteFile("big.bin", bytes);
            await using RunningTool receiver = pair.StartReceiver("--count", "1");
            string address = await receiver.ListensAtAsync();
            await using RunningTool first = pair.StartSender(address, file);
            long told = await CompleteBytesAsync(first, bytes / 2);
            first.Kill();
            await first.EndAsync();
            if (IsOver(pair, tried)) continue;

            await using RunningTool second = pair.StartSender(address, file);
            JsonObject sent = (await second.EndAsync()).Ended(0).Json;
            receiver.CloseInput();
            JsonObject received = (await receiver.EndAsync()).Ended(0).Json;
            await pair.AssertArrivedAsync(file);
            Assert.Single(received["files"]!.AsArray());

            // Over both lives of the sender every symbol was opened once, and the second life did not send the whole file again.
            Assert.Equal(bytes / SymbolBytes, (long)received["frames_opened"]!);
            Assert.InRange((long)sent["frames_sent"]!, 1, (bytes / SymbolBytes) - 1);
            Assert.InRange(told, bytes / 2, bytes);
            return;
        }
    }

    /// <summary>Waits until the receiver has told the sender that so much is on disk; returns how much it was.</summary>
    private static async Task<long> CompleteBytesAsync(RunningTool sender, long leastBytes)
    {
        JsonObject progress = await sender.TellsAsync("progress", told => (long)told["complete_bytes"]! >= leastBytes);
        return (long)progress["complete_bytes"]!;
    }

    private static bool IsOver(Pair pair, int tried)
    {
        bool isOver = pair.ReceivedNames().Contains("big.bin") || pair.ReceivedNames().Length == 0;
        if (isOver) Assert.True(tried < TriesMax, "the file was always moved before a process could be killed");
        return isOver;
    }
}
