using System.CommandLine;
using System.Linq;
using System.Net;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Wire;
using FcpFast.Tool.Verbs;
using FcpFast.Transport.Udp;

namespace FcpFast.Tool.Bench.Load;

/// <summary><c>fcpfast bench load-receive</c> and <c>load-send</c>: the two processes of a load, which <see cref="LoadRun"/> starts.</summary>
internal static class LoadVerbs
{
    public const string Receive = "load-receive";
    public const string Send = "load-send";
    public const string Forge = "load-forge";

    /// <summary>The arguments by which a process learns the plan.</summary>
    public static string[] Arguments(LoadPlan plan) =>
    [
        "--engine", plan.Engine, "--suite", Text((int)plan.Suite), "--payload", Text(plan.PayloadBytes), "--offload", plan.Offload ? "on" : "off",
        "--warm-up", Text(plan.WarmUpSeconds), "--seconds", Text(plan.Seconds), "--window", Text(plan.WindowSlabs),
        "--pace", Text(plan.PacedGbps), "--forged", Text(plan.ForgedPerSecond), .. plan.IsObjects ? ["--objects"] : (string[])[],
    ];

    /// <summary>All verbs, hidden: they are of no use alone.</summary>
    public static Command[] Create() => [Create(Receive), Create(Send), Create(Forge)];

    private static Command Create(string name)
    {
        var engine = new Option<string>("--engine") { Required = true };
        Option<int> suite = EndpointArguments.Suite();
        var payload = new Option<int>("--payload") { DefaultValueFactory = static _ => 1024 };
        Option<OffloadChoice> offload = EndpointArguments.Offload();
        var warmUp = new Option<double>("--warm-up") { DefaultValueFactory = static _ => 1 };
        var seconds = new Option<double>("--seconds") { DefaultValueFactory = static _ => 2 };
        var window = new Option<int>("--window") { DefaultValueFactory = static _ => 12 };
        var pace = new Option<double>("--pace");
        var forged = new Option<int>("--forged");
        var objects = new Option<bool>("--objects");
        Option<HostAddress?> to = EndpointArguments.Address("--to", "The receiver.", portLeast: 1);
        Option<bool> json = EndpointArguments.Json(), attended = EndpointArguments.Attended();
        var command = new Command(name, "An end of a load; 'fcpfast bench' starts both.")
        {
            engine, suite, payload, offload, warmUp, seconds, window, pace, forged, objects, to, json, attended,
        };
        command.Hidden = true;
        command.SetAction((parsed, cancellation) =>
        {
            var plan = new LoadPlan(
                parsed.GetValue(engine)!, (MacSuite)parsed.GetValue(suite), parsed.GetValue(payload), parsed.GetValue(objects),
                parsed.GetValue(offload) == OffloadChoice.Auto)
            {
                WarmUpSeconds = parsed.GetValue(warmUp),
                Seconds = parsed.GetValue(seconds),
                WindowSlabs = parsed.GetValue(window),
                PacedGbps = parsed.GetValue(pace),
                ForgedPerSecond = parsed.GetValue(forged),
            };
            HostAddress? receiver = parsed.GetValue(to);
            Require(plan, name != Receive, receiver is not null);
            using Attendance attendance = Attendance.Watch(parsed.GetValue(attended), cancellation);
            IPEndPoint? address = receiver is null ? null : receiver.Resolve();
            return Task.FromResult(Run(name, plan, address, parsed.InvocationConfiguration, attendance.Token));
        });
        return command;
    }

    private static void Require(LoadPlan plan, bool needsReceiver, bool hasReceiver)
    {
        bool holds = plan.Suite != MacSuite.Unset && Frames.FrameSecrets.ObjectBytes % plan.PayloadBytes == 0
            && plan.PayloadBytes is >= WireLimits.SymbolBytesMin and <= WireLimits.SymbolBytesMax && needsReceiver == hasReceiver
            && plan.PacedGbps is >= 0 and <= 1000 && plan.ForgedPerSecond is >= 0 and <= 100_000_000;
        if (!holds) throw new ToolException("an end of a load was started with arguments that do not fit", "use 'fcpfast bench --steps udp-frames'");
    }

    private static int Run(string name, LoadPlan plan, IPEndPoint? to, InvocationConfiguration streams, CancellationToken cancellation)
    {
        BenchEngine engine = Contenders.Engines.FirstOrDefault(engine => engine.Name == plan.Engine)
            ?? throw new ToolException($"this processor has no engine {plan.Engine}", $"there are {string.Join(", ", Contenders.Engines.Select(static engine => engine.Name))}");
        using ILoadEnd end = to is null ? engine.NewReceiver(plan) : name == Forge ? engine.NewForger(plan, to) : engine.NewSender(plan, to);
        if (end is LoadReceiver receiver) streams.Output.WriteLine(new JsonObject { ["event"] = "listening", ["address"] = receiver.Address.ToString() }.ToJsonString());
        streams.Output.WriteLine(end.Run(cancellation).ToJsonString());
        return ExitCodes.Done;
    }

    private static string Text<T>(T value)
        where T : System.IFormattable => value.ToString(null, System.Globalization.CultureInfo.InvariantCulture);
}
