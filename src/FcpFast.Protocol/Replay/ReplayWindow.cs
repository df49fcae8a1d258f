using System;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Replay;

/// <summary>The set of accepted sequence numbers of one stream, as far back as it can still be judged.</summary>
/// <remarks>
/// Shape:   a ring of 2^k words; bit <c>n mod 64</c> of word <c>(n / 64) mod 2^k</c> stands for <c>n</c>. One word is spare, so that a jump
///          clears whole words only. The ring begins with 8 words, enough for a stream of little traffic, and takes its full size before it would
///          drop a number that can still be judged. Invariant: for every n in (Highest - WidthFrames, Highest] above the fence, n was committed
///          iff its word is one of the 2^k up to that of Highest and its bit is set.
/// Units:   numbers count frames, from 1; the width is in numbers.
/// Errors:  verdicts, never exceptions; the result equals that on unbounded integers for every 64-bit number.
/// Threads: one user at a time; not synchronised.
/// Cost:    O(1) amortised, at most 2^k word writes for any jump; one allocation after construction, when numbers first span more than 448.
/// Source:  [REPLAY §2.1] to [REPLAY §2.4], [REPLAY §2.6], [RFC 6479].
/// </remarks>
public sealed class ReplayWindow
{
    /// <summary>The width unless configured otherwise (D2).</summary>
    public const int WidthFramesDefault = 8_128;

    /// <summary>The narrowest width that configuration may choose for a lane.</summary>
    public const int WidthFramesMin = 64;

    /// <summary>The widest one.</summary>
    public const int WidthFramesMax = 65_472;

    private const int BitsPerWord = 64;
    private const int StartWordsMax = 8;

    private readonly ulong _width;
    private readonly ulong _fence;
    private ulong[] _ring;
    private int _ringMask;
    private ulong _reach; // what lies fewer numbers below Highest is within the width, and in the ring
    private ulong _highest;

    /// <summary>Makes an empty window.</summary>
    /// <param name="widthFrames">How many numbers below the highest can be judged, the highest included; 0 counts as 1, nothing is capped.</param>
    /// <param name="fence">Numbers up to this one are refused whatever was accepted; 0 for a lane opened in this process.</param>
    public ReplayWindow(int widthFrames, FrameSeq fence = default)
    {
        if (widthFrames < 0) ThrowHelper.BadArgument(nameof(widthFrames), "a width is not negative");
        _width = (ulong)Math.Max(widthFrames, 1);
        SetRing(new ulong[Math.Min(StartWordsMax, FullWords)]);
        _fence = fence.Value;
        _highest = fence.Value;
    }

    /// <summary>How many numbers can be judged.</summary>
    public int WidthFrames => (int)_width;

    /// <summary>Bytes that the numbers take now.</summary>
    public int RingBytes => _ring.Length * sizeof(ulong);

    /// <summary>The highest committed number, or the fence if that is higher.</summary>
    public FrameSeq Highest => new(_highest);

    private int FullWords => (int)BitOperations.RoundUpToPowerOf2((uint)((_width + BitsPerWord - 1) / BitsPerWord) + 1); // one to spare

    /// <summary>Decides whether a number may be accepted, without changing the window.</summary>
    /// <remarks>A cheap filter before the cryptography; <see cref="Commit"/> decides.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReplayVerdict Check(FrameSeq seq)
    {
        ulong n = seq.Value;
        if (n > _highest) return ReplayVerdict.Fresh;
        if (!IsInRing(n)) return CheckOutside(n);
        return (Word(n) & Bit(n)) != 0 ? ReplayVerdict.Duplicate : ReplayVerdict.Fresh;
    }

    /// <summary>Judges a number again and, if it is fresh, records it. Called only for what has been authenticated.</summary>
    /// <returns><see cref="ReplayVerdict.Fresh"/> exactly if the number is now recorded and was not before.</returns>
    public ReplayVerdict Commit(FrameSeq seq)
    {
        ulong n = seq.Value;
        if (n > _highest)
        {
            Advance(n);
            Word(n) |= Bit(n);
            return ReplayVerdict.Fresh;
        }

        if (!IsInRing(n)) return CommitOutside(n);
        ref ulong word = ref Word(n);
        ulong bit = Bit(n), before = word;
        word = before | bit;
        return (before & bit) != 0 ? ReplayVerdict.Duplicate : ReplayVerdict.Fresh;
    }

    /// <summary>Records numbers in a row, as <see cref="Commit"/> would one by one, up to the first that is not fresh.</summary>
    /// <param name="first">The lowest.</param>
    /// <param name="count">How many.</param>
    /// <returns>How many from the front were fresh, and are recorded.</returns>
    /// <remarks>Cost: a write for every 64 numbers if all are above the highest one.</remarks>
    public int CommitRun(FrameSeq first, int count)
    {
        if (count < 0) ThrowHelper.BadArgument(nameof(count), "a run is not negative");
        ulong n = first.Value;
        if (n <= _highest || ulong.MaxValue - n < (ulong)count) return CommitEach(n, count);
        for (int left = count; left > 0;)
        {
            int bits = Math.Min(left, BitsPerWord - (int)(n % BitsPerWord));
            Advance(n + (ulong)bits - 1);
            Word(n) |= (ulong.MaxValue >> (BitsPerWord - bits)) << (int)(n % BitsPerWord);
            n += (ulong)bits;
            left -= bits;
        }

        return count;
    }

    private int CommitEach(ulong n, int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (Commit(new FrameSeq(unchecked(n + (ulong)i))) != ReplayVerdict.Fresh) return i; // 0 follows the highest number, and is never fresh
        }

        return count;
    }

    /// <summary>A number not above the highest one that can be judged by its bit alone: above the fence, and no farther back than width and ring reach.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsInRing(ulong n) => n > _fence && _highest - n < _reach;

    /// <summary>The verdict on a number not above the highest one that <see cref="IsInRing"/> does not hold for; its bit may be in the ring all the same.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ReplayVerdict CheckOutside(ulong n)
    {
        if (n == 0) return ReplayVerdict.Zero;
        if (n <= _fence || _highest - n >= _width) return ReplayVerdict.TooOld;
        return !IsBelowRing(n) && (Word(n) & Bit(n)) != 0 ? ReplayVerdict.Duplicate : ReplayVerdict.Fresh;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ReplayVerdict CommitOutside(ulong n)
    {
        ReplayVerdict verdict = CheckOutside(n);
        if (verdict != ReplayVerdict.Fresh) return verdict;
        if (IsBelowRing(n)) Grow();
        Word(n) |= Bit(n);
        return ReplayVerdict.Fresh;
    }

    private void Advance(ulong n)
    {
        ulong from = _highest / BitsPerWord, to = n / BitsPerWord;
        if (to != from) Turn(from, to);
        _highest = n;
    }

    /// <summary>Makes the words above <paramref name="from"/>, up to <paramref name="to"/>, those of the numbers to come.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Turn(ulong from, ulong to)
    {
        bool isBeyond = to - from >= (ulong)FullWords; // what was committed is too old then
        if (!isBeyond && _ring.Length < FullWords && Drops(from, to)) Grow();
        if (isBeyond || to - from > (ulong)_ringMask)
        {
            Array.Clear(_ring);
        }
        else
        {
            for (ulong word = from + 1; word <= to; word++) _ring[(int)(word & (ulong)_ringMask)] = 0;
        }
    }

    /// <summary>A ring that is not full yet would lose a number by advancing so far.</summary>
    private bool Drops(ulong from, ulong to)
    {
        ulong last = Math.Min(to, from + (ulong)_ring.Length);
        for (ulong word = from + 1; word <= last; word++)
        {
            if (_ring[(int)(word & (ulong)_ringMask)] != 0) return true;
        }

        return false;
    }

    /// <summary>Nothing that lies so low was committed: a ring that is not full yet has dropped nothing.</summary>
    private bool IsBelowRing(ulong n) => (_highest / BitsPerWord) - (n / BitsPerWord) > (ulong)_ringMask;

    private void Grow()
    {
        ulong[] old = _ring;
        ulong high = _highest / BitsPerWord;
        SetRing(new ulong[FullWords]);
        for (ulong back = 0; back < (ulong)old.Length && back <= high; back++)
        {
            ulong word = high - back;
            _ring[(int)(word & (ulong)_ringMask)] = old[(int)(word % (ulong)old.Length)];
        }
    }

    [MemberNotNull(nameof(_ring))]
    private void SetRing(ulong[] ring)
    {
        _ring = ring;
        _ringMask = ring.Length - 1;
        _reach = Math.Min(_width, ((ulong)_ringMask * BitsPerWord) + 1); // whatever bit of its word Highest is at
    }

    private ref ulong Word(ulong n) => ref _ring[(int)((n / BitsPerWord) & (ulong)_ringMask)];

    private static ulong Bit(ulong n) => 1ul << (int)(n % BitsPerWord);
}
