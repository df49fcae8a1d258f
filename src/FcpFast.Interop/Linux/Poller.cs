using System;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Interop.Linux;

/// <summary>Waits for one socket or two, or for another thread.</summary>
/// <remarks>
/// Threads: one thread waits; any thread wakes, also after <see cref="Dispose"/> (then nothing happens).
/// Cost:    a system call a wait; a wake that finds one pending costs one interlocked operation. No allocation.
/// Source:  [Linux ppoll(2)], [Linux eventfd(2)].
/// </remarks>
public sealed class Poller : IDisposable
{
    /// <summary>A wait without end.</summary>
    public const int Forever = -1;

    private const int Entries = 3;
    private const int Nothing = -1; // an entry that the kernel passes over
    private const int MillisecondsPerSecond = 1000;
    private const int NanosecondsPerMillisecond = 1_000_000;

    private readonly SafeSocketHandle _socket;
    private readonly SafeSocketHandle? _beside;
    private readonly EventDescriptor _event;
    private int _isSignalled;

    /// <summary>A poller of this socket, and of another one beside it; both stay the caller's.</summary>
    /// <remarks>
    /// Errors: <see cref="PlatformNotSupportedException"/> unless <see cref="IsSupported"/>; <see cref="System.IO.IOException"/> without a free
    ///         descriptor.
    /// </remarks>
    public Poller(SafeSocketHandle socket, SafeSocketHandle? beside = null)
    {
        ArgumentNullException.ThrowIfNull(socket);
        if (LinuxGate.Fault is { } fault) throw new PlatformNotSupportedException(fault);
        _socket = socket;
        _beside = beside;
        _event = new EventDescriptor();
    }

    /// <summary>True on 64-bit Linux.</summary>
    public static bool IsSupported => LinuxGate.Fault is null;

    /// <summary>Waits until one of the sockets is readable (or writable, if asked), somebody calls <see cref="Wake"/>, or the time is over.</summary>
    /// <param name="timeoutMs">0 looks without waiting; <see cref="Forever"/> has no end.</param>
    /// <param name="untilWritable">Also end when there is room to send.</param>
    /// <param name="untilBesideWritable">Also end when there is room to send on the socket beside.</param>
    /// <remarks>
    /// Shape: a wake is never lost: one that comes before the wait ends it at once. What the waker wrote before it is visible after.
    /// Errors: <see cref="ObjectDisposedException"/>.
    /// </remarks>
    public PollEvents Wait(int timeoutMs, bool untilWritable = false, bool untilBesideWritable = false)
    {
        if (timeoutMs < Forever) ThrowHelper.BadArgument(nameof(timeoutMs), "milliseconds, or -1 for no end");
        using var socket = new HandleLease(_socket);
        using HandleLease beside = _beside is null ? default : new HandleLease(_beside);
        using var wake = new HandleLease(_event);
        long endsAt = timeoutMs > 0 ? Environment.TickCount64 + timeoutMs : 0;
        int leftMs = timeoutMs;
        while (true)
        {
            PollEntry first = Entry(socket.Descriptor, untilWritable), second = Entry(_beside is null ? Nothing : beside.Descriptor, untilBesideWritable);
            PollEvents events = PollOnce(first, second, wake.Descriptor, leftMs, out bool wasInterrupted);
            if ((events & PollEvents.Woken) != 0)
            {
                _event.Reset();
                _ = Interlocked.Exchange(ref _isSignalled, 0); // after the reset: a wake in between sees the mark, and this wait's end serves it
            }

            if (!wasInterrupted) return events;
            if (timeoutMs > 0) leftMs = (int)Math.Max(0, endsAt - Environment.TickCount64); // a signal of the runtime, not an event
        }
    }

    /// <summary>Ends the wait that is under way, or else the next one.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _isSignalled, 1) != 0) return;
        try
        {
            _event.Set();
        }
        catch (ObjectDisposedException)
        {
            // nobody waits any more
        }
    }

    /// <summary>Gives the descriptor back.</summary>
    public void Dispose() => _event.Dispose();

    private static PollEntry Entry(int socket, bool untilWritable) =>
        new() { Descriptor = socket, Wanted = (short)(Libc.POLLIN | (untilWritable ? Libc.POLLOUT : 0)) };

    private static unsafe PollEvents PollOnce(in PollEntry socket, in PollEntry beside, int wake, int timeoutMs, out bool wasInterrupted)
    {
        PollEntry* entries = stackalloc PollEntry[Entries];
        entries[0] = socket;
        entries[1] = beside;
        entries[2] = new PollEntry { Descriptor = wake, Wanted = Libc.POLLIN };
        (int seconds, int milliseconds) = Math.DivRem(Math.Max(0, timeoutMs), MillisecondsPerSecond);
        var timeout = new TimeSpec { Seconds = seconds, Nanoseconds = (long)milliseconds * NanosecondsPerMillisecond };

        // SAFETY: three entries and a timeout of this frame, valid until the call returns; the descriptors are leased by the caller.
        int ready = Libc.ppoll(entries, Entries, timeoutMs < 0 ? null : &timeout, null);
        int errno = ready < 0 ? Marshal.GetLastPInvokeError() : 0;
        wasInterrupted = errno == Libc.EINTR;
        if (wasInterrupted) return PollEvents.None;
        Invariant.Require(ready >= 0 || errno == Libc.ENOMEM, "open descriptors can be polled");
        PollEvents events = PollEvents.None;
        int happened = entries[0].Happened | entries[1].Happened;
        if ((happened & (Libc.POLLIN | Libc.POLLERR | Libc.POLLHUP)) != 0) events |= PollEvents.Readable;
        if ((happened & Libc.POLLOUT) != 0) events |= PollEvents.Writable;
        if ((entries[2].Happened & Libc.POLLIN) != 0) events |= PollEvents.Woken;
        return events;
    }
}
