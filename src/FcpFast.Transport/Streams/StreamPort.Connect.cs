using System;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Wire;

namespace FcpFast.Transport.Streams;

public sealed partial class StreamPort
{
    /// <summary>Makes a connection.</summary>
    /// <param name="remote">Where to.</param>
    /// <param name="tag">For the handler's own use (<see cref="StreamConnection.Tag"/>), set before its first call.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <remarks>Errors: a status; <see cref="OperationCanceledException"/> only for <paramref name="cancellation"/>.</remarks>
    public async ValueTask<StreamConnectResult> ConnectAsync(NetAddress remote, object? tag = null, CancellationToken cancellation = default)
    {
        if (!remote.IsSpecified) ThrowHelper.BadArgument(nameof(remote), "an address to connect to");
        StreamConnectStatus admission = Enter(remote, isAccepted: false);
        if (admission != StreamConnectStatus.Connected) return new StreamConnectResult(admission, null, SocketError.Success);
        var socket = new Socket(NetEndPoints.AddressFamilyOf(remote.Family), SocketType.Stream, ProtocolType.Tcp);
        bool isBegun = false;
        using var late = new CancellationTokenSource(Options.ConnectTimeout, _time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(late.Token, _stopping.Token, cancellation);
        try
        {
            await socket.ConnectAsync(remote.ToEndPoint(), end.Token).ConfigureAwait(false);
            StreamConnection? connection = Begin(socket, remote, isAccepted: false, tag);
            if (connection is null) return new StreamConnectResult(StreamConnectStatus.PortStopped, null, SocketError.Success);
            isBegun = true;
            Counters.Add(StreamCount.Connected);
            return new StreamConnectResult(StreamConnectStatus.Connected, connection, SocketError.Success);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new StreamConnectResult(
                _stopping.IsCancellationRequested ? StreamConnectStatus.PortStopped : StreamConnectStatus.TimedOut, null, SocketError.TimedOut);
        }
        catch (SocketException e)
        {
            return new StreamConnectResult(FailureOf(e.SocketErrorCode), null, e.SocketErrorCode);
        }
        finally
        {
            if (!isBegun)
            {
                socket.Dispose();
                lock (_gate) Leave(remote, isStranger: false);
            }
        }
    }

    private static StreamConnectStatus FailureOf(SocketError error) => error switch
    {
        SocketError.TimedOut => StreamConnectStatus.TimedOut,
        SocketError.ConnectionRefused or SocketError.ConnectionReset => StreamConnectStatus.Refused,
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostDown or SocketError.NetworkDown
            or SocketError.AddressNotAvailable => StreamConnectStatus.Unreachable,
        _ => StreamConnectStatus.Failed,
    };
}
