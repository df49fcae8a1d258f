using System;
using System.Collections.Generic;
using FcpFast.Protocol.Replay;

namespace FcpFast.Protocol.Tests.Replay;

/// <summary>The window's rule a second time, in pieces that can each be got wrong, and the ways of getting them wrong.</summary>
/// <remarks>Source: [REPLAY §2.4], [REPLAY §8].</remarks>
internal static class WindowMutants
{
    /// <summary>Every mutant with the name of its fault; the first six are those that REPLAY §8 names.</summary>
    public static IReadOnlyList<(string Name, ReplayWindowModelTests.MakeWindow Make)> All { get; } =
    [
        ("no second check in commit", static (w, f) => new NoSecondCheck(w, f)),
        ("<= for < at the window edge", static (w, f) => new WideEdge(w, f)),
        ("window emptied on restart", static (w, _) => new Plain(w, 0)),
        ("ring one word short", static (w, f) => new Plain(w, f, ringWords: WordsFor(w) - 1)),
        ("clearing loop one word short on a jump", static (w, f) => new ShortClear(w, f)),
        ("H - n computed unsigned when n > H", static (w, f) => new UnsignedDistance(w, f)),
        ("zero is an ordinary number", static (w, f) => new ZeroAccepted(w, f)),
        ("the fence itself is let through", static (w, f) => new OpenFence(w, f)),
        ("the fence is forgotten once a number above it came", static (w, f) => new ForgottenFence(w, f)),
        ("n + W computed in 64 bits", static (w, f) => new WrappingSum(w, f)),
        ("the highest moves back", static (w, f) => new HighestFollows(w, f)),
        ("a jump clears nothing", static (w, f) => new NoClear(w, f)),
        ("a jump clears its first word, too", static (w, f) => new ClearsTooMuch(w, f)),
        ("the width is capped at 128", static (w, f) => new Plain(Math.Min(w, 128), f)),
        ("numbers are kept in 32 bits", static (w, f) => new Truncated(w, f)),
        ("check records what it sees", static (w, f) => new RecordingCheck(w, f)),
    ];

    private static int WordsFor(int width) => ((width + 63) / 64) + 1;

    /// <summary>The rule as it should be.</summary>
    internal class Plain(int width, ulong fence, int? ringWords = null) : ReplayWindowModelTests.IWindow
    {
        private readonly ulong[] _ring = new ulong[Math.Max(1, ringWords ?? WordsFor(width))];

        public ulong Highest { get; protected set; } = fence;

        protected ulong Width { get; } = (ulong)Math.Max(width, 1);

        protected virtual ulong Fence { get; } = fence;

        public virtual ReplayVerdict Check(ulong n)
        {
            if (IsZero(n)) return ReplayVerdict.Zero;
            if (IsBehindFence(n)) return ReplayVerdict.TooOld;
            if (IsAhead(n)) return ReplayVerdict.Fresh;
            if (IsLeft(n)) return ReplayVerdict.TooOld;
            return IsSet(n) ? ReplayVerdict.Duplicate : ReplayVerdict.Fresh;
        }

        public virtual ReplayVerdict Commit(ulong n)
        {
            ReplayVerdict verdict = Check(n);
            if (verdict == ReplayVerdict.Fresh) Record(n);
            return verdict;
        }

        protected virtual bool IsZero(ulong n) => n == 0;

        protected virtual bool IsBehindFence(ulong n) => n <= Fence;

        protected virtual bool IsAhead(ulong n) => n > Highest;

        protected virtual bool IsLeft(ulong n) => Highest - n >= Width;

        private bool IsSet(ulong n) => (Word(n) & 1ul << (int)(n % 64)) != 0;

        protected virtual void Record(ulong n)
        {
            if (n > Highest)
            {
                Clear(Highest / 64, n / 64);
                Highest = n;
            }

            Word(n) |= 1ul << (int)(n % 64);
        }

        protected virtual void Clear(ulong from, ulong to)
        {
            if (to - from >= (ulong)_ring.Length) Array.Clear(_ring);
            else ClearWords(from + 1, to);
        }

        protected void ClearWords(ulong first, ulong last)
        {
            for (ulong word = first; word <= last; word++) _ring[(int)(word % (ulong)_ring.Length)] = 0;
        }

        protected ref ulong Word(ulong n) => ref _ring[(int)(n / 64 % (ulong)_ring.Length)];
    }

    private sealed class NoSecondCheck(int width, ulong fence) : Plain(width, fence)
    {
        public override ReplayVerdict Commit(ulong n)
        {
            Record(n); // "it was checked before"
            return ReplayVerdict.Fresh;
        }
    }

    private sealed class WideEdge(int width, ulong fence) : Plain(width, fence)
    {
        protected override bool IsLeft(ulong n) => Highest - n > Width;
    }

    private sealed class ShortClear(int width, ulong fence) : Plain(width, fence)
    {
        protected override void Clear(ulong from, ulong to)
        {
            if (to > from + 1) base.Clear(from, to - 1);
        }
    }

    private sealed class UnsignedDistance(int width, ulong fence) : Plain(width, fence)
    {
        protected override bool IsAhead(ulong n) => false;

        protected override bool IsLeft(ulong n) => unchecked(Highest - n) >= Width;
    }

    private sealed class ZeroAccepted(int width, ulong fence) : Plain(width, fence)
    {
        protected override bool IsZero(ulong n) => false;

        protected override bool IsBehindFence(ulong n) => n < Fence;
    }

    private sealed class OpenFence(int width, ulong fence) : Plain(width, fence)
    {
        protected override bool IsBehindFence(ulong n) => n < Fence;
    }

    private sealed class ForgottenFence(int width, ulong fence) : Plain(width, fence)
    {
        protected override bool IsBehindFence(ulong n) => Highest == Fence && n <= Fence;
    }

    private sealed class WrappingSum(int width, ulong fence) : Plain(width, fence)
    {
        protected override bool IsLeft(ulong n) => unchecked(n + Width) <= Highest;
    }

    private sealed class HighestFollows(int width, ulong fence) : Plain(width, fence)
    {
        protected override void Record(ulong n)
        {
            base.Record(n);
            Highest = n;
        }
    }

    private sealed class NoClear(int width, ulong fence) : Plain(width, fence)
    {
        protected override void Clear(ulong from, ulong to)
        {
            // nothing: old bits stay where new numbers come to stand
        }
    }

    private sealed class ClearsTooMuch(int width, ulong fence) : Plain(width, fence)
    {
        protected override void Clear(ulong from, ulong to)
        {
            base.Clear(from, to);
            if (to > from) ClearWords(from, from);
        }
    }

    private sealed class Truncated(int width, ulong fence) : Plain(width, fence)
    {
        public override ReplayVerdict Check(ulong n) => base.Check(n & uint.MaxValue);

        public override ReplayVerdict Commit(ulong n) => base.Commit(n & uint.MaxValue);
    }

    private sealed class RecordingCheck(int width, ulong fence) : Plain(width, fence)
    {
        public override ReplayVerdict Check(ulong n)
        {
            ReplayVerdict verdict = base.Check(n);
            if (verdict == ReplayVerdict.Fresh) Record(n);
            return verdict;
        }

        public override ReplayVerdict Commit(ulong n) => ReplayVerdict.Fresh;
    }
}
