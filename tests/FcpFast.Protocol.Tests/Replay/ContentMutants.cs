using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;

namespace FcpFast.Protocol.Tests.Replay;

/// <summary>The rules of content windows a second time, in pieces that can each be got wrong, and the ways of getting them wrong.</summary>
/// <remarks>Source: [REPLAY §2.9], [REPLAY §8].</remarks>
internal static class ContentMutants
{
    /// <summary>Every mutant with the name of its fault. That a window is committed before the AEAD is a fault of the path around it.</summary>
    public static IReadOnlyList<(string Name, Func<ContentWindowsModelTests.IContent> Make)> All { get; } =
    [
        ("window evicted without tombstone", static () => new NoTombstone()),
        ("no second check in commit", static () => new NoSecondCheck()),
        ("the longest known stream makes room, not the longest idle", static () => new RetiresOldest()),
        ("room is made among the streams of all sources", static () => new AnySource()),
        ("one stream too many", static () => new OneTooMany()),
        ("no more streams at the bound", static () => new NoRoomAtBound()),
        ("a prepared stream is kept at once", static () => new KeepsPrepared()),
        ("two paths have two windows", static () => new TwoWindows()),
        ("the second path that prepared a stream is refused for ever", static () => new SecondPathRefused()),
        ("symbols and bodies share a window", static () => new SharedWindow()),
        ("instances of two sources share a window", static () => new SourceIgnored()),
        ("a key id of another zone forgets windows", static () => new ForgetsByKeyAlone()),
        ("tombstones outlive their key", static () => new KeepsTombstones()),
    ];

    /// <summary>The rules as they should be.</summary>
    internal class Plain : ContentWindowsModelTests.IContent
    {
        protected Dictionary<ContentStreamId, Stream> Kept { get; } = [];

        protected HashSet<ContentStreamId> Tombstones { get; } = [];

        public int Count => Kept.Count;

        public int TombstoneCount => Tombstones.Count;

        public virtual FcpStatus Prepare(ContentStreamId id, ref object? stream)
        {
            id = Key(id);
            if (Kept.TryGetValue(id, out Stream? kept))
            {
                stream = kept;
                return FcpStatus.Accepted;
            }

            if (Tombstones.Contains(id)) return FcpStatus.ReplayRetired;
            if (IsFull(id) && !MayMakeRoom) return FcpStatus.ReplayLaneLimit;
            stream ??= new Stream(id);
            return FcpStatus.Accepted;
        }

        public virtual FcpStatus Commit(object stream, bool isBody, ulong n, long now)
        {
            Stream counted = Counted((Stream)stream);
            if (!Kept.ContainsKey(counted.Id) && Tombstones.Contains(counted.Id)) return FcpStatus.ReplayRetired;
            ReplayWindow window = Window(counted, isBody);
            ReplayVerdict verdict = window.Check(new FrameSeq(n));
            if (verdict != ReplayVerdict.Fresh && ChecksAgain) return ReplayRules.Refusal(verdict);
            Keep(counted);
            counted.UsedTicks = now;
            window.Commit(new FrameSeq(n));
            return FcpStatus.Accepted;
        }

        public virtual void Forget(ZoneIdHash zone, ZoneKeyId key)
        {
            foreach (ContentStreamId id in Kept.Keys.Where(id => id.Zone == zone && id.ZoneKeyId == key).ToArray()) Kept.Remove(id);
            Tombstones.RemoveWhere(id => id.Zone == zone && id.ZoneKeyId == key);
        }

        protected virtual bool ChecksAgain => true;

        protected virtual bool MayMakeRoom => true;

        protected virtual int Bound => ReplayRules.ContentWindowsPerSourceMax;

        protected virtual ContentStreamId Key(ContentStreamId id) => id;

        protected virtual Stream Counted(Stream stream) => Kept.GetValueOrDefault(stream.Id, stream);

        protected virtual ReplayWindow Window(Stream stream, bool isBody) => isBody ? stream.Bodies : stream.Symbols;

        protected virtual IEnumerable<Stream> Rivals(ContentStreamId id) =>
            Kept.Values.Where(stream => stream.Id with { Instance = id.Instance } == id);

        protected virtual Stream Retiring(IEnumerable<Stream> rivals) => rivals.MinBy(static stream => stream.UsedTicks)!;

        protected virtual void Retire(Stream stream)
        {
            Kept.Remove(stream.Id);
            Tombstones.Add(stream.Id);
        }

        private bool IsFull(ContentStreamId id) => Rivals(id).Count() >= Bound;

        private void Keep(Stream stream)
        {
            if (Kept.TryGetValue(stream.Id, out Stream? kept) && kept == stream) return;
            if (IsFull(stream.Id)) Retire(Retiring(Rivals(stream.Id)));
            Kept[stream.Id] = stream;
        }

        internal sealed class Stream(ContentStreamId id)
        {
            public ContentStreamId Id { get; } = id;

            public ReplayWindow Symbols { get; } = new(ContentWindowsModelTests.WidthFrames);

            public ReplayWindow Bodies { get; } = new(ContentWindows.BodyWidthFrames);

            public long UsedTicks { get; set; }
        }
    }

    private sealed class NoTombstone : Plain
    {
        protected override void Retire(Stream stream) => Kept.Remove(stream.Id);
    }

    private sealed class NoSecondCheck : Plain
    {
        protected override bool ChecksAgain => false;
    }

    private sealed class RetiresOldest : Plain
    {
        protected override Stream Retiring(IEnumerable<Stream> rivals) => rivals.First();
    }

    private sealed class AnySource : Plain
    {
        protected override IEnumerable<Stream> Rivals(ContentStreamId id) => Kept.Values;
    }

    private sealed class OneTooMany : Plain
    {
        protected override int Bound => base.Bound + 1;
    }

    private sealed class NoRoomAtBound : Plain
    {
        protected override bool MayMakeRoom => false;
    }

    private sealed class KeepsPrepared : Plain
    {
        public override FcpStatus Prepare(ContentStreamId id, ref object? stream)
        {
            FcpStatus status = base.Prepare(id, ref stream);
            if (status == FcpStatus.Accepted) Kept.TryAdd(id, (Stream)stream!);
            return status;
        }
    }

    private sealed class TwoWindows : Plain
    {
        protected override Stream Counted(Stream stream) => stream;
    }

    private sealed class SecondPathRefused : Plain
    {
        public override FcpStatus Commit(object stream, bool isBody, ulong n, long now) =>
            Kept.TryGetValue(((Stream)stream).Id, out Stream? kept) && kept != stream ? FcpStatus.ReplayDuplicate : base.Commit(stream, isBody, n, now);
    }

    private sealed class SharedWindow : Plain
    {
        protected override ReplayWindow Window(Stream stream, bool isBody) => stream.Bodies;
    }

    private sealed class SourceIgnored : Plain
    {
        protected override ContentStreamId Key(ContentStreamId id) => id with { Source = default };
    }

    private sealed class ForgetsByKeyAlone : Plain
    {
        public override void Forget(ZoneIdHash zone, ZoneKeyId key)
        {
            foreach (ZoneIdHash any in Kept.Keys.Concat(Tombstones).Select(static id => id.Zone).ToHashSet()) base.Forget(any, key);
        }
    }

    private sealed class KeepsTombstones : Plain
    {
        public override void Forget(ZoneIdHash zone, ZoneKeyId key)
        {
            ContentStreamId[] tombstones = [.. Tombstones];
            base.Forget(zone, key);
            Tombstones.UnionWith(tombstones);
        }
    }
}
