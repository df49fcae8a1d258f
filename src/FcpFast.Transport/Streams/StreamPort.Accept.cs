using System;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Wire;

namespace FcpFast.Transport.Streams;

public sealed partial class StreamPort
{
    // Bytes that a pipe holds before its writer must wait.
    private const int PipeBytesMax = 64 * 1024;

    // After a failed accept, as when all descriptors are taken: long enough not to spin.
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(100);

    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;

    /// <summary>Begins to accept connections; once a port.</summary>
    /// <param name="local">Where; port 0 lets the system choose.</param>
    /// <returns>Where it listens.</returns>
    /// <remarks>Errors: <see cref="SocketException"/> if the address cannot be listened at.</remarks>
    public NetAddress Listen(in NetAddress local)
    {
        if (!local.IsSpecified) ThrowHelper.BadArgument(nameof(local), "an address to listen at");
        if (_listener is not null) ThrowHelper.BadState("a port listens at one address");
        var listener = new Socket(NetEndPoints.AddressFamilyOf(local.Family), SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (local.Family == NetFamily.IPv6) listener.DualMode = false;
            listener.Bind(local.ToEndPoint());
            listener.Listen(Options.Backlog);
        }
        catch
        {
            listener.Dispose();
            throw;
        }

        _listener = listener;
        _accepting = Task.Run(() => AcceptAsync(listener));
        return ((IPEndPoint)listener.LocalEndPoint!).ToNetAddress();
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                Admit(await listener.AcceptAsync(_stopping.Token).ConfigureAwait(false));
            }
            catch (Exception e) when (_stopping.IsCancellationRequested && e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                Counters.Add(StreamCount.AcceptErrors);
                await Task.Delay(AcceptPause, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Admit(Socket socket)
    {
        NetAddress remote;
        try
        {
            remote = ((IPEndPoint)socket.RemoteEndPoint!).ToNetAddress();
        }
        catch (SocketException)
        {
            socket.Dispose(); // gone before it was looked at
            Counters.Add(StreamCount.AcceptErrors);
            return;
        }

        if (Enter(remote, isAccepted: true) != StreamConnectStatus.Connected)
        {
            socket.Dispose();
            return;
        }

        if (Begin(socket, remote, isAccepted: true, tag: null) is not null)
        {
            Counters.Add(StreamCount.Accepted);
            return;
        }

        socket.Dispose();
        lock (_gate) Leave(remote, isStranger: true);
    }
}
