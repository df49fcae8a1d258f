using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Tests.Oracles;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Batch;

/// <summary>
/// [REPLAY §8]: S1 and S2 of the whole receive path over two relays. A slab gives what its frames give one at a time, in their order; the mutants
/// are orders of the steps that the same test must tell apart from the right one.
/// </summary>
public sealed class ReceivePathModelTests
{
    private const int Objects = 6;
    private const int PlacesOfAnObject = 4;
    private const int Steps = 150;

    public static TheoryData<string> Mutants => [.. ReceivePathMutants.All.Select(static mutant => mutant.Name)];

    internal enum Outcome
    {
        Refused,
        Accepted,
        Opened,
    }

    /// <summary>What the comparison drives.</summary>
    internal interface IPath
    {
        IReadOnlyCollection<(int Object, uint Esi)> Places { get; }

        Outcome[] Receive(Event[] batch);
    }

    [Fact]
    public void Path_RandomSlabsOfHonestAndForgedFrames_EqualsTheModel() => Seeded.Run(
        (int)Math.Max(8, Seeded.ModelOperations / 100 / Steps / 4), static random => Assert.Null(FirstDifference(random, new Product())));

    [Fact]
    public void Reimplementation_OfTheTest_IsRightBeforeItIsMutated() =>
        Seeded.Run(20, static random => Assert.Null(FirstDifference(random, new ReceivePathMutants.Plain())));

    [Theory]
    [MemberData(nameof(Mutants))]
    public void Mutant_OfThePathsOrder_IsKilledByTheModelTest(string name)
    {
        Func<IPath> make = ReceivePathMutants.All.Single(mutant => mutant.Name == name).Make;
        bool killed = Enumerable.Range(1, 20).Any(seed => FirstDifference(new Random(seed), make()) is not null);
        Assert.True(killed, $"the model test does not notice the mutant '{name}'");
    }

    [Fact]
    public void Mutants_OfTheSpecification_AreAllThere()
    {
        // REPLAY §8 as far as it concerns the path's order; those of windows, lanes and the handshake table have tests of their own, and those of
        // durable state belong to the rooms that store it.
        string[] named = ["commit before verify", "no second check in commit", "content window committed before the AEAD"];
        Assert.Empty(named.Except(ReceivePathMutants.All.Select(static mutant => mutant.Name)));
    }

    internal static string? FirstDifference(Random random, IPath path)
    {
        var model = new Model();
        ulong newest = 1;
        for (int step = 0; step < Steps; step++)
        {
            Event[] batch = new Event[random.Next(1, 9)];
            for (int i = 0; i < batch.Length; i++) batch[i] = Next(random, ref newest);
            Outcome[] expected = batch.Select(model.Receive).ToArray();
            Outcome[] found = path.Receive(batch);
            if (!found.SequenceEqual(expected)) return $"step {step}: {string.Join("; ", batch)} gave {string.Join(' ', found)}, not {string.Join(' ', expected)}";
            if (!path.Places.ToHashSet().SetEquals(model.Places)) return $"step {step}: after {string.Join("; ", batch)} other places are filled";
        }

        return null;
    }

    /// <summary>What an honest source has sealed under a number is always the same; what a relay makes of it may be anything.</summary>
    private static Event Next(Random random, ref ulong newest)
    {
        ulong instance = (ulong)random.Next(2);
        newest += (ulong)random.Next(2);
        ulong number = random.Next(12) switch
        {
            0 => newest + 8_128 + (ulong)random.Next(2), // far ahead: a window that moved for it loses the rest
            1 => newest + (ulong)random.Next(100),
            _ => newest > 6 ? newest - (ulong)random.Next(6) : newest,
        };
        var content = new Random((int)((number * 2) + instance)); // whatever its source has sealed under this number
        int count = content.Next(1, 3);
        uint first = (uint)content.Next(PlacesOfAnObject);
        uint[] esis = Enumerable.Range(0, count).Select(i => (first + (uint)i) % PlacesOfAnObject).ToArray();
        uint? spoiled = random.Next(3) == 0 ? esis[random.Next(count)] : null;
        return new Event(random.Next(2), instance, number, random.Next(4) > 0, content.Next(Objects), esis, spoiled);
    }

    /// <summary>A frame as it arrives.</summary>
    internal sealed record Event(int Session, ulong Instance, ulong Number, bool IsAuthentic, int Object, uint[] Esis, uint? Spoiled)
    {
        public override string ToString() => $"{Session}/{Instance}/{Number}{(IsAuthentic ? "" : " forged")} {Object}:{string.Join(',', Esis)} spoiled {Spoiled}";
    }

    /// <summary>One frame at a time, with sets: REPLAY §2.3 and §2.9 read aloud.</summary>
    private sealed class Model
    {
        private readonly Dictionary<(int, ulong), ReplayModel> _lanes = [];
        private readonly Dictionary<ulong, ReplayModel> _content = [];

        public HashSet<(int, uint)> Places { get; } = [];

        public Outcome Receive(Event frame)
        {
            ReplayModel lane = _lanes.TryGetValue((frame.Session, frame.Instance), out ReplayModel? known) ? known : new ReplayModel(8_128);
            if (lane.Judge(frame.Number) != ReplayVerdict.Fresh || !frame.IsAuthentic) return Outcome.Refused;
            lane.Commit(frame.Number);
            _lanes[(frame.Session, frame.Instance)] = lane;
            ReplayModel content = _content.TryGetValue(frame.Instance, out ReplayModel? opened) ? opened : new ReplayModel(8_128);
            (int, uint)[] empty = frame.Esis.Select(esi => (frame.Object, esi)).Where(place => !Places.Contains(place)).ToArray();
            bool opens = content.Judge(frame.Number) == ReplayVerdict.Fresh && empty.Length > 0 && empty.All(place => place.Item2 != frame.Spoiled);
            if (!opens) return Outcome.Accepted;
            content.Commit(frame.Number);
            _content[frame.Instance] = content;
            Places.UnionWith(empty);
            return Outcome.Opened;
        }
    }

    /// <summary>The product's path, over datagrams with real MACs and seals.</summary>
    internal sealed class Product : IPath
    {
        private static readonly NodeId Alice = TestNodes.Node("alice"), Bob = TestNodes.Node("bob");

        private readonly ReceivingNode _receiver;
        private readonly PeerSession[] _relays;
        private readonly ZoneEntry _zone;
        private readonly TestSink.TestObject[] _objects;

        public Product()
        {
            var crypto = new RealCrypto();
            _zone = TestNodes.Zone(crypto.Provider, "z:work", 1, [Alice, Bob]);
            _receiver = new ReceivingNode(crypto) { SourceOfRelayed = static _ => Alice };
            _receiver.Zones.Set(_zone);
            _relays = new[] { "carol", "dave" }.Select(name =>
            {
                (PeerSession theirs, PeerSession ours) = TestNodes.Sessions(crypto.Provider, TestNodes.Node(name), Bob);
                _receiver.Relays.Add(theirs.Peer);
                _receiver.Relays.Add(ours.Peer);
                _receiver.Sessions.TryAdd(ours);
                return theirs;
            }).ToArray();
            _objects = Enumerable.Range(0, Objects).Select(i => _receiver.Sink.Announce(_zone.Ring.ZoneHash, Alice, Named(i), PlacesOfAnObject)).ToArray();
        }

        public IReadOnlyCollection<(int Object, uint Esi)> Places =>
        [
            .. from i in Enumerable.Range(0, Objects)
               from esi in Enumerable.Range(0, PlacesOfAnObject)
               where _objects[i].Places[esi] == TestSink.PlaceState.Filled
               select (i, (uint)esi),
        ];

        public Outcome[] Receive(Event[] batch)
        {
            bool[] verified = new bool[batch.Length];
            int seen = 0;
            _receiver.BetweenHalves = slots =>
            {
                foreach (Protocol.Batch.FrameSlot slot in slots) verified[seen++] = slot.Status == FcpStatus.Accepted;
            };
            var opened = new List<bool>();
            for (int i = 0; i < batch.Length;) // frames of one size lie side by side
            {
                int end = i + 1;
                while (end < batch.Length && batch[end].Esis.Length == batch[i].Esis.Length) end++;
                _receiver.Receive(batch[i..end].Select(Draft).ToArray());
                opened.AddRange(_receiver.Slots.Select(static slot => slot.IsOpened));
                i = end;
            }

            return batch.Select((_, i) => opened[i] ? Outcome.Opened : verified[i] ? Outcome.Accepted : Outcome.Refused).ToArray();
        }

        private static ObjectId Named(int number) => new(new Bytes32((ulong)number, 5, 5, 5));

        private FrameDraft Draft(Event frame) => new()
        {
            Session = _relays[frame.Session],
            Zone = _zone,
            Source = Alice,
            Instance = frame.Instance,
            Seq = frame.Number,
            Object = Named(frame.Object),
            K = PlacesOfAnObject,
            Esis = frame.Esis,
            IsForged = !frame.IsAuthentic,
            Spoiled = frame.Spoiled is { } esi ? [Array.IndexOf(frame.Esis, esi)] : [],
        };
    }
}
