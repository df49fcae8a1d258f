using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Tool.Tests.Support;

namespace FcpFast.Tool.Tests.Verbs;

/// <summary>The control-plane walk of README.md, line by line, as real processes in a clean directory.</summary>
public sealed class ControlWalkTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public void Walk_OfTheReadme_IsShort() => Assert.InRange(Lines().Length, 10, 39);

    [Fact]
    public async Task Walk_OfTheReadme_RunsAsItStands()
    {
        using var folder = new TemporaryFolder();
        string port = FreePort();
        var background = new List<(Process Process, Task<string> Words)>();
        try
        {
            foreach (string line in Lines())
            {
                string command = line.Split("  #")[0].Trim().Replace(":7070", port, StringComparison.Ordinal);
                if (command.StartsWith("echo ", StringComparison.Ordinal))
                {
                    string[] parts = command["echo ".Length..].Split(" > ");
                    await File.WriteAllTextAsync(Path.Combine(folder.Path, parts[1]), parts[0].Trim('"') + "\n", TestContext.Current.CancellationToken);
                    continue;
                }

                bool isBackground = command.EndsWith('&');
                string[] words = command.TrimEnd('&', ' ').Split(' ');
                Assert.Equal("fcpfast", words[0]);
                (Process Process, Task<string> Words) started = Start(folder.Path, words[1..]);
                background.Add(started);
                if (!isBackground) await EndAsync(started, command);
            }

            foreach ((Process Process, Task<string> Words) started in background) await EndAsync(started, "receive");
            Assert.Equal(2, Directory.GetFiles(folder.Path, "passphrase*").Length); // what was sent, and what was received
            JsonObject alice = await ShowAsync(folder.Path, "alice"), bob = await ShowAsync(folder.Path, "bob");
            foreach (JsonObject node in (JsonObject[])[alice, bob])
            {
                Assert.Equal(1, (int)node["revocation_serial"]!);
                Assert.Equal(["alice", "bob"], node["zones"]![0]!["members"]!.AsArray().Select(static member => (string)member!));
                Assert.True((bool)node["zones"]![0]!["has_keys"]!);
                Assert.Contains(node["attestations"]!.AsArray(), static one => (string)one!["node"]! == "carol" == (bool)one["revoked"]!);
            }

            Assert.Equal((string)alice["zones"]![0]!["zone_key"]!, (string)bob["zones"]![0]!["zone_key"]!);
        }
        finally
        {
            foreach ((Process process, Task<string> _) in background)
            {
                if (!process.HasExited) process.Kill();
                process.Dispose();
            }
        }
    }

    /// <summary>The walk of an MLS zone, behind the first lines of the other one, which make the owner and two nodes.</summary>
    [Fact]
    public async Task GroupWalk_OfTheReadme_RunsAsItStands()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "passphrase"), "correct horse\n", TestContext.Current.CancellationToken);
        string[] group = Lines(3);
        Assert.InRange(group.Length, 10, 20);
        int healed = Array.FindIndex(group, static line => line.StartsWith("fcpfast zone show", StringComparison.Ordinal));
        foreach (string line in Lines()[1..5].Append("fcpfast node import alice nodes.fcp").Append("fcpfast node import bob nodes.fcp").Concat(group[..healed]))
        {
            await RunAsync(folder.Path, line);
        }

        JsonNode alice = (await ShowAsync(folder.Path, "alice"))["zones"]![0]!, bob = (await ShowAsync(folder.Path, "bob"))["zones"]![0]!;
        Assert.True((bool)bob["has_keys"]!);
        string key = (string)alice["zone_key"]!;
        Assert.Equal(key, (string)bob["zone_key"]!);
        foreach (string line in group[healed..]) await RunAsync(folder.Path, line);
        alice = (await ShowAsync(folder.Path, "alice"))["zones"]![0]!;
        Assert.NotEqual(key, (string)alice["zone_key"]!);
        Assert.Equal(["alice"], alice["members"]!.AsArray().Select(static member => (string)member!));
    }

    /// <summary>Who turns the epochs is the owner's word: a member, another one, or nobody, and the verb says what that means.</summary>
    [Fact]
    public async Task Profile_OfAnMlsZone_NamesTheCoordinatorOrNobody()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "passphrase"), "correct horse\n", TestContext.Current.CancellationToken);
        foreach (string line in Lines()[1..5].Append("fcpfast node import alice nodes.fcp").Append(Lines(3)[0])) await RunAsync(folder.Path, line);
        const string profile = "fcpfast zone profile owner z:safe --out safe.fcp --passphrase-file passphrase";
        string bob = await RunAsync(folder.Path, $"{profile} --coordinator bob");
        Assert.Contains("Carry safe.fcp to bob, its coordinator", bob, StringComparison.Ordinal);
        string nobody = await RunAsync(folder.Path, $"{profile} --no-coordinator");
        Assert.Contains("names no coordinator: no node turns its epochs", nobody, StringComparison.Ordinal);
        string alice = await RunAsync(folder.Path, $"{profile} --coordinator alice --json");
        Assert.Equal("alice", (string)JsonNode.Parse(alice.TrimEnd().Split('\n')[^1])!["coordinator"]!);
    }

    private static async Task<string> RunAsync(string folder, string line)
    {
        string command = line.Split("  #")[0].Trim();
        (Process Process, Task<string> Words) started = Start(folder, command.Split(' ')[1..]);
        using Process process = started.Process;
        return await EndAsync(started, command);
    }

    private static string[] Lines(int block = 1)
    {
        string readme = ThisRepository.Read("README.md");
        string section = readme[readme.IndexOf("## Owners, nodes and zones", StringComparison.Ordinal)..];
        return [.. section.Split("```")[block].Split('\n').Select(static line => line.Trim()).Where(static line => line.Length > 0)];
    }

    private static (Process Process, Task<string> Words) Start(string folder, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [ToolProgram.Path, .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder,
        };
        Process process = Process.Start(start)!;
        return (process, ReadAsync(process));
    }

    private static async Task<string> ReadAsync(Process process)
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        return await output + await errors;
    }

    private static async Task<string> EndAsync((Process Process, Task<string> Words) started, string command)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        string words = await started.Words.WaitAsync(patience.Token);
        await started.Process.WaitForExitAsync(patience.Token);
        Assert.True(started.Process.ExitCode == 0, $"{command}: exit code {started.Process.ExitCode}\n{words}");
        return words;
    }

    private static async Task<JsonObject> ShowAsync(string folder, string node)
    {
        (Process Process, Task<string> Words) started = Start(folder, ["node", "show", node, "--json"]);
        string words = await EndAsync(started, "show");
        started.Process.Dispose();
        return JsonNode.Parse(words)!.AsObject();
    }

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $":{((IPEndPoint)listener.LocalEndpoint).Port}";
    }
}
