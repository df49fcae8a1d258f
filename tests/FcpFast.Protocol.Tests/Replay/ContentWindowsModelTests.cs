using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Tests.Oracles;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Replay;

/// <summary>[REPLAY §8]: S1, S5 and L1 of the content windows against the set model, and the mutants that the same test must tell apart.</summary>
public sealed class ContentWindowsModelTests
{
    internal const int WidthFrames = 64;

    private const int Steps = 3_000;
    private const int Sources = 3;
    private const int InstancesOfASource = 300; // more than the 256 that are kept

    public static TheoryData<string> Mutants => [.. ContentMutants.All.Select(static mutant => mutant.Name)];

    /// <summary>What the comparison drives: the windows, or a mutant of their rules.</summary>
    internal interface IContent
    {
        int Count { get; }

        int TombstoneCount { get; }

        FcpStatus Prepare(ContentStreamId id, ref object? stream);

        FcpStatus Commit(object stream, bool isBody, ulong n, long now);

        void Forget(ZoneIdHash zone, ZoneKeyId key);
    }

    [Fact]
    public void Windows_RandomFramesOfTwoPaths_EqualTheModel() => Seeded.Run(
        (int)Math.Max(4, Seeded.ModelOperations / 40 / Steps), static random => Assert.Null(FirstDifference(random, static () => new Product())));

    [Fact]
    public void Reimplementation_OfTheTest_IsRightBeforeItIsMutated() =>
        Seeded.Run(3, static random => Assert.Null(FirstDifference(random, static () => new ContentMutants.Plain())));

    [Theory]
    [MemberData(nameof(Mutants))]
    public void Mutant_OfTheWindowsRules_IsKilledByTheModelTest(string name)
    {
        Func<IContent> make = ContentMutants.All.Single(mutant => mutant.Name == name).Make;
        bool killed = Enumerable.Range(1, 4).Any(seed => FirstDifference(new Random(seed), make) is not null);
        Assert.True(killed, $"the model test does not notice the mutant '{name}'");
    }

    /// <summary>Random frames over two paths, each of which finds a stream once and goes on using what it found; the first difference, or null.</summary>
    internal static string? FirstDifference(Random random, Func<IContent> make)
    {
        IContent content = make();
        var model = new Model();
        var found = new Dictionary<ContentStreamId, object?>[] { new(), new() };
        HashSet<(ContentStreamId, bool, ulong)> openedEver = [];
        int zoneOfMany = random.Next(2);
        for (int step = 1; step <= Steps; step++)
        {
            if (random.Next(1000) == 0)
            {
                (ZoneIdHash zone, ZoneKeyId key) = (Zone(random.Next(2)), Key(random.Next(2)));
                content.Forget(zone, key);
                model.Forget(zone, key);
                openedEver.RemoveWhere(opened => opened.Item1.Zone == zone && opened.Item1.ZoneKeyId == key); // nothing of it opens any more
                foreach (Dictionary<ContentStreamId, object?> path in found)
                {
                    foreach (ContentStreamId gone in path.Keys.Where(id => id.Zone == zone && id.ZoneKeyId == key).ToArray()) path.Remove(gone);
                }
            }

            bool isMany = random.Next(4) > 0; // most frames are of one source with many streams
            var id = new ContentStreamId(
                Zone(isMany ? zoneOfMany : random.Next(2)), Key(isMany ? 0 : random.Next(2)), Source(isMany ? 0 : random.Next(Sources)),
                new SenderInstanceId((ulong)random.Next(isMany ? InstancesOfASource : 4)));
            Dictionary<ContentStreamId, object?> by = found[random.Next(2)];
            object? stream = by.GetValueOrDefault(id);
            if (stream is null || random.Next(4) > 0) // a frame of a stream that its lane knows is not looked up again
            {
                FcpStatus prepared = content.Prepare(id, ref stream), expected = model.Prepare(id);
                if (prepared != expected) return $"step {step}: prepared {id} with {prepared}, the model says {expected}";
                if (prepared != FcpStatus.Accepted) continue;
                by[id] = stream;
            }

            if (random.Next(8) == 0) continue; // its seal failed: nothing may have changed
            bool isBody = random.Next(4) == 0;
            ulong n = BiasedNumbers.Next(random, model.Highest(id, isBody), isBody ? ContentWindows.BodyWidthFrames : WidthFrames, default);
            FcpStatus judged = model.Commit(id, isBody, n, step), status = content.Commit(stream!, isBody, n, step);
            if (status != judged) return $"step {step}: commit of {id} {n} is {status}, the model says {judged}";
            if (status == FcpStatus.Accepted && !openedEver.Add((id, isBody, n))) return $"step {step}: {id} {n} was opened twice";
            if (content.Count != model.Count) return $"step {step}: {content.Count} streams, the model has {model.Count}";
            if (content.TombstoneCount != model.TombstoneCount) return $"step {step}: {content.TombstoneCount} tombstones, not {model.TombstoneCount}";
        }

        return null;
    }

    private static ZoneIdHash Zone(int number) => new(new Bytes32((ulong)number, 0, 0, 0));

    private static ZoneKeyId Key(int number) => new(new Bytes8((ulong)number));

    private static NodeId Source(int number)
    {
        NodeId.Parse($"source-{number}", out NodeId source);
        return source;
    }

    /// <summary>[REPLAY §2.9] with sets: a window a stream, 256 streams a source and zone key, the longest idle becomes a tombstone.</summary>
    private sealed class Model
    {
        private readonly Dictionary<ContentStreamId, (ReplayModel Symbols, ReplayModel Bodies, long UsedAt)> _streams = [];
        private readonly HashSet<ContentStreamId> _tombstones = [];

        public int Count => _streams.Count;

        public int TombstoneCount => _tombstones.Count;

        public FcpStatus Prepare(ContentStreamId id) => _tombstones.Contains(id) ? FcpStatus.ReplayRetired : FcpStatus.Accepted;

        public ulong Highest(ContentStreamId id, bool isBody) =>
            _streams.TryGetValue(id, out (ReplayModel Symbols, ReplayModel Bodies, long) stream) ? (isBody ? stream.Bodies : stream.Symbols).Highest : 0;

        public FcpStatus Commit(ContentStreamId id, bool isBody, ulong n, long step)
        {
            if (!_streams.TryGetValue(id, out (ReplayModel Symbols, ReplayModel Bodies, long) stream))
            {
                if (_tombstones.Contains(id)) return FcpStatus.ReplayRetired;
                stream = (new ReplayModel(WidthFrames), new ReplayModel(ContentWindows.BodyWidthFrames), 0);
            }

            FcpStatus status = ReplayRules.Refusal((isBody ? stream.Bodies : stream.Symbols).Commit(n));
            if (status != FcpStatus.Accepted) return status;
            if (!_streams.ContainsKey(id)) MakeRoom(id);
            _streams[id] = (stream.Symbols, stream.Bodies, step);
            return status;
        }

        public void Forget(ZoneIdHash zone, ZoneKeyId key)
        {
            foreach (ContentStreamId id in _streams.Keys.Where(id => id.Zone == zone && id.ZoneKeyId == key).ToArray()) _streams.Remove(id);
            _tombstones.RemoveWhere(id => id.Zone == zone && id.ZoneKeyId == key);
        }

        private void MakeRoom(ContentStreamId id)
        {
            KeyValuePair<ContentStreamId, (ReplayModel, ReplayModel, long UsedAt)>[] own =
                _streams.Where(pair => pair.Key with { Instance = id.Instance } == id).ToArray();
            if (own.Length < 256) return;
            ContentStreamId idle = own.MinBy(static pair => pair.Value.UsedAt).Key;
            _streams.Remove(idle);
            _tombstones.Add(idle);
        }
    }

    internal sealed class Product : IContent
    {
        private readonly ContentWindows _windows = new(WidthFrames);

        public int Count => _windows.Count;

        public int TombstoneCount => _windows.TombstoneCount;

        public FcpStatus Prepare(ContentStreamId id, ref object? stream)
        {
            var typed = (ContentStream?)stream;
            FcpStatus status = _windows.Prepare(id, ref typed);
            stream = typed;
            return status;
        }

        public FcpStatus Commit(object stream, bool isBody, ulong n, long now) => isBody
            ? _windows.CommitBody((ContentStream)stream, new ContentFrame(new FrameSeq(n), default, IsDirect: false), new Instant(now, 0))
            : _windows.CommitSymbols((ContentStream)stream, new ContentFrame(new FrameSeq(n), default, IsDirect: false), new Instant(now, 0));

        public void Forget(ZoneIdHash zone, ZoneKeyId key) => _windows.Forget(zone, key);
    }
}
