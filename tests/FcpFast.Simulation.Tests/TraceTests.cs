using System;
using System.Diagnostics;
using FcpFast.Protocol.Objects;
using FcpFast.Simulation.Actors;
using FcpFast.Simulation.Links;
using FcpFast.Simulation.Tests.Support;

namespace FcpFast.Simulation.Tests;

/// <summary>[STYLE 7]: one seed, one course of events, byte by byte.</summary>
public sealed class TraceTests
{
    private const string ExpectedVariable = "FCPFAST_TRACE_EXPECTED";

    /// <summary>The network alone: this literal changes only if the simulation itself does.</summary>
    [Fact]
    public void Hash_NetworkOfASeed_IsThatOfEveryPlatform()
    {
        Assert.Equal("d1968c4233e3516ccd7ab93f67fc2cba9687a69f7ae53364ed328ac5c026638f", HashOfNetwork(seed: 1));
        Assert.NotEqual(HashOfNetwork(seed: 1), HashOfNetwork(seed: 2));
    }

    [Fact]
    public void Hash_SameSeedTwice_IsTheSame()
    {
        string first = HashOfTransfer(seed: 1);
        Assert.Equal(first, HashOfTransfer(seed: 1));
        Assert.NotEqual(first, HashOfTransfer(seed: 2));
    }

    /// <summary>Hash codes are seeded for each process, so an order that hangs on one shows only in another process.</summary>
    [Fact]
    public void Hash_SameSeedInAnotherProcess_IsTheSame()
    {
        if (Environment.GetEnvironmentVariable(ExpectedVariable) is { } expected)
        {
            Assert.Equal(expected, HashOfTransfer(seed: 3));
            return;
        }

        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        string[] arguments =
        [
            typeof(TraceTests).Assembly.Location, "-noLogo", "-noColor", "-method", $"{typeof(TraceTests).FullName}.{nameof(Hash_SameSeedInAnotherProcess_IsTheSame)}",
        ];
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        start.Environment[ExpectedVariable] = HashOfTransfer(seed: 3);
        using Process other = Process.Start(start)!;
        string output = other.StandardOutput.ReadToEnd();
        other.WaitForExit();
        Assert.True(other.ExitCode == 0 && output.Contains("Total: 1, Errors: 0, Failed: 0", StringComparison.Ordinal), output);
    }

    private static string HashOfNetwork(ulong seed)
    {
        var world = new World(seed);
        Actor from = new(world, "from"), to = new(world, "to") { IsListening = true };
        world.Mesh.Datagrams(from, to).Add(Rules.Drop(0.2), Rules.Duplicate(0.2), Rules.Reorder(0.1, 20), Rules.Corrupt(0.1));
        from.Connect(to);
        WorldRandom random = world.NewRandom("content");
        for (int i = 0; i < 200; i++) world.At(i * 1000, () => from.SendDatagram(to, random.Bytes(random.Next(0, 50))));
        world.RunFor(TimeSpan.FromSeconds(1));
        return world.Trace.Hash();
    }

    private static string HashOfTransfer(ulong seed)
    {
        using Duo duo = new Duo(seed).Connect();
        duo.AliceToBob.Add(Rules.Drop(0.1), Rules.Duplicate(0.1), Rules.Reorder(0.1, 100), Rules.Corrupt(0.01));
        byte[] content = duo.Random.Bytes(300_000);
        OutgoingFile file = duo.Alice.Send("file", content, duo.Bob.Member);
        duo.WaitFor(() => file.CompleteBytes > 100_000, "a third is sent");
        duo.Bob.Crash();
        duo.World.RunFor(TimeSpan.FromSeconds(1));
        duo.Bob.Start();
        duo.Arrives(file, content, duo.Bob);
        return duo.World.Trace.Hash();
    }
}
