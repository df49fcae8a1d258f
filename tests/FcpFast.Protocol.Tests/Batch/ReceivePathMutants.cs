using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;

namespace FcpFast.Protocol.Tests.Batch;

/// <summary>The order of the receive path a second time, in steps that can each be got wrong, and the ways of getting them wrong.</summary>
/// <remarks>Source: [REPLAY §2.3], [REPLAY §2.9], [REPLAY §8].</remarks>
internal static class ReceivePathMutants
{
    /// <summary>Every mutant with the name of its fault; the first three are named by REPLAY §8.</summary>
    public static IReadOnlyList<(string Name, Func<ReceivePathModelTests.IPath> Make)> All { get; } =
    [
        ("commit before verify", static () => new CommitsFirst()),
        ("no second check in commit", static () => new NoSecondCheck()),
        ("content window committed before the AEAD", static () => new ContentFirst()),
        ("no second check of the content window", static () => new NoSecondContentCheck()),
        ("no content window", static () => new NoContentWindow()),
        ("the content window is committed with nothing opened", static () => new CommitsNothing()),
        ("places of a failed frame stay filled", static () => new KeepsPlaces()),
        ("a frame that may fail suppresses others of its slab", static () => new Suppresses()),
        ("a place that is filled is opened into again", static () => new OpensAgain()),
        ("a frame opens though one of its symbols failed", static () => new OpensInPart()),
    ];

    /// <summary>The path as it should be; a batch is checked, verified and committed as a whole, then opened.</summary>
    internal class Plain : ReceivePathModelTests.IPath
    {
        private readonly Dictionary<(int, ulong), ReplayWindow> _lanes = [];
        private readonly Dictionary<ulong, ReplayWindow> _content = [];

        protected HashSet<(int, uint)> Filled { get; } = [];

        public IReadOnlyCollection<(int Object, uint Esi)> Places => Filled;

        public ReceivePathModelTests.Outcome[] Receive(ReceivePathModelTests.Event[] batch)
        {
            bool[] passed = batch.Select(frame => Lane(frame).Check(Seq(frame)) == ReplayVerdict.Fresh).ToArray();
            bool[] accepted = new bool[batch.Length];
            for (int i = 0; i < batch.Length; i++) accepted[i] = passed[i] && Authenticate(batch[i]);
            bool[] fresh = batch.Select(frame => IsContentFresh(frame)).ToArray();
            var held = new HashSet<(int, uint)>();
            return batch.Select((frame, i) => accepted[i]
                ? Open(frame, fresh[i], held) ? ReceivePathModelTests.Outcome.Opened : ReceivePathModelTests.Outcome.Accepted
                : ReceivePathModelTests.Outcome.Refused).ToArray();
        }

        protected static FrameSeq Seq(ReceivePathModelTests.Event frame) => new(frame.Number);

        protected ReplayWindow Lane(ReceivePathModelTests.Event frame) => Find(_lanes, (frame.Session, frame.Instance));

        protected ReplayWindow Content(ReceivePathModelTests.Event frame) => Find(_content, frame.Instance);

        protected virtual bool Authenticate(ReceivePathModelTests.Event frame) =>
            frame.IsAuthentic && Lane(frame).Commit(Seq(frame)) == ReplayVerdict.Fresh;

        protected virtual bool IsContentFresh(ReceivePathModelTests.Event frame) => Content(frame).Check(Seq(frame)) == ReplayVerdict.Fresh;

        protected virtual bool CommitContent(ReceivePathModelTests.Event frame, bool wasFresh) => Content(frame).Commit(Seq(frame)) == ReplayVerdict.Fresh;

        protected virtual bool Open(ReceivePathModelTests.Event frame, bool wasFresh, HashSet<(int, uint)> held)
        {
            if (!IsContentFresh(frame)) return false;
            (int, uint)[] empty = Empty(frame, held).ToArray();
            if (empty.Length == 0 || Fails(frame, empty) || !CommitContent(frame, wasFresh)) return false;
            Filled.UnionWith(empty);
            return true;
        }

        protected virtual bool Fails(ReceivePathModelTests.Event frame, (int, uint)[] empty) => empty.Any(place => frame.Spoiled == place.Item2);

        protected virtual IEnumerable<(int, uint)> Empty(ReceivePathModelTests.Event frame, HashSet<(int, uint)> held) =>
            frame.Esis.Select(esi => (frame.Object, esi)).Where(place => !Filled.Contains(place));

        private static ReplayWindow Find<TKey>(Dictionary<TKey, ReplayWindow> windows, TKey key)
            where TKey : notnull
        {
            if (!windows.TryGetValue(key, out ReplayWindow? window)) windows[key] = window = new ReplayWindow(ReplayWindow.WidthFramesDefault);
            return window;
        }
    }

    private sealed class CommitsFirst : Plain
    {
        protected override bool Authenticate(ReceivePathModelTests.Event frame) =>
            Lane(frame).Commit(Seq(frame)) == ReplayVerdict.Fresh && frame.IsAuthentic;
    }

    private sealed class NoSecondCheck : Plain
    {
        protected override bool Authenticate(ReceivePathModelTests.Event frame)
        {
            if (frame.IsAuthentic) Lane(frame).Commit(Seq(frame));
            return frame.IsAuthentic; // "it was checked before"
        }
    }

    private sealed class ContentFirst : Plain
    {
        protected override bool Open(ReceivePathModelTests.Event frame, bool wasFresh, HashSet<(int, uint)> held)
        {
            (int, uint)[] empty = Empty(frame, held).ToArray();
            if (empty.Length == 0 || !CommitContent(frame, wasFresh) || Fails(frame, empty)) return false;
            Filled.UnionWith(empty);
            return true;
        }
    }

    private sealed class NoSecondContentCheck : Plain
    {
        protected override bool Open(ReceivePathModelTests.Event frame, bool wasFresh, HashSet<(int, uint)> held)
        {
            (int, uint)[] empty = Empty(frame, held).ToArray();
            if (!wasFresh || empty.Length == 0 || Fails(frame, empty)) return false; // judged before its slab was opened, and not again
            Content(frame).Commit(Seq(frame));
            Filled.UnionWith(empty);
            return true;
        }
    }

    private sealed class NoContentWindow : Plain
    {
        protected override bool IsContentFresh(ReceivePathModelTests.Event frame) => true;

        protected override bool CommitContent(ReceivePathModelTests.Event frame, bool wasFresh) => true;
    }

    private sealed class CommitsNothing : Plain
    {
        protected override bool Open(ReceivePathModelTests.Event frame, bool wasFresh, HashSet<(int, uint)> held)
        {
            bool isEmptyHanded = !Empty(frame, held).Any();
            bool opened = base.Open(frame, wasFresh, held);
            if (isEmptyHanded) Content(frame).Commit(Seq(frame));
            return opened;
        }
    }

    private sealed class KeepsPlaces : Plain
    {
        protected override bool Fails(ReceivePathModelTests.Event frame, (int, uint)[] empty)
        {
            bool fails = base.Fails(frame, empty);
            if (fails) Filled.UnionWith(empty.Where(place => place.Item2 != frame.Spoiled));
            return fails;
        }
    }

    private sealed class Suppresses : Plain
    {
        protected override IEnumerable<(int, uint)> Empty(ReceivePathModelTests.Event frame, HashSet<(int, uint)> held)
        {
            (int, uint)[] empty = base.Empty(frame, held).Where(place => !held.Contains(place)).ToArray();
            held.UnionWith(empty);
            return empty;
        }
    }

    private sealed class OpensAgain : Plain
    {
        protected override IEnumerable<(int, uint)> Empty(ReceivePathModelTests.Event frame, HashSet<(int, uint)> held) =>
            frame.Esis.Select(esi => (frame.Object, esi));
    }

    private sealed class OpensInPart : Plain
    {
        protected override bool Fails(ReceivePathModelTests.Event frame, (int, uint)[] empty) => empty.All(place => frame.Spoiled == place.Item2);
    }
}
