using System;
using System.Runtime.InteropServices;
using System.Threading;
using FcpFast.Interop.Linux;

namespace FcpFast.Interop.Tests.Linux;

/// <summary>Waiting ends for data, for a wake, for room, or with the time; a wake is never lost.</summary>
public sealed class PollerTests
{
    private const int PatienceMs = 30_000;

    [Fact]
    public void Wait_NothingHappens_EndsWithTheTime()
    {
        using var port = new UdpFixture();
        using var poller = new Poller(port.Socket.SafeHandle);
        Assert.Equal(PollEvents.None, poller.Wait(0));
        long start = Environment.TickCount64;
        Assert.Equal(PollEvents.None, poller.Wait(20));
        Assert.True(Environment.TickCount64 - start >= 10, "a wait does not end early"); // the tick count is coarse
    }

    [Fact]
    public void Wait_DatagramThere_IsReadableUntilReceived()
    {
        using var port = new UdpFixture();
        using var poller = new Poller(port.Socket.SafeHandle);
        _ = port.SendAll(new byte[100], 100, port.Address);
        Assert.Equal(PollEvents.Readable, poller.Wait(PatienceMs));
        Assert.Equal(PollEvents.Readable, poller.Wait(Poller.Forever));
        _ = port.ReceiveBytes(100);
        Assert.Equal(PollEvents.None, poller.Wait(0));
    }

    [Fact]
    public void Wait_UntilWritable_IsWritable()
    {
        using var port = new UdpFixture();
        using var poller = new Poller(port.Socket.SafeHandle);
        Assert.Equal(PollEvents.Writable, poller.Wait(PatienceMs, untilWritable: true));
    }

    [Fact]
    public void Wake_BeforeTheWait_EndsOneWait()
    {
        using var port = new UdpFixture();
        using var poller = new Poller(port.Socket.SafeHandle);
        poller.Wake();
        poller.Wake();
        Assert.Equal(PollEvents.Woken, poller.Wait(PatienceMs));
        Assert.Equal(PollEvents.None, poller.Wait(0));
        poller.Wake();
        Assert.Equal(PollEvents.Woken, poller.Wait(Poller.Forever));
    }

    [Fact]
    public void Wake_AndData_AreBothTold()
    {
        using var port = new UdpFixture();
        using var poller = new Poller(port.Socket.SafeHandle);
        poller.Wake();
        _ = port.SendAll(new byte[100], 100, port.Address);
        Assert.Equal(PollEvents.Woken | PollEvents.Readable, poller.Wait(PatienceMs));
    }

    [Fact]
    public void Wake_ManyTimesFromAnotherThread_NoneIsLost()
    {
        const int Rounds = 20_000;
        using var port = new UdpFixture();
        using var poller = new Poller(port.Socket.SafeHandle);
        int posted = 0, seen = 0;
        var waker = new Thread(() =>
        {
            for (int i = 0; i < Rounds; i++)
            {
                Volatile.Write(ref posted, i + 1);
                poller.Wake();
                if (i % 64 == 0) SpinWait.SpinUntil(() => Volatile.Read(ref seen) > i); // sometimes wait to be served
            }
        });
        waker.Start();
        while (seen < Rounds)
        {
            Assert.Equal(PollEvents.Woken, poller.Wait(PatienceMs)); // a lost wake would end as None
            Volatile.Write(ref seen, Volatile.Read(ref posted));
            if (seen == Rounds) break;
        }

        waker.Join();
    }

    [Fact]
    public void Wait_InterruptedBySignals_GoesOn()
    {
        const int Signals = 50, Continue = 18; // SIGCONT
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Linux only");
            return;
        }

        using var port = new UdpFixture();
        using var poller = new Poller(port.Socket.SafeHandle);
        using PosixSignalRegistration handled = PosixSignalRegistration.Create(PosixSignal.SIGCONT, static context => context.Cancel = true);
        int waiter = 0;
        PollEvents events = PollEvents.None;
        var thread = new Thread(() =>
        {
            Volatile.Write(ref waiter, gettid());
            events = poller.Wait(PatienceMs);
        });
        thread.Start();
        SpinWait.SpinUntil(() => Volatile.Read(ref waiter) != 0);
        for (int i = 0; i < Signals; i++)
        {
            Assert.Equal(0, tgkill(Environment.ProcessId, waiter, Continue));
            Thread.Sleep(1);
        }

        Assert.True(thread.IsAlive); // an interruption is no event
        poller.Wake();
        thread.Join();
        Assert.Equal(PollEvents.Woken, events);
    }

    [DllImport("libc")]
    private static extern int gettid();

    [DllImport("libc")]
    private static extern int tgkill(int process, int thread, int signal);

    [Fact]
    public void Wake_AfterDispose_DoesNothing()
    {
        using var port = new UdpFixture();
        var poller = new Poller(port.Socket.SafeHandle);
        poller.Dispose();
        poller.Wake();
        Assert.Throws<ObjectDisposedException>(() => poller.Wait(0));
    }

    [Fact]
    public void Wait_BadTimeout_Throws()
    {
        using var port = new UdpFixture();
        using var poller = new Poller(port.Socket.SafeHandle);
        Assert.Throws<ArgumentException>(() => poller.Wait(-2));
    }

    [Fact]
    public void WaitAndWake_Warm_AllocateNothing()
    {
        using var port = new UdpFixture();
        using var poller = new Poller(port.Socket.SafeHandle);
        Allocations.RequireNone(1000, () =>
        {
            poller.Wake();
            if (poller.Wait(PatienceMs) != PollEvents.Woken) throw new InvalidOperationException("not woken");
        });
    }
}
