using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Session;
using FcpFast.Simulation.Links;
using FcpFast.Simulation.Nodes;
using FcpFast.Simulation.Storage;

namespace FcpFast.Simulation.Tests.Support;

/// <summary>A small course of events that follows from a seed: two nodes, some files, bad paths, and accidents.</summary>
internal sealed class Scenario : IDisposable
{
    private readonly WorldRandom _random;
    private readonly Duo _duo;
    private readonly List<Shipment> _shipments = [];
    private readonly List<string> _script = [];
    private bool _hasCrashed;

    public Scenario(ulong seed)
    {
        _random = new WorldRandom(seed, "scenario");
        int datagramBytes = _random.Next(0, 2) switch { 0 => 1200, 1 => _random.Next(576, 1500), _ => 8000 };
        _duo = new Duo(seed, plan => Plan(plan, datagramBytes), plan => Plan(plan, datagramBytes), _random.Chance(0.5) ? AeadAlgorithm.ChaCha20Poly1305 : AeadAlgorithm.XChaCha20Poly1305);
        _duo.World.Mesh.Latency = TimeSpan.FromMicroseconds(_random.Next(50, 40_000));
        foreach (Link link in new[] { _duo.AliceToBob, _duo.BobToAlice }) Spoil(link);
        Note($"latency {_duo.World.Mesh.Latency.TotalMilliseconds} ms, datagrams of {datagramBytes} bytes");
    }

    /// <summary>Lets everything happen, and holds the outcome against what was sent.</summary>
    public void Run()
    {
        _duo.Start();
        for (int files = _random.Next(1, 3), i = 0; i < files; i++) Send($"file {i}");
        for (int accidents = _random.Next(0, 4); accidents > 0; accidents--)
        {
            _duo.World.RunFor(TimeSpan.FromMilliseconds(_random.Next(0, 400)));
            Suffer();
        }

        _duo.WaitFor(() => _shipments.All(static one => one.File.State == OutgoingFileState.Completed), $"all files are sent\n{string.Join('\n', _script)}", TimeSpan.FromMinutes(5));
        foreach (Shipment one in _shipments) HoldsArrived(one);
        _duo.HoldsNoRepeats();
        _duo.World.RunFor(TimeSpan.FromSeconds(5));
        Require(_duo.Alice.Core.AssemblyBytes + _duo.Bob.Core.AssemblyBytes == 0, "no memory is held when nothing is under way");
        long events = _duo.World.EventCount;
        _duo.World.RunFor(TimeSpan.FromSeconds(60));
        Require(_duo.World.EventCount - events < 3000, $"nothing happens when there is nothing to do ({_duo.World.EventCount - events} events in a minute)");
    }

    public void Dispose() => _duo.Dispose();

    private NodePlan Plan(NodePlan plan, int datagramBytes)
    {
        int chunkBytes = 1024 << _random.Next(2, 6);
        return plan with
        {
            Coalesces = _random.Chance(0.5),
            SegmentsMax = _random.Next(1, 64),
            Source = new SourceOptions(chunkBytes * Math.Max(65_536 / chunkBytes, _random.Next(1, 16)), chunkBytes, _random.Next(1, 5)),
            Options = plan.Options with
            {
                DatagramBytesMax = datagramBytes,
                WindowFrames = _random.Chance(0.5) ? 8128 : _random.Next(64, 1024),
                AssemblyBytes = 1024 * 1024 * _random.Next(1, 4),
                CreditBytesMax = 64 * 1024 * _random.Next(1, 32),
                Suites = new SuiteList(_random.Chance(0.5) ? [MacSuite.Blake3, MacSuite.HmacSha256] : [MacSuite.HmacSha256]),
            },
        };
    }

    private void Spoil(Link link)
    {
        if (_random.Chance(0.3)) return;
        double drop = _random.Next(30) / 100.0, copy = _random.Next(30) / 100.0, overtake = _random.Next(20) / 100.0, corrupt = _random.Next(5) / 100.0;
        int positions = _random.Next(1, 1000);
        link.Add(Rules.Drop(drop), Rules.Duplicate(copy), Rules.Reorder(overtake, positions), Rules.Corrupt(corrupt));
        Note($"{link.Name}: loses {drop}, doubles {copy}, lets {overtake} be overtaken by {positions}, corrupts {corrupt}");
    }

    private void Send(string name)
    {
        bool isFromAlice = _random.Chance(0.6);
        (SimulatedNode from, SimulatedNode to) = isFromAlice ? (_duo.Alice, _duo.Bob) : (_duo.Bob, _duo.Alice);
        byte[] content = _random.Bytes(_random.Chance(0.1) ? 0 : _random.Next(1, 150_000));
        var shipment = new Shipment(name, content, from, to, (ulong)_shipments.Count + 1);
        _shipments.Add(shipment);
        shipment.Send();
        Note($"{from.Name} sends {name}, {content.Length} bytes");
    }

    private void Suffer()
    {
        SimulatedNode victim = _random.Chance(0.5) ? _duo.Alice : _duo.Bob;
        TimeSpan pause = TimeSpan.FromMilliseconds(_random.Next(0, 20_000));
        switch (_random.Next(5))
        {
            case 0:
                Note($"{victim.Name} crashes for {pause}");
                _hasCrashed = true;
                victim.Crash();
                _duo.World.RunFor(pause);
                victim.Start();
                foreach (Shipment one in _shipments.Where(one => one.From == victim && one.File.State == OutgoingFileState.Sending)) one.Send();
                break;
            case 1:
                Note("connections break");
                _duo.World.Mesh.Break(_duo.Alice, _duo.Bob);
                break;
            case 2:
                Note($"everything is cut for {pause}");
                _duo.World.Mesh.Part(_duo.Alice, _duo.Bob);
                _duo.World.RunFor(pause);
                _duo.World.Mesh.Heal(_duo.Alice, _duo.Bob);
                break;
            case 3:
                Note($"{victim.Name} sends no datagrams for {pause}");
                Link link = victim == _duo.Alice ? _duo.AliceToBob : _duo.BobToAlice;
                link.IsCut = true;
                _duo.World.RunFor(pause);
                link.IsCut = false;
                break;
            default:
                int seconds = _random.Next(-50, 50);
                Note($"{victim.Name}'s clock is set by {seconds} s");
                victim.Clock.Step(TimeSpan.FromSeconds(seconds));
                break;
        }
    }

    private void HoldsArrived(Shipment one)
    {
        string[] names = [.. one.To.Disk.Files.Keys.Where(name => name == one.Name || name.StartsWith(one.Name + "~", StringComparison.Ordinal))];
        Require(names.Length == 1 || (names.Length > 1 && _hasCrashed), $"{one.Name} arrived once, and not {names.Length} times");
        foreach (string name in names) Require(one.To.Disk.Files[name].AsSpan().SequenceEqual(one.Content), $"{name} arrived as it was sent");
    }

    private void Note(string what) => _script.Add($"{_duo.World.NowTicks / 10_000.0} ms: {what}");

    private void Require(bool holds, string what)
    {
        if (!holds) Assert.Fail($"does not hold: {what}\n{string.Join('\n', _script)}\n{_duo.Describe()}\n{_duo.World.Trace.Tail()}");
    }

    /// <summary>A file on its way, which its sender sends again after a restart.</summary>
    private sealed record Shipment(string Name, byte[] Content, SimulatedNode From, SimulatedNode To, ulong Modified)
    {
        public OutgoingFile File { get; private set; } = null!;

        public void Send() => File = From.Send(Name, Content, To.Member, modified: Modified);
    }
}
