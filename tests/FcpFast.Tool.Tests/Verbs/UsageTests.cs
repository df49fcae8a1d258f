using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using FcpFast.Tool.Tests.Support;

namespace FcpFast.Tool.Tests.Verbs;

/// <summary>Wrong usage is told by name, before anything is made, with exit code 2; help is there for every verb.</summary>
public sealed class UsageTests
{
    public static readonly TheoryData<string, string> WrongUsages = new()
    {
        { "", "Required command was not provided" },
        { "dmeo", "'dmeo'" },
        { "demo --size", "--size" },
        { "demo --size 12XB", "'12XB' is no size" },
        { "demo --size -1", "'-1' is no size" },
        { "demo --size 1 --file x", "not both" },
        { "demo --mode tree", "'tree' is not 'manifest' or 'mls'" },
        { "demo --mode mls --file x", "give --size" },
        { "demo --mode mls --rotate-every 2", "an MLS group turns its keys itself" },
        { "demo --mode mls --relayed-replay epoch-fence", "do not follow the clock" },
        { "demo --suite 3", "'3' is no suite" },
        { "demo --engine fast", "'fast' is not 'auto', 'libsodium' or 'wide'" },
        { "demo --offload maybe", "'maybe' is not 'on' or 'off'" },
        { "demo --datagram 575", "'575' is not a number from 576 to 65507" },
        { "demo --datagram 65508", "'65508' is not a number from 576 to 65507" },
        { "demo --impair loss=2", "'loss=2' is not understood" },
        { "demo --impair lose=0.1", "'lose=0.1' is not understood" },
        { "demo --impair reorder=0.1", "'reorder=0.1' is not understood" },
        { "demo surplus", "'surplus'" },
        { "demo gateways", "'--configurations' is required" },
        { "bench soak --peers 4", "'4' is not a number from 5 to 200" },
        { "receive --state s --into . --metrics [::1]:9464", "takes no IPv6 address" },
        { "send", "'--state' is required" },
        { "send --state s --to n --peer h", "'send'" },
        { "send f --state s --to n", "'--peer' is required" },
        { "send f --state s --peer h", "'--to' is required" },
        { "send f --state s --to n --peer 7070", "'7070' is no address" },
        { "send f --state s --to n --peer h:70000", "'h:70000' is no address" },
        { "send f --state s --to n --peer h:0", "the port from 1 to 65535" },
        { "send f --state s --to n --peer ::1:70:", "is no address" },
        { "send f --state s --to n --peer h --zone work", "'work' is no ZONE" },
        { "send f --state s --to nö --peer h", "'nö' is no NODE" },
        { "send f --state s --to n --peer h --timeout 0", "'0' is not a number from 1" },
        { "send f --state s --to n --peer h --tiemout 5", "--tiemout" },
        { "receive", "'--state' is required" },
        { "receive --state s --listen 7070", "'7070' is no address" },
        { "receive --state s --count 0", "'0' is not a number from 1" },
        { "receive --state s --max-size many", "'many' is no size" },
        { "receive --state s --state t", "--state" },
        { "receive --state s surplus", "'surplus'" },
        { "relay --state s", "'--route' is required" },
        { "relay --route z:work=a>b", "'--state' is required" },
        { "relay --state s --route z:work=a", "'z:work=a' is no route" },
        { "relay --state s --route work=a>b", "'work' is no zone: MissingPrefix" },
        { "relay --state s --route z:work=a>b,", "'' is no node" },
        { "relay --state s --route z:work=a<>a", "is no route" },
        { "relay --state s --route z:work=a>b --peer b", "'b' is no peer" },
        { "relay --state s --route z:work=a>b --peer b=h:0", "'b=h:0' is no peer" },
        { "send f --state s --to n --peer h --relay nö", "'nö' is no NODE" },
        { "vectors", "Required command was not provided" },
        { "vectors check", "'check'" },
    };

    [Theory]
    [MemberData(nameof(WrongUsages))]
    public async Task Run_WrongUsage_IsToldByNameAndReturnsTwo(string line, string words)
    {
        ToolRun run = await ToolRun.StartAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        run.Ended(2, words, "Try 'fcpfast --help'").AssertNoStackTrace();
        Assert.StartsWith("fcpfast: ", run.Errors, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task Run_WrongUsageOfTheBuiltTool_ReturnsTwo() =>
        (await RunningTool.RunAsync("demo", "--suite", "3")).Ended(2, "'3' is no suite", "Try 'fcpfast --help'");

    [Theory]
    [InlineData("", "demo", "send", "receive", "vectors", "Exit codes: 0 done, 1 a check failed, 2 wrong usage, 3")]
    [InlineData("demo", "--size", "--file", "--suite", "--offload", "--engine", "--impair", "--json", "--keep")]
    [InlineData("send", "--state", "--to", "--peer", "--zone", "--timeout", "--json", "[default: 60]")]
    [InlineData("receive", "--state", "--listen", "--into", "--count", "--overwrite", "--max-size", "--json")]
    [InlineData("relay", "--state", "--listen", "--peer", "--route", "--json", "ZONE=NODE>NODE")]
    [InlineData("vectors", "check")]
    [InlineData("vectors check", "DIR", "--json")]
    public async Task Help_OfEachVerb_NamesWhatItTakes(string verb, params string[] named)
    {
        ToolRun run = await ToolRun.StartAsync([.. verb.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
        run.Ended(0);
        foreach (string part in named) Assert.Contains(part, run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("send", "--state", "/nowhere", "--to", "n", "--peer", "no-such-host.invalid", "FILE")]
    public async Task Send_AHostWithoutAddress_CouldNotBeDone(params string[] arguments)
    {
        ToolRun run = await RunningTool.RunAsync([.. arguments[..^1], ToolProgram.Path]);
        run.Ended(3, "no-such-host.invalid has no address", "Remedy: check the name");
    }

    [Fact]
    public async Task Run_APathThatIsNoFile_CouldNotBeDone()
    {
        using var folder = new TemporaryFolder();
        string missing = Path.Combine(folder.Path, "missing");
        (await RunningTool.RunAsync("demo", "--file", missing)).Ended(3, $"cannot move {missing}: there is no such file", "Remedy: ");
        (await RunningTool.RunAsync("send", folder.Path, "--state", "s", "--to", "n", "--peer", "127.0.0.1")).Ended(3, "it is a folder", "Remedy: ");
        (await RunningTool.RunAsync("receive", "--state", "s", "--into", missing)).Ended(3, $"cannot receive into {missing}: there is no such folder", "Remedy: ");
        await using RunningTool demo = RunningTool.StartIn(missing, "demo", "--size", "1");
        (await demo.EndAsync()).Ended(3, $"there is no folder {missing}", "Remedy: make it");
    }

    [Fact]
    public async Task Receive_AtAnAddressInUse_SaysSo()
    {
        using var pair = new Pair();
        await using RunningTool receiver = pair.StartReceiver();
        string address = await receiver.ListensAtAsync();
        string[] another = [.. pair.ReceiveArguments(address).Select(word => word == pair.Fleet.FolderOf(Pair.Receiver) ? pair.Fleet.FolderOf(Pair.Sender) : word)];
        (await RunningTool.RunAsync(another)).Ended(3, $"cannot open {address}", "Remedy: choose another address or port with --listen");
    }

    [Fact]
    public async Task Demo_OnATerminal_ShowsProgress()
    {
        using var folder = new TemporaryFolder();
        bool hasScript = OperatingSystem.IsLinux() && ToolProgram.Try("script", "--version");
        Assert.SkipUnless(hasScript, "a terminal is made by script of util-linux");
        string log = Path.Combine(folder.Path, "log"), command = string.Join(' ', [.. ToolProgram.Command, "demo", "--size", "8MiB"]);
        await using RunningTool terminal = RunningTool.StartCommand(["script", "--quiet", "--return", "--command", command, log]);
        ToolRun run = (await terminal.EndAsync()).Ended(0);
        Assert.Contains("demo.bin", run.Output, StringComparison.Ordinal);
        Assert.Contains('%', run.Output);
        Assert.Contains("hash_ok", run.Output, StringComparison.Ordinal);
    }
}
