using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Text.Json.Nodes;

namespace FcpFast.Tool.Bench.Runs;

/// <summary>What must stand beside every figure.</summary>
/// <remarks>Source: STYLE §8.</remarks>
internal static class Machine
{
    /// <summary>Describes this machine and this run.</summary>
    public static JsonObject Describe(BenchPlan plan, string libraries) => new()
    {
        ["cpu"] = CpuModel(),
        ["cores"] = Environment.ProcessorCount,
        ["os"] = RuntimeInformation.OSDescription,
        ["architecture"] = RuntimeInformation.ProcessArchitecture.ToString(),
        ["vector_bits"] = VectorBits(),
        ["instruction_sets"] = InstructionSets(),
        ["runtime"] = RuntimeInformation.FrameworkDescription,
        ["gc"] = System.Runtime.GCSettings.IsServerGC ? "server" : "workstation",
        ["libraries"] = libraries,
        ["load_before"] = LoadAverage(),
        ["threads"] = 1,
        ["rounds"] = plan.Rounds,
        ["date"] = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture),
    };

    private static string CpuModel()
    {
        const string CpuInfo = "/proc/cpuinfo";
        string? line = File.Exists(CpuInfo)
            ? File.ReadLines(CpuInfo).FirstOrDefault(static text => text.StartsWith("model name", StringComparison.Ordinal))
            : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? "unknown";
    }

    private static int VectorBits()
    {
        if (Vector512.IsHardwareAccelerated) return 512;
        if (Vector256.IsHardwareAccelerated) return 256;
        return Vector128.IsHardwareAccelerated ? 128 : 0;
    }

    private static string InstructionSets()
    {
        (string Name, bool IsHere)[] sets =
        [
            ("avx512f", Avx512F.IsSupported), ("avx2", Avx2.IsSupported), ("ssse3", Ssse3.IsSupported), ("advsimd", AdvSimd.IsSupported),
        ];
        return string.Join(' ', sets.Where(static set => set.IsHere).Select(static set => set.Name));
    }

    /// <summary>Programs that wanted a core while nothing was measured yet: a figure taken beside others is worth less.</summary>
    private static double? LoadAverage()
    {
        const string Load = "/proc/loadavg";
        return File.Exists(Load) ? double.Parse(File.ReadAllText(Load).Split(' ')[0], CultureInfo.InvariantCulture) : null;
    }
}
