using System;
using System.IO;
using System.Linq;
using FcpFast.Fuzz.Targets;
using SharpFuzz;

namespace FcpFast.Fuzz.Runs;

/// <summary>The copy of this program whose code under test tells a fuzzer which branches were taken.</summary>
internal static class Instrumented
{
    private static readonly string[] Assemblies = ["FcpFast.Protocol.dll", "FcpFast.Mls.dll", "FcpFast.Control.dll", "FcpFast.Transport.dll", "FcpFast.dll"];

    /// <summary>Instruments the code under test in a copy of this program's folder.</summary>
    public static int Write(string folder)
    {
        foreach (string assembly in Assemblies)
        {
            int types = Fuzzer.Instrument(Path.Combine(folder, assembly), static _ => true, Options.Value).Count();
            Console.Error.WriteLine($"{assembly}: {types} types instrumented");
        }

        return 0;
    }

    /// <summary>Takes inputs from afl-fuzz until it ends.</summary>
    /// <remarks>Instrumented code may run only inside of the fuzzer's loop, which maps the memory that it writes to: so the target is looked up there.</remarks>
    public static int Run(string name)
    {
        byte[] buffer = new byte[GuardedInput.BytesMax];
        FuzzTarget? target = null;
        Fuzzer.Run(stream =>
        {
            target ??= FuzzTargets.Named(name) ?? throw new ArgumentException($"there is no target {name}", nameof(name));
            int count = 0;
            for (int read; count < buffer.Length && (read = stream.Read(buffer, count, buffer.Length - count)) > 0;) count += read;
            FuzzRun.One(target, buffer.AsSpan(0, count));
        });
        return 0;
    }
}
