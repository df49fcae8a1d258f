using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using FcpFast.Fuzz.Corpora;
using FcpFast.Fuzz.Runs;
using FcpFast.Fuzz.Targets;

namespace FcpFast.Fuzz;

/// <summary>
/// <c>fuzz [--minutes N] [TARGET...]</c>: what build.sh calls; <c>seed</c>: writes the seeds into the corpus; <c>replay [TARGET] [FILE...]</c>: runs inputs once;
/// <c>afl TARGET</c>: what afl-fuzz starts, in the instrumented copy.
/// </summary>
internal static class Program
{
    private static int Main(string[] args) => args switch
    {
        ["afl", string name] => Instrumented.Run(name),
        ["instrument", string folder] => Instrumented.Write(folder),
        ["seed"] => Seed(),
        ["replay", .. string[] rest] => Replay(rest),
        ["fuzz", .. string[] rest] => Campaign.Run(rest),
        ["list"] => List(),
        _ => Usage(),
    };

    private static int Usage()
    {
        Console.Error.WriteLine($"usage: fuzz [--minutes N] [TARGET...] | seed | replay [TARGET [FILE...]] | list\ntargets: {string.Join(' ', FuzzTargets.All.Select(static target => target.Name))}");
        return 2;
    }

    private static int List()
    {
        foreach (FuzzTarget target in FuzzTargets.All) Console.WriteLine($"{target.Name} {CorpusFolder.Inputs(target).Count()}");
        return 0;
    }

    private static int Seed()
    {
        foreach (FuzzTarget target in FuzzTargets.All)
        {
            Directory.CreateDirectory(CorpusFolder.Of(target));
            foreach (byte[] seed in target.Seeds()) File.WriteAllBytes(Path.Combine(CorpusFolder.Of(target), CorpusFolder.NameOf(seed)), seed);
            foreach ((string name, byte[] input) in CostlyInputs.Of(target.Name)) File.WriteAllBytes(Path.Combine(CorpusFolder.Of(target), $"dos-{name}"), input);
        }

        return 0;
    }

    private static int Replay(string[] args)
    {
        int failures = 0;
        foreach (FuzzTarget target in FuzzTargets.All.Where(target => args.Length == 0 || target.Name == args[0]))
        {
            IEnumerable<(string Name, byte[] Input)> inputs = args.Length > 1 ? args[1..].Select(static file => (file, File.ReadAllBytes(file))) : CorpusFolder.Inputs(target);
            foreach ((string name, byte[] input) in inputs)
            {
                try
                {
                    FuzzRun.One(target, input);
                }
                catch (Exception e) // whatever was thrown is the finding
                {
                    failures++;
                    Console.WriteLine($"{target.Name}/{name}: {e}");
                }
            }
        }

        Console.WriteLine($"{failures} findings");
        return failures == 0 ? 0 : 1;
    }
}
