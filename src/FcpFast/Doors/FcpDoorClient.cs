using System;
using System.IO;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;

namespace FcpFast.Doors;

/// <summary>A program at the door of a running node.</summary>
/// <remarks>
/// Errors:  <see cref="SocketException"/> or <see cref="IOException"/> if no node runs in that folder.
/// Threads: one at a time.
/// </remarks>
public sealed class FcpDoorClient : IDisposable
{
    private readonly NetworkStream _stream;
    private readonly StreamReader _reader;

    private FcpDoorClient(Socket socket)
    {
        _stream = new NetworkStream(socket, ownsSocket: true);
        _reader = new StreamReader(_stream, Encoding.UTF8, false, FcpDoor.LineBytesMax, leaveOpen: true);
    }

    /// <summary>Connects to the node whose state folder this is.</summary>
    public static async Task<FcpDoorClient> ConnectAsync(string stateFolder, CancellationToken cancellation = default)
    {
        if (!DoorAddress.TryFind(stateFolder, out string path)) throw new IOException($"the path {path} is too long for a Unix-domain socket");
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation).ConfigureAwait(false);
            return new FcpDoorClient(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>State and figures of the node.</summary>
    public async Task<JsonObject> ReadStatusAsync(CancellationToken cancellation = default)
    {
        await WriteAsync(new JsonObject { ["do"] = "status" }, cancellation).ConfigureAwait(false);
        return await ReadAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Sends a request; bytes of an object may follow with <see cref="WriteBytesAsync"/>.</summary>
    public async Task WriteAsync(JsonObject request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        await _stream.WriteAsync(Encoding.UTF8.GetBytes(request.ToJsonString() + "\n"), cancellation).ConfigureAwait(false);
    }

    /// <summary>Sends bytes of an object that a <c>put</c> has announced.</summary>
    public ValueTask WriteBytesAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation = default) => _stream.WriteAsync(bytes, cancellation);

    /// <summary>The next line.</summary>
    /// <remarks>Errors: <see cref="EndOfStreamException"/> if the node has closed the door.</remarks>
    public async Task<JsonObject> ReadAsync(CancellationToken cancellation = default)
    {
        string line = await _reader.ReadLineAsync(cancellation).ConfigureAwait(false) ?? throw new EndOfStreamException("the node has closed its door");
        return JsonNode.Parse(line) as JsonObject ?? throw new InvalidDataException("the node has answered with something else than an object");
    }

    /// <summary>Leaves.</summary>
    public void Dispose()
    {
        _reader.Dispose();
        _stream.Dispose();
    }
}
