using System;
using System.Threading;

namespace FcpFast.Host;

/// <summary>Sees whether the control plane is sound, and says when it has not been for too long: then no revocation would be honoured.</summary>
/// <remarks>
/// Shape:   sound is a round that was done to its end over a store that takes changes. Neither a thread that ended or hangs, nor a disk that is full,
///          fails or never answers, goes unnoticed.
/// Threads: a timer's; <see cref="Sound"/> from any.
/// </remarks>
internal sealed class ControlWatch : IDisposable
{
    /// <summary>How long the data plane goes on by itself: less than any owner's freshness policy may say (README of FcpFast.Control).</summary>
    public static readonly TimeSpan SilenceMaxDefault = TimeSpan.FromMinutes(10);

    private const int LooksInSilence = 20;

    private readonly TimeProvider _time;
    private readonly TimeSpan _silenceMax;
    private readonly Action _halt;
    private readonly ITimer _timer;
    private long _soundAt;

    /// <param name="time">The clock.</param>
    /// <param name="silenceMax">How long is too long.</param>
    /// <param name="halt">Called when it has been too long, and again and again while that lasts.</param>
    public ControlWatch(TimeProvider time, TimeSpan silenceMax, Action halt)
    {
        _time = time;
        _silenceMax = silenceMax;
        _halt = halt;
        _soundAt = time.GetTimestamp();
        _timer = time.CreateTimer(static watch => ((ControlWatch)watch!).Look(), this, silenceMax / LooksInSilence, silenceMax / LooksInSilence);
    }

    /// <summary>A round was done.</summary>
    public void Sound() => Volatile.Write(ref _soundAt, _time.GetTimestamp());

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        if (_time.GetElapsedTime(Volatile.Read(ref _soundAt)) >= _silenceMax) _halt();
    }
}
