using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Replay;

namespace FcpFast.Protocol.Tests.Replay.Durable;

/// <summary>[REPLAY §8]: S1, S3, S7, S8 and L1 in every course of events of a small model: width 3, seven numbers, two crashes.</summary>
public sealed class SmallModelTests
{
    private const int StatesMax = 200_000;

    public static TheoryData<ulong> Origins => [1, 61, (1ul << 63) - 3, ulong.MaxValue - 6];

    [Theory]
    [MemberData(nameof(Origins))]
    public void EveryCourse_OfOneRelayedStream_KeepsTheProperties(ulong origin)
    {
        Explorer<Small> explorer = Explore(origin, StoreFault.None);
        Assert.Null(explorer.FirstFault(StatesMax));
        Assert.InRange(explorer.States, 500, StatesMax); // it has explored something
    }

    [Theory]
    [InlineData(nameof(StoreFault.AnswersBeforeTheFlush))] // delivery before the ceiling is durable
    [InlineData(nameof(StoreFault.RestartsEmpty))] // window emptied on restart
    [InlineData(nameof(StoreFault.BelievesAFailedFlush))] // failed flush retried and believed
    public void Mutant_OfTheSpecification_IsFoundInTheSmallModel(string fault) =>
        Assert.NotNull(Explore(1, Enum.Parse<StoreFault>(fault)).FirstFault(StatesMax));

    private static Explorer<Small> Explore(ulong origin, StoreFault fault)
    {
        List<(string, Func<Small, bool>)> actions = [];
        for (ulong i = 0; i < Small.Numbers; i++)
        {
            ulong n = origin + i;
            actions.Add(($"{n} arrives", small => small.Deliver(n)));
        }

        actions.Add(("flush", static small => small.Flush(fails: false)));
        actions.Add(("failed flush", static small => small.Flush(fails: true)));
        actions.Add(("crash, the cache is lost", static small => small.Crash(keeps: false)));
        actions.Add(("crash, the cache was written", static small => small.Crash(keeps: true)));
        return new Explorer<Small>(() => new Small(origin, fault), actions, static small => small.State, static small => small.Fault);
    }

    /// <summary>One relayed stream at a receiver that crashes twice at most; the relay brings each of seven numbers as often as it likes.</summary>
    private sealed class Small
    {
        public const ulong Numbers = 7;
        private const int CrashesMax = 2;

        private readonly DurableWorld _world;
        private readonly ulong _origin;
        private readonly ContentStreamId _stream;
        private readonly HashSet<ulong> _openedHere = [];
        private int _crashes;
        private string? _fault;

        public Small(ulong origin, StoreFault fault)
        {
            _origin = origin;
            _world = new DurableWorld(RelayedReplayRule.Ceilings, fault);
            _stream = _world.NewStream(isDirect: false);
        }

        public string? Fault => _fault ?? _world.Fault;

        public string State
        {
            get
            {
                IEnumerable<ulong> all = Enumerable.Range(0, (int)Numbers).Select(i => _origin + (ulong)i);
                string opened = string.Concat(all.Select(n => _world.WasOpened(_stream, isBody: false, n) ? '1' : '0'));
                string judged = string.Join(' ', all.Select(n => _world.Check(_stream, n)));
                return $"{opened} {judged} {_world.ModelOf(_stream)} {_crashes} {_world.Store.State}";
            }
        }

        /// <summary>S3 and L1: what the definition calls fresh is taken, or waits for a record that is on its way; nothing else is.</summary>
        public bool Deliver(ulong n)
        {
            (ulong highest, ulong fence) = _world.ModelOf(_stream);
            bool isFresh = n >= 1 && n > fence && (n > highest || (highest - n < DurableWorld.WidthFrames && !_openedHere.Contains(n)));
            FcpStatus status = _world.Deliver((_stream, false, n, _world.Epoch), isDirect: false);
            bool isWaiting = status == FcpStatus.ReplayNotDurable && _world.Store.Unflushed > 0;
            if (isFresh && status != FcpStatus.Accepted && !isWaiting) _fault = $"{n} is fresh and refused: {status} (L1)";
            if (!isFresh && (status is FcpStatus.Accepted or FcpStatus.ReplayNotDurable)) _fault = $"{n} is not fresh: {status} (S3)";
            if (status == FcpStatus.Accepted) _openedHere.Add(n);
            return true;
        }

        public bool Flush(bool fails)
        {
            if (_world.Store.Unflushed == 0) return false;
            _world.Flush(fails);
            return true;
        }

        public bool Crash(bool keeps)
        {
            if (_crashes == CrashesMax) return false;
            _crashes++;
            _openedHere.Clear();
            _world.Crash(() => keeps);
            return true;
        }
    }
}
