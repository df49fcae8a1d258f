using System;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Objects;

/// <summary>Decides how fast a sender may send, from what its receiver reports.</summary>
/// <remarks>
/// Shape:   a token bucket whose rate follows what the path delivers, not what it loses. It doubles until much less arrives than was sent; from
///          then on it is the highest delivery of the last rounds, divided by the share that arrives while the path is not full. Every eighth
///          round sends a quarter more, to find room, and the two after it a quarter less, which empties the queue and measures that share.
///          So random loss starves nobody, and a full path is not flooded. Rounds in which the sender waited for credit, data or its processor
///          rather than for the bucket can only raise the estimate: they say nothing of the path's limit.
/// Units:   bytes of symbols (what datagrams add to them is left out on both sides), ticks of 100 ns.
/// Threads: one user at a time.
/// Cost:    O(1), no allocation.
/// </remarks>
public sealed class RateController
{
    private const double StartBytesPerSecond = 25e6;
    private const double MinBytesPerSecond = 64e3;
    private const double MaxBytesPerSecond = 100e9;
    private const double BurstSeconds = 0.002;
    private const double BurstBytesMin = 2 * 64 * 1024;
    private const double QuantumSeconds = 0.0005;
    private const long QuantumBytesMin = 1500;
    private const long QuantumBytesMax = 64 * 1024;
    private const long StartRoundBytes = 256 * 1024;
    private const long CruiseRoundBytes = 1024 * 1024;
    private const double StartGain = 2;
    private const double ShareWorthWhile = 0.6;
    private const double GrowthFound = 1.05;
    private const int FlatRoundsMax = 2;
    private const double ShareOfCollapse = 0.5;
    private const double ShareMin = 0.05;
    private const int MeasuringRound = 2;
    private const int RoundsRemembered = 8;

    private static readonly double[] Gains = [1.25, 0.75, 0.75, 1, 1, 1, 1, 1];

    private readonly double[] _deliveries = new double[RoundsRemembered];
    private double _bytesPerSecond = StartBytesPerSecond;
    private double _bytesPerSecondBefore = StartBytesPerSecond;
    private double _tokens = BurstBytesMin;
    private double _best;
    private double _share = 1;
    private int _flatRounds;
    private int _round = MeasuringRound - 1; // begins with a round that empties what the start has filled
    private int _remembered;
    private bool _starting = true;
    private long _refilledTicks;

    /// <summary>Starts a controller.</summary>
    public RateController(Instant now) => _refilledTicks = now.Ticks;

    /// <summary>The rate that is allowed now.</summary>
    public double BytesPerSecond => _bytesPerSecond;

    /// <summary>True once the first climb has met a limit.</summary>
    public bool HasFoundLimit => !_starting;

    /// <summary>What a round must tell of to be measured: fewer chunks come in lumps.</summary>
    public long RoundBytes => _starting ? StartRoundBytes : CruiseRoundBytes;

    /// <summary>What is worth a system call at this rate: less than this is better gathered first.</summary>
    public long QuantumBytes => Math.Clamp((long)(BytesPerSecond * QuantumSeconds), QuantumBytesMin, QuantumBytesMax);

    /// <summary>Bytes that may be sent now.</summary>
    public long Allowance(Instant now)
    {
        double seconds = Math.Max(0, now.Ticks - _refilledTicks) / (double)Instant.TicksPerSecond;
        _refilledTicks = Math.Max(_refilledTicks, now.Ticks);
        _tokens = Math.Min(_tokens + (seconds * BytesPerSecond), Math.Max(BurstBytesMin, BytesPerSecond * BurstSeconds));
        return (long)_tokens;
    }

    /// <summary>Takes tokens for bytes that were sent; the bucket may go below zero by one slab.</summary>
    public void Spend(long bytes) => _tokens -= bytes;

    /// <summary>When the bucket will hold <paramref name="bytes"/>.</summary>
    public long TicksUntil(long bytes) =>
        _tokens >= bytes ? 0 : (long)Math.Ceiling((bytes - _tokens) / BytesPerSecond * Instant.TicksPerSecond);

    /// <summary>Learns from one round: what became of bytes sent earlier. Called at most once a round trip.</summary>
    /// <param name="deliveredBytes">Bytes of which the round has shown that they arrived.</param>
    /// <param name="lostBytes">Bytes of which it has shown that they did not.</param>
    /// <param name="ticks">How long it took.</param>
    /// <param name="wasPaced">True if the bucket was what held the sender back for most of the round.</param>
    public void Sample(long deliveredBytes, long lostBytes, long ticks, bool wasPaced)
    {
        if (deliveredBytes + lostBytes <= 0 || ticks <= 0) return;
        double share = (double)deliveredBytes / (deliveredBytes + lostBytes);
        double delivery = deliveredBytes * (double)Instant.TicksPerSecond / ticks;
        if (_starting) Climb(delivery, wasPaced);
        else Cruise(delivery, share, wasPaced);
    }

    /// <summary>Doubles as long as what was sent arrives; what arrives was sent at this rate or the one before.</summary>
    private void Climb(double delivery, bool wasPaced)
    {
        if (!wasPaced) return;
        if (delivery >= _bytesPerSecondBefore * ShareWorthWhile)
        {
            _bytesPerSecondBefore = _bytesPerSecond;
            _flatRounds = 0;
            Set(_bytesPerSecond * StartGain);
            return;
        }

        if (++_flatRounds < FlatRoundsMax) return; // one round may have begun with a wait
        _starting = false;
        Remember(delivery);
        Follow();
    }

    /// <summary>Follows the highest delivery of the last rounds.</summary>
    private void Cruise(double delivery, double share, bool wasPaced)
    {
        if (wasPaced && _round == MeasuringRound) _share = Math.Max((_share + share) / 2, ShareMin);
        if (wasPaced && share < _share * ShareOfCollapse) _remembered = 0; // there is much less room than there was
        bool grows = delivery > _best * GrowthFound;
        if (wasPaced || delivery > _best) Remember(delivery);
        if (wasPaced) _round = grows ? 0 : (_round + 1) % Gains.Length;
        Follow();
    }

    private void Remember(double delivery)
    {
        if (_remembered == 0) Array.Clear(_deliveries);
        _deliveries[_remembered % _deliveries.Length] = delivery;
        _remembered++;
        _best = 0;
        foreach (double one in _deliveries) _best = Math.Max(_best, one);
    }

    private void Follow() => Set(_best / _share * Gains[_round]);

    private void Set(double bytesPerSecond) => _bytesPerSecond = Math.Clamp(bytesPerSecond, MinBytesPerSecond, MaxBytesPerSecond);
}
