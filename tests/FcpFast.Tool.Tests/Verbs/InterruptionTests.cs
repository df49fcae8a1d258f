using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using FcpFast.Tests.Support;
using FcpFast.Tool.Tests.Support;

namespace FcpFast.Tool.Tests.Verbs;

/// <summary>Ctrl-C and worse: what is said, what is left, what goes on.</summary>
public sealed class InterruptionTests
{
    private const int FileBytes = 96 * 1024 * 1024;

    [Fact]
    public async Task Demo_InterruptedWhileItMoves_LeavesNoProcessAndNoFile()
    {
        RequireSignals();
        using var temporary = new TemporaryFolder();
        await using RunningTool demo = RunningTool.StartIn(temporary.Path, "demo", "--size", $"{FileBytes}");
        await UntilAsync(() => Directory.EnumerateFiles(temporary.Path, ".fcp-*.part", AnyDepth).Any(), "a file that is being received");
        int[] children = ChildrenOf(demo.Id);
        Assert.Equal(2, children.Length);
        demo.Signal("INT");
        (await demo.EndAsync()).Ended(3, "interrupted");
        Assert.Empty(Directory.GetFileSystemEntries(temporary.Path));
        Assert.All(children, static child => Assert.False(Directory.Exists($"/proc/{child}")));
    }

    [Fact]
    public async Task Demo_InterruptedWhileItMakesTheFile_LeavesNothing()
    {
        RequireSignals();
        using var temporary = new TemporaryFolder();
        await using RunningTool demo = RunningTool.StartIn(temporary.Path, "demo", "--size", "4GiB");
        await UntilAsync(() => Directory.EnumerateFiles(temporary.Path, "demo.bin", AnyDepth).Any(), "the file being made");
        demo.Signal("TERM");
        (await demo.EndAsync()).Ended(3, "interrupted");
        Assert.Empty(Directory.GetFileSystemEntries(temporary.Path));
    }

    [Fact]
    public async Task Demo_Killed_TakesItsProcessesWithIt()
    {
        RequireSignals();
        using var temporary = new TemporaryFolder();
        await using RunningTool demo = RunningTool.StartIn(temporary.Path, "demo", "--size", $"{FileBytes}");
        await UntilAsync(() => ChildrenOf(demo.Id).Length == 2, "two processes");
        int[] children = ChildrenOf(demo.Id);
        demo.Kill();
        await UntilAsync(() => !children.Any(static child => IsRunning(child)), "the end of both");
    }

    [Fact]
    public async Task SendAndReceive_Interrupted_SayHowToGoOnAndLeaveNoHalfFileUnderItsName()
    {
        RequireSignals();
        using var pair = new Pair();
        string file = pair.Fleet.WriteFile("big.bin", FileBytes);
        await using RunningTool receiver = pair.StartReceiver();
        await using RunningTool sender = pair.StartSender(await receiver.ListensAtAsync(), file);
        await receiver.TellsAsync("opened");
        sender.Signal("INT");
        (await sender.EndAsync()).Ended(3, "interrupted; send the same file again to go on");
        receiver.Signal("INT");
        ToolRun run = (await receiver.EndAsync()).Ended(3, "interrupted; a file that is not complete goes on when it is sent again");
        Assert.Empty(run.Json["files"]!.AsArray());
        Assert.DoesNotContain("big.bin", pair.ReceivedNames());
        Assert.All(pair.ReceivedNames(), static name => Assert.StartsWith(".fcp-", name, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    [InlineData("HUP")]
    public async Task Receive_InterruptedWhileItWaits_IsDone(string signal)
    {
        RequireSignals();
        using var pair = new Pair();
        await using RunningTool receiver = pair.StartReceiver();
        await receiver.ListensAtAsync();
        receiver.Signal(signal);
        (await receiver.EndAsync()).Ended(0, "interrupted");
        Assert.Empty(pair.ReceivedNames());
    }

    [Fact]
    public async Task Relay_Interrupted_IsDoneAndReports()
    {
        RequireSignals();
        using var fleet = new TestFleet("alice", "bob", "between");
        await using RunningTool relay = RunningTool.Start(
            "relay", "--state", fleet.FolderOf("between"), "--listen", "127.0.0.1:0", "--route", "z:other=alice<>bob", "--attended", "--json");
        await relay.ListensAtAsync();
        relay.Signal("INT");
        ToolRun run = (await relay.EndAsync()).Ended(0, "interrupted; the peers' transfers go on when a relay is there again");
        Assert.Equal(0, (long)run.Json["frames_passed_on"]!);
    }

    [Fact]
    public async Task Receive_AttendedAndStdinEnds_Ends()
    {
        using var pair = new Pair();
        await using RunningTool receiver = pair.StartReceiver("--count", "1");
        await receiver.ListensAtAsync();
        receiver.CloseInput();
        (await receiver.EndAsync()).Ended(3, "interrupted");
    }

    private static readonly EnumerationOptions AnyDepth = new() { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = true };

    private static void RequireSignals() => Assert.SkipUnless(OperatingSystem.IsLinux(), "signals are sent, and children found, the way of Linux");

    /// <summary>Waits until something holds that no event tells of.</summary>
    private static async Task UntilAsync(Func<bool> holds, string what)
    {
        DateTime deadline = DateTime.UtcNow.AddSeconds(120);
        while (!holds())
        {
            Assert.True(DateTime.UtcNow < deadline, $"waited for {what}");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    private static int[] ChildrenOf(int parent) =>
        [.. Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(static name => int.TryParse(name, out _)).Select(static name => int.Parse(name!)).Where(id => StatOf(id) is { } stat && stat.Parent == parent)];

    private static bool IsRunning(int process) => StatOf(process) is { IsZombie: false };

    private static (int Parent, bool IsZombie)? StatOf(int process)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{process}/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' '); // state, parent, …
            return (int.Parse(fields[1]), fields[0] == "Z");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // it has ended meanwhile
        }
    }
}
