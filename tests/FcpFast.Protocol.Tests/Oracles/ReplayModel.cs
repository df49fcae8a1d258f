using System;
using System.Collections.Generic;
using FcpFast.Protocol.Replay;

namespace FcpFast.Protocol.Tests.Oracles;

/// <summary>The abstract state of a lane, R = (H, A, Φ), literally, on integers that cannot wrap.</summary>
/// <remarks>Source: [REPLAY §2.1], [REPLAY §2.2], [REPLAY §3]; after a crash [REPLAY §6.2].</remarks>
internal sealed class ReplayModel(int width, ulong fence = 0)
{
    private readonly HashSet<ulong> _accepted = [];
    private readonly UInt128 _width = (UInt128)Math.Max(width, 1);
    private UInt128 _fence = fence;
    private UInt128 _highest = fence;

    /// <summary>H.</summary>
    public ulong Highest => (ulong)_highest;

    /// <summary>A, as far as it was not forgotten because it cannot matter any more.</summary>
    public IReadOnlyCollection<ulong> Accepted => _accepted;

    /// <summary>What [REPLAY §3] says of a number.</summary>
    public ReplayVerdict Judge(ulong number)
    {
        UInt128 n = number;
        if (n < 1) return ReplayVerdict.Zero;
        if (n <= _fence) return ReplayVerdict.TooOld;
        if (n > _highest) return ReplayVerdict.Fresh;
        if (_highest - n >= _width) return ReplayVerdict.TooOld;
        return _accepted.Contains(number) ? ReplayVerdict.Duplicate : ReplayVerdict.Fresh;
    }

    /// <summary>Judges and, if fresh, accepts.</summary>
    public ReplayVerdict Commit(ulong number)
    {
        ReplayVerdict verdict = Judge(number);
        if (verdict != ReplayVerdict.Fresh) return verdict;
        _accepted.Add(number);
        _highest = UInt128.Max(_highest, number);
        if (_accepted.Count > 200_000) _accepted.RemoveWhere(n => _highest - n >= _width);
        return ReplayVerdict.Fresh;
    }

    /// <summary>A restart with a durable ceiling: Φ := H := C, A := ∅.</summary>
    public void Restart(ulong ceiling)
    {
        _fence = ceiling;
        _highest = ceiling;
        _accepted.Clear();
    }
}
