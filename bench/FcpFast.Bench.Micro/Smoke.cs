using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Bench.Micro.Peers;
using FcpFast.Tool.Bench;
using FcpFast.Tool.Bench.Runs;

namespace FcpFast.Bench.Micro;

/// <summary>Every bench body once: it does its work, agrees with the others, and allocates no more than its ceiling.</summary>
internal static class Smoke
{
    private const int Windows = 8;
    private const int PassesPerWindow = 64;

    /// <summary>Every case that <see cref="Run"/> goes through: all steps, suites and traffic, small and large, batches that no width divides.</summary>
    public static IEnumerable<BenchCase> Cases() => new BenchPlan
    {
        Steps = Steps.InMemory, Payloads = [256, 1024, 16384], Batches = [1, 7, 17], Traffic = Enum.GetValues<Traffic>(),
    }.Rungs().SelectMany(static rung => rung);

    /// <summary>Runs them and writes what is wrong.</summary>
    /// <returns>How many cases failed.</returns>
    public static int Run(Action<string> tell)
    {
        int failed = 0, ran = 0;
        foreach (BenchCase subject in Cases())
        {
            foreach (string fault in FaultsOf(subject, ref ran))
            {
                tell(fault);
                failed++;
            }
        }

        tell($"{ran} bench bodies ran once, {failed} faults");
        return failed;
    }

    /// <summary>What is wrong with the bodies of a case.</summary>
    public static List<string> FaultsOf(BenchCase subject, ref int ran)
    {
        IReadOnlyDictionary<string, double> ceilings = AllocationCeilings.Read();
        var faults = new List<string>();
        (string Name, string Digest)? first = null;
        foreach (Contender contender in MicroContenders.All)
        {
            using BenchBody? body = contender.Prepare(subject);
            if (body is null) continue;
            ran++;
            try
            {
                body.Check();
            }
            catch (InvalidOperationException e)
            {
                faults.Add($"{contender.Name} {subject}: {e.Message}");
                continue;
            }

            first ??= (contender.Name, body.Digest);
            if (body.Digest != first.Value.Digest) faults.Add($"{contender.Name} and {first.Value.Name} disagree about {subject}");
            bool isOurs = Contenders.Engines.Any(engine => engine.Name == contender.Name) || contender.Name == Contenders.Own;
            if (!isOurs) continue;
            double ceiling = ceilings[subject.Step];
            if (!StaysBelow(body, ceiling * subject.Batch, out double least)) faults.Add($"{contender.Name} {subject} allocates {least / subject.Batch:F1} bytes a frame, {ceiling} are allowed");
        }

        return faults;
    }

    /// <summary>True if two windows in a row stay below the ceiling: what the runtime does beside a bench is not the bench's.</summary>
    internal static bool StaysBelow(BenchBody body, double bytesPerPass, out double least)
    {
        least = double.MaxValue;
        int inARow = 0;
        for (int window = 0; window < Windows && inARow < 2; window++)
        {
            double bytes = (double)body.Sample(PassesPerWindow).AllocatedBytes / PassesPerWindow;
            least = Math.Min(least, bytes);
            inARow = bytes <= bytesPerPass ? inARow + 1 : 0;
        }

        return inARow == 2;
    }
}
