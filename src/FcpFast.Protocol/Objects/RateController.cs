using System;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Objects;

/// <summary>Decides how fast a sender may send, from what its receiver reports.</summary>
/// <remarks>
/// Shape:   a token bucket whose rate follows samples of (delivered, lost). It doubles at first, then climbs by 5 % a sample and falls by 15 %
///          when the share that is delivered drops below what the path delivers at half the rate. That share is measured again and again by
///          a short slow phase, so constant random loss starves nobody and overload is still seen. Samples in which the sender waited for
///          credit, data or its processor rather than for the bucket change nothing: they say nothing of the path.
/// Units:   bytes of sealed datagrams, ticks of 100 ns.
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
    private const double StartGain = 2;
    private const double ClimbGain = 1.05;
    private const double FallGain = 0.85;
    private const double SlowGain = 0.5;
    private const double StartLossAllowed = 0.75;
    private const double ShareTolerance = 0.9;
    private const double ShareMin = 0.05;
    private const int SamplesBetweenSlowPhases = 64;
    private const int SlowSamples = 2;

    private double _bytesPerSecond = StartBytesPerSecond;
    private double _tokens = BurstBytesMin;
    private double _baseShare = 1;
    private double _share = 1;
    private bool _starting = true;
    private int _samplesToSlowPhase = SamplesBetweenSlowPhases;
    private int _slowSamplesLeft;
    private long _refilledTicks;

    /// <summary>Starts a controller.</summary>
    public RateController(Instant now) => _refilledTicks = now.Ticks;

    /// <summary>The rate that is allowed now.</summary>
    public double BytesPerSecond => _slowSamplesLeft > 0 ? _bytesPerSecond * SlowGain : _bytesPerSecond;

    /// <summary>True once the first climb has met a limit.</summary>
    public bool HasFoundLimit => !_starting;

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
    /// <param name="wasPaced">True if the bucket was what held the sender back for most of the round.</param>
    public void Sample(long deliveredBytes, long lostBytes, bool wasPaced)
    {
        if (deliveredBytes + lostBytes <= 0) return;
        double share = (double)deliveredBytes / (deliveredBytes + lostBytes);
        if (_slowSamplesLeft > 0)
        {
            _slowSamplesLeft--;
            if (_slowSamplesLeft == 0) _baseShare = Math.Max(share, ShareMin);
            return;
        }

        _share += (share - _share) / 4;
        if (!wasPaced) return;
        if (_starting)
        {
            if (share < StartLossAllowed)
            {
                _starting = false;
                _samplesToSlowPhase = 0;
            }
            else
            {
                Set(_bytesPerSecond * StartGain);
            }
        }
        else
        {
            Set(_bytesPerSecond * (_share < _baseShare * ShareTolerance ? FallGain : ClimbGain));
        }

        _samplesToSlowPhase--;
        if (_starting || _samplesToSlowPhase > 0) return;
        _samplesToSlowPhase = SamplesBetweenSlowPhases;
        _slowSamplesLeft = SlowSamples;
    }

    private void Set(double bytesPerSecond) => _bytesPerSecond = Math.Clamp(bytesPerSecond, MinBytesPerSecond, MaxBytesPerSecond);
}
