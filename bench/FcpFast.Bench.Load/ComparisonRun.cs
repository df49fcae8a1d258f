using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Bench.Load.Comparisons;

namespace FcpFast.Bench.Load;

/// <summary>The comparisons that can be run here, and what they reached.</summary>
internal sealed class ComparisonRun
{
    private readonly Dictionary<IComparison, List<double>> _reached = [];

    /// <summary>Finds out which can be run.</summary>
    public ComparisonRun(IReadOnlyList<IComparison> comparisons)
    {
        foreach (IComparison comparison in comparisons)
        {
            if (comparison.Missing() is { } reason) Skipped.Add($"{comparison.Name}: {reason}");
            else _reached.Add(comparison, []);
        }
    }

    /// <summary>Adding another program: a class of <see cref="IComparison"/>, and one line here.</summary>
    public static IReadOnlyList<IComparison> Known { get; } = [new IperfUdp(), new WireGuardGo()];

    /// <summary>What is not run: name, reason and remedy.</summary>
    public List<string> Skipped { get; } = [];

    /// <summary>What each reached, Gbit/s, round by round.</summary>
    public IReadOnlyDictionary<IComparison, List<double>> Reached => _reached;

    /// <summary>Runs each once.</summary>
    public async Task RoundAsync(double seconds, Action<string> tell, CancellationToken cancellation)
    {
        foreach ((IComparison comparison, List<double> reached) in _reached)
        {
            tell(comparison.About);
            reached.Add(await comparison.RunAsync(seconds, cancellation));
        }
    }

    /// <summary>The median of what a comparison reached.</summary>
    public static double Median(List<double> reached) => reached.Order().ElementAt(reached.Count / 2);
}
