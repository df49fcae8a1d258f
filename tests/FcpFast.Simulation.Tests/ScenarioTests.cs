using System;
using System.Globalization;
using FcpFast.Simulation.Tests.Support;

namespace FcpFast.Simulation.Tests;

/// <summary>[REPLAY §8] S1, S5, L1: whatever happens to two nodes, files arrive as they were sent, nothing is accepted twice, and memory is given back.</summary>
/// <remarks>FCPFAST_SIMULATION_SEEDS=n runs n seeds, FCPFAST_SEED=n begins with another one.</remarks>
public sealed class ScenarioTests
{
    [Fact]
    public void Run_AnySeed_EveryFileArrives()
    {
        ulong first = Number("FCPFAST_SEED", 1), count = Number("FCPFAST_SIMULATION_SEEDS", 200);
        for (ulong seed = first; seed < first + count; seed++)
        {
            try
            {
                using var scenario = new Scenario(seed);
                scenario.Run();
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Failed with FCPFAST_SEED={seed}: {e.Message}", e);
            }
        }
    }

    private static ulong Number(string variable, ulong otherwise) =>
        ulong.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out ulong number) ? number : otherwise;
}
