using System;
using System.Threading;
using FcpFast.Protocol.Wire;
using FcpFast.Transport.Udp;

namespace FcpFast.Transport.Tests.Udp;

/// <summary>Waiting and waking, as Linux and as other systems do it.</summary>
public sealed class WaitTests
{
    private static PortFixture Open(bool waitsPortably, NetFamily family = NetFamily.IPv4) =>
        new(waitsPortably ? OffloadChoice.Off : OffloadChoice.Auto, family, waitsPortably: waitsPortably);

    private static void Drain(PortFixture port) => Assert.Equal(0, port.Port.Receive(new DatagramSlab?[1]));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Wait_NothingHappens_EndsWithTheTime(bool waitsPortably)
    {
        using PortFixture port = Open(waitsPortably);
        Assert.Equal(PortEvents.None, port.Port.Wait(0));
        long start = Environment.TickCount64;
        Assert.Equal(PortEvents.None, port.Port.Wait(150));
        Assert.True(Environment.TickCount64 - start >= 100, "a wait does not end early"); // the tick count is coarse
    }

    [Theory]
    [InlineData(false, NetFamily.IPv4)]
    [InlineData(true, NetFamily.IPv4)]
    [InlineData(true, NetFamily.IPv6)]
    public void Wake_BeforeTheWait_EndsIt(bool waitsPortably, NetFamily family)
    {
        using PortFixture port = Open(waitsPortably, family);
        port.Port.Wake();
        port.Port.Wake();
        Assert.NotEqual(PortEvents.None, port.Port.Wait(PortFixture.PatienceMs) & PortEvents.Woken);
        while (port.Port.Wait(0) != PortEvents.None) Drain(port); // what rang the bell
        port.Port.Wake();
        Assert.NotEqual(PortEvents.None, port.Port.Wait(-1) & PortEvents.Woken);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Wake_FromAnotherThread_EndsTheWait(bool waitsPortably)
    {
        const int Rounds = 500;
        using PortFixture port = Open(waitsPortably);
        int posted = 0, seen = 0;
        var waker = new Thread(() =>
        {
            for (int i = 1; i <= Rounds; i++)
            {
                Volatile.Write(ref posted, i);
                port.Port.Wake();
                if (i % 8 == 0) SpinWait.SpinUntil(() => Volatile.Read(ref seen) >= i);
            }
        });
        waker.Start();
        while (seen < Rounds)
        {
            PortEvents events = port.Port.Wait(PortFixture.PatienceMs);
            Assert.NotEqual(PortEvents.None, events); // a lost wake
            if ((events & PortEvents.Readable) != 0) Drain(port);
            Volatile.Write(ref seen, Volatile.Read(ref posted));
        }

        waker.Join();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Wait_UntilWritable_IsWritable(bool waitsPortably)
    {
        using PortFixture port = Open(waitsPortably);
        Assert.Equal(PortEvents.Writable, port.Port.Wait(PortFixture.PatienceMs, untilWritable: true));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Wait_BadTimeout_Throws(bool waitsPortably)
    {
        using PortFixture port = Open(waitsPortably);
        Assert.Throws<ArgumentException>(() => port.Port.Wait(-2));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Wake_AfterDispose_DoesNothing(bool waitsPortably)
    {
        PortFixture port = Open(waitsPortably);
        port.Dispose();
        port.Port.Wake();
        Assert.Throws<ObjectDisposedException>(() => port.Port.Wait(0));
    }
}
