using System.Threading;
using System.Threading.Tasks;

namespace FcpFast.Bench.Load.Comparisons;

/// <summary>Another program that carries data on this machine, run in turns with the loads.</summary>
internal interface IComparison
{
    /// <summary>As rows carry it.</summary>
    string Name { get; }

    /// <summary>What exactly is done.</summary>
    string About { get; }

    /// <summary>Why it cannot be run here, and the remedy; null if it can.</summary>
    string? Missing();

    /// <summary>Runs it.</summary>
    /// <returns>Gbit/s of payload that arrived.</returns>
    Task<double> RunAsync(double seconds, CancellationToken cancellation);
}
