using System;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters.Json;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace FcpFast.Bench.Micro;

/// <summary>BenchmarkDotNet over the ladder; <c>smoke</c> runs every body once.</summary>
internal static class Program
{
    private const int IterationMilliseconds = 100;
    private const int WarmUps = 5;
    private const int Iterations = 9;

    public static int Main(string[] args)
    {
        if (args is ["smoke"]) return Smoke.Run(Console.WriteLine) == 0 ? 0 : 1;
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, Config());
        return 0;
    }

    /// <summary>In this process, so that a run needs no second build of the repository.</summary>
    private static ManualConfig Config() => ManualConfig.Create(DefaultConfig.Instance)
        .AddJob(Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithIterationTime(TimeInterval.FromMilliseconds(IterationMilliseconds))
            .WithWarmupCount(WarmUps)
            .WithIterationCount(Iterations))
        .AddDiagnoser(MemoryDiagnoser.Default)
        .AddColumn(new FrameColumn())
        .AddExporter(JsonExporter.Brief)
        .WithArtifactsPath(System.IO.Path.Combine(Environment.GetEnvironmentVariable("FCPFAST_ROOT") ?? ".", ".artifacts", "bench-micro"));
}
