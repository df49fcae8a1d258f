using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;

namespace FcpFast.Crash;

/// <summary>One campaign: transfers go on, one after the other, while their processes are killed; each must complete, and nothing may happen twice.</summary>
internal sealed class Campaign(CampaignPlan plan) : IAsyncDisposable
{
    private const int PauseMillisecondsMin = 50;
    private const int PauseMillisecondsMax = 2500; // from before a process has its session to long after
    /// <summary>[REPLAY §8], L3: a step and a window; and what the sender's credit lets be under way while nobody is there to take it.</summary>
    private const long GapMax = 65_536 + 8_127 + 8_192;

    private static readonly TimeSpan KillingMax = TimeSpan.FromMinutes(1); // then a transfer is left alone: on a busy machine nothing would arrive between two kills
    private static readonly TimeSpan QuietMax = TimeSpan.FromMinutes(4); // from the last kill to the end of a transfer

    private readonly string _folder = Directory.CreateTempSubdirectory("fcpfast-crash-").FullName;
    private readonly string _witnesses = Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"fcpfast-crash-{Environment.ProcessId}"); // another file system than the state's
    private readonly Random _random = new(plan.Seed);
    private readonly List<NodeProcess> _nodes = [];
    private int _killed;
    private int _transfers;
    private int _resumptions;

    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        Console.Error.WriteLine($"crash: seed {plan.Seed}, {plan.Rounds} kills, {(plan.HasRelay ? "relayed" : "direct")}, mode {(plan.KeepsSessions ? "m1" : "m0")}, files of {plan.Mebibytes} MiB, in {_folder}");
        string fleet = Path.Combine(_folder, "fleet");
        await RunToolAsync(["demo", "--size", "1", "--keep", fleet, .. plan.HasRelay ? ["--relay"] : Array.Empty<string>()], cancellation);
        Directory.CreateDirectory(Path.Combine(_folder, "received"));
        if (plan.KeepsSessions) Directory.CreateDirectory(_witnesses);
        string receiverAddress = FreeAddress(), front = plan.HasRelay ? FreeAddress() : receiverAddress;
        Add("receiver", "receive", "--state", Path.Combine(fleet, "receiver"), "--listen", receiverAddress, "--into", Path.Combine(_folder, "received"));
        if (plan.HasRelay)
        {
            Add("relay", "relay", "--state", Path.Combine(fleet, "relay"), "--listen", front, "--peer", $"receiver={receiverAddress}", "--route", "z:demo=sender<>receiver");
        }

        foreach (NodeProcess node in _nodes)
        {
            node.Start();
            if (!await node.IsReadyAsync(cancellation)) return await FailAsync($"the {node.Name} ended before it was ready", [node], fleet);
        }

        bool allArrived = true;
        while (_killed < plan.Rounds && allArrived) allArrived = await TransferAsync(fleet, front, cancellation);
        foreach (NodeProcess node in _nodes) await node.DisposeAsync();
        return Judge() && allArrived;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (NodeProcess node in _nodes) await node.DisposeAsync();
        if (!plan.Keeps) Directory.Delete(_folder, recursive: true);
        if (Directory.Exists(_witnesses)) Directory.Delete(_witnesses, recursive: true);
    }

    private static string FreeAddress()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return probe.LocalEndpoint.ToString()!;
    }

    private NodeProcess Add(string name, params string[] arguments)
    {
        var node = new NodeProcess(name, plan.Tool, [.. arguments, .. Common(name)]);
        _nodes.Add(node);
        return node;
    }

    private string[] Common(string name) => plan.KeepsSessions
        ? ["--journal", Journal(name), "--replay-mode", "m1", "--witness", Path.Combine(_witnesses, $"{name}.witness")]
        : ["--journal", Journal(name)];

    private string Journal(string name) => Path.Combine(_folder, $"{name}.journal");

    private async Task RunToolAsync(string[] arguments, CancellationToken cancellation)
    {
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [plan.Tool, .. arguments]) { RedirectStandardOutput = true })!;
        await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode != 0) throw new InvalidOperationException($"fcpfast {arguments[0]} ended with exit code {process.ExitCode}");
    }

    /// <summary>Sends one file while processes are killed, until it has arrived.</summary>
    private async Task<bool> TransferAsync(string fleet, string front, CancellationToken cancellation)
    {
        string name = $"file{_transfers++}.bin", path = Path.Combine(_folder, name), arrived = Path.Combine(_folder, "received", name);
        byte[] hash = await WriteFileAsync(path, cancellation);
        string[] via = plan.HasRelay ? ["--relay", "relay"] : [];
        await using var sender = new NodeProcess(
            "sender", plan.Tool,
            ["send", path, "--state", Path.Combine(fleet, "sender"), "--to", "receiver", "--peer", front, .. Common("sender"), .. via]);
        sender.Start();
        NodeProcess[] all = [sender, .. _nodes];
        Stopwatch begun = Stopwatch.StartNew(), quiet = Stopwatch.StartNew();
        while (!await EndsWithinAsync(sender, _random.Next(PauseMillisecondsMin, PauseMillisecondsMax), cancellation))
        {
            if (quiet.Elapsed > QuietMax) return await FailAsync($"{name} has not arrived {QuietMax} after the last kill", all, fleet);
            if (_killed == plan.Rounds || begun.Elapsed > KillingMax) continue;
            NodeProcess victim = all[_random.Next(all.Length)];
            await victim.KillAsync();
            _killed++;
            victim.Start();
            quiet.Restart();
            bool isAwaited = _random.Next(2) == 0; // on a busy machine the pause alone would always hit a start
            if (isAwaited && !await victim.IsReadyAsync(cancellation)) return await FailAsync($"the {victim.Name} ended before it was ready", all, fleet);
            if (_killed % 10 == 0) Console.Error.WriteLine($"crash: {_killed} kills, {_transfers} transfers");
        }

        if (sender.ExitCode != 0) return await FailAsync($"the sender of {name} ended with exit code {sender.ExitCode}", all, fleet);
        await using (FileStream received = File.OpenRead(arrived))
        {
            byte[] found = await SHA256.HashDataAsync(received, cancellation);
            if (!hash.AsSpan().SequenceEqual(found)) return await FailAsync($"{name} arrived with other bytes", all, fleet);
        }

        _resumptions += sender.Resumptions;
        File.Delete(path);
        File.Delete(arrived);
        return true;
    }

    private static async Task<bool> EndsWithinAsync(NodeProcess process, int milliseconds, CancellationToken cancellation)
    {
        await Task.WhenAny(process.Ended, Task.Delay(milliseconds, cancellation));
        cancellation.ThrowIfCancellationRequested();
        return process.HasExited;
    }

    private async Task<byte[]> WriteFileAsync(string path, CancellationToken cancellation)
    {
        byte[] mebibyte = new byte[1024 * 1024];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using FileStream file = File.Create(path);
        for (int written = 0; written < plan.Mebibytes; written++)
        {
            _random.NextBytes(mebibyte);
            hash.AppendData(mebibyte);
            await file.WriteAsync(mebibyte, cancellation);
        }

        return hash.GetHashAndReset();
    }

    /// <summary>Says what failed, what the processes said, and how those that run see each other.</summary>
    private async Task<bool> FailAsync(string what, NodeProcess[] nodes, string fleet)
    {
        Console.Error.WriteLine($"crash: {what}");
        foreach (NodeProcess node in nodes) Console.Error.WriteLine(node.Words);
        foreach (NodeProcess node in _nodes)
        {
            using Process asked = Process.Start("dotnet", [plan.Tool, "status", "--state", Path.Combine(fleet, node.Name), "--json"]);
            await asked.WaitForExitAsync(CancellationToken.None);
        }

        return false;
    }

    /// <summary>Reads all journals: a number that stands there twice is a double acceptance or a repeated nonce.</summary>
    private bool Judge()
    {
        long twice = 0, nonces = 0, gap = 0;
        foreach (string name in plan.HasRelay ? ["sender", "receiver", "relay"] : new[] { "sender", "receiver" })
        {
            JournalFile journal = JournalFile.Read(Journal(name));
            long accepted = journal.Repeats('A'), opened = journal.Repeats('O'), sealedTwice = journal.Repeats('S');
            twice += accepted + opened;
            nonces += sealedTwice;
            gap = Math.Max(gap, Math.Max(journal.WidestGap('A'), journal.WidestGap('O')));
            Console.WriteLine(
                $"{name,-9} sealed {journal.Count('S')} in {journal.Streams('S')} streams ({sealedTwice} twice), accepted {journal.Count('A')} in "
                + $"{journal.Streams('A')} lanes ({accepted} twice), opened {journal.Count('O')} ({opened} twice)");
        }

        int resumptions = _resumptions + _nodes.Sum(static node => node.Resumptions);
        Console.WriteLine(
            $"{_killed} kills, {_transfers} transfers, {twice} double acceptances, {nonces} nonce repeats, widest gap {gap} of at most {GapMax}, "
            + $"{resumptions} sessions resumed, seed {plan.Seed}");
        if (plan.KeepsSessions && resumptions == 0) Console.WriteLine("no session was resumed: mode m1 was not tried");
        return twice == 0 && nonces == 0 && gap <= GapMax && (!plan.KeepsSessions || resumptions > 0);
    }
}
