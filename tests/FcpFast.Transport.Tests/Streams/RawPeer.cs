using System;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using FcpFast.Protocol.Wire;

namespace FcpFast.Transport.Tests.Streams;

/// <summary>A TCP client that sends what it likes.</summary>
internal sealed class RawPeer : IDisposable
{
    private RawPeer(Socket socket) => Socket = socket;

    public Socket Socket { get; }

    public static NetAddress Loopback { get; } = new IPEndPoint(IPAddress.Loopback, 0).ToNetAddress();

    public static async Task<RawPeer> ConnectAsync(NetAddress to)
    {
        IPEndPoint endPoint = to.ToEndPoint();
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(endPoint, TestContext.Current.CancellationToken);
        return new RawPeer(socket);
    }

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty) bytes = bytes[await Socket.SendAsync(bytes, SocketFlags.None, TestContext.Current.CancellationToken)..];
    }

    /// <summary>True when the other side has ended the connection, by whatever means.</summary>
    public async Task<bool> IsEndedAsync()
    {
        try
        {
            return await Socket.ReceiveAsync(new byte[1], SocketFlags.None, TestContext.Current.CancellationToken) == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    public void Dispose() => Socket.Dispose();
}
