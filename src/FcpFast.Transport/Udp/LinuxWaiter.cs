using System.Net.Sockets;
using FcpFast.Interop.Linux;

namespace FcpFast.Transport.Udp;

/// <summary>Waits by <see cref="Poller"/>.</summary>
internal sealed class LinuxWaiter(SafeSocketHandle socket, SafeSocketHandle? beside) : IWaiter
{
    private readonly Poller _poller = new(socket, beside);

    public PortEvents Wait(int timeoutMs, bool untilWritable, bool untilBesideWritable)
    {
        PollEvents happened = _poller.Wait(timeoutMs, untilWritable, untilBesideWritable);
        PortEvents events = PortEvents.None;
        if ((happened & PollEvents.Readable) != 0) events |= PortEvents.Readable;
        if ((happened & PollEvents.Writable) != 0) events |= PortEvents.Writable;
        if ((happened & PollEvents.Woken) != 0) events |= PortEvents.Woken;
        return events;
    }

    public void Wake() => _poller.Wake();

    public void Dispose() => _poller.Dispose();
}
