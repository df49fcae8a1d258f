using System;

namespace FcpFast.Transport.Udp;

/// <summary>How a port waits.</summary>
/// <remarks>Threads: one waits, any wakes.</remarks>
internal interface IWaiter : IDisposable
{
    PortEvents Wait(int timeoutMs, bool untilWritable, bool untilBesideWritable);

    void Wake();
}
