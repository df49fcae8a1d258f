using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Observation;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Doors;

/// <summary>The local door of a running node: a Unix-domain socket in its state folder, for programs that are not of .NET and for <c>fcpfast status</c>, <c>top</c> and <c>send --via</c>.</summary>
/// <remarks>
/// <code>
/// {"do":"status"}                                                     state and figures, one line
/// {"do":"send","file":PATH,"zone":ZONE,"to":NODE}                     a line when it has begun, one when it has arrived or was refused
/// {"do":"put","name":NAME,"bytes":N,"zone":ZONE,"to":NODE} N bytes    the same, for an object that is in no file
/// {"do":"take"}                                                       a line for each file that is received from now on
/// {"do":"reload"}                                                     reads the configuration again, where there is one, and tells what changed
/// </code>
/// Shape:   requests and answers are lines of JSON; a connection may ask again and again. Mode 0600: whoever may connect is the node's own user.
/// Errors:  what cannot be done is answered by a line with <c>error</c>; a line that is too long, or no JSON, ends its connection.
/// Threads: any.
/// </remarks>
public sealed class FcpDoor : IAsyncDisposable
{
    /// <summary>The socket's name in the state folder.</summary>
    public const string FileName = "door.sock";

    internal const int LineBytesMax = 8 * 1024;
    private const int ConnectionsMax = 32;

    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentDictionary<DoorConnection, Task> _connections = new();
    private readonly FcpEndpoint _endpoint;
    private readonly Func<Task<JsonObject>>? _reload;
    private readonly Socket _socket;
    private readonly DoorSpool _spool;
    private readonly string _path;
    private readonly Task _accepting;

    private FcpDoor(FcpEndpoint endpoint, Socket socket, string path, Func<Task<JsonObject>>? reload)
    {
        _endpoint = endpoint;
        _reload = reload;
        _socket = socket;
        _path = path;
        _spool = new DoorSpool(endpoint.Options.StateFolder);
        _accepting = AcceptAsync();
    }

    /// <summary>Where the door of a state folder is.</summary>
    public static string PathOf(string stateFolder) => Path.Combine(stateFolder, FileName);

    /// <summary>Opens the door; null where the system has no Unix-domain sockets, or the folder's path is too long for one.</summary>
    /// <param name="endpoint">The endpoint; it stays the caller's, who tells the door of its events.</param>
    /// <param name="reload">Reads the node's configuration again and tells what became of it; null if the node has none.</param>
    /// <remarks>Errors: <see cref="SocketException"/>, <see cref="IOException"/>, <see cref="UnauthorizedAccessException"/>.</remarks>
    public static FcpDoor? Open(FcpEndpoint endpoint, Func<Task<JsonObject>>? reload = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        if (!Socket.OSSupportsUnixDomainSockets || !DoorAddress.TryFind(endpoint.Options.StateFolder, out string path)) return null;
        File.Delete(path); // the state folder belongs to this process, so nobody listens there any more
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(path));
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite); // before anybody can connect
            socket.Listen();
            return new FcpDoor(endpoint, socket, path, reload);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Tells whoever takes files of one that was received.</summary>
    public void Tell(FcpEndpointEvent happened)
    {
        if (happened is not FcpEndpointEvent.FileReceived { File: var file }) return;
        var line = new JsonObject
        {
            ["received"] = file.Name, ["folder"] = Path.GetFullPath(_endpoint.Options.ReceiveInto!), ["bytes"] = file.Shape.SizeBytes, ["from"] = file.Source.ToString(),
        };
        foreach (DoorConnection connection in _connections.Keys) connection.Tell(line);
    }

    /// <summary>Ends every connection and removes the socket.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_closing.IsCancellationRequested) return;
        await _closing.CancelAsync().ConfigureAwait(false);
        _socket.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_connections.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        File.Delete(_path);
        _spool.Dispose();
        _closing.Dispose();
    }

    /// <summary>The answers to one request, each as it is known.</summary>
    internal async IAsyncEnumerable<JsonObject> AnswerAsync(JsonObject request, DoorConnection connection)
    {
        switch (TextOf(request, "do"))
        {
            case "status":
                yield return FcpStatusReport.Of(_endpoint, await _endpoint.ReadFiguresAsync().ConfigureAwait(false));
                break;
            case "take":
                connection.Takes();
                yield return new JsonObject { ["taking"] = _endpoint.Options.ReceiveInto is { } folder ? Path.GetFullPath(folder) : null };
                break;
            case "reload":
                yield return _reload is null ? Refusal("this node was started without a configuration file; start it again with other options") : await _reload().ConfigureAwait(false);
                break;
            case "send" or "put":
                await foreach (JsonObject answer in SendAsync(request, connection).ConfigureAwait(false)) yield return answer;
                break;
            default:
                yield return Refusal("there is status, send, put, take and reload");
                break;
        }
    }

    private static string TextOf(JsonObject request, string name) => request[name] is JsonValue value && value.TryGetValue(out string? text) ? text : "";

    private static JsonObject Refusal(string why) => new() { ["error"] = why };

    private async IAsyncEnumerable<JsonObject> SendAsync(JsonObject request, DoorConnection connection)
    {
        FcpStatus zoneStatus = ZoneId.Parse(TextOf(request, "zone"), out ZoneId zone), nodeStatus = NodeId.Parse(TextOf(request, "to"), out NodeId to);
        bool isPut = TextOf(request, "do") == "put";
        string? spooled = null;
        if (isPut)
        {
            // The bytes follow whatever is wrong with the rest: the next request begins behind them.
            long bytes = request["bytes"] is JsonValue value && value.TryGetValue(out long given) ? given : -1;
            (spooled, string? fault) = await _spool.TakeAsync(TextOf(request, "name"), bytes, connection.Reader, _closing.Token).ConfigureAwait(false);
            if (spooled is null)
            {
                yield return Refusal(fault!);
                yield break;
            }
        }

        if (zoneStatus != FcpStatus.Accepted || nodeStatus != FcpStatus.Accepted)
        {
            DoorSpool.Free(spooled);
            yield return Refusal($"zone: {FcpStatusNames.NameOf(zoneStatus)}, to: {FcpStatusNames.NameOf(nodeStatus)}");
            yield break;
        }

        (FcpFileSend? send, string? reason) = await BeginAsync(spooled ?? TextOf(request, "file"), zone, to).ConfigureAwait(false);
        if (send is null)
        {
            DoorSpool.Free(spooled);
            yield return Refusal(reason!);
            yield break;
        }

        yield return new JsonObject { ["sending"] = send.SizeBytes };
        bool arrived = await send.Completion.WaitAsync(_closing.Token).ConfigureAwait(false);
        DoorSpool.Free(spooled);
        yield return new JsonObject { ["arrived"] = arrived, ["detail"] = send.FailureDetail };
    }

    private async Task<(FcpFileSend? Send, string? Reason)> BeginAsync(string file, ZoneId zone, NodeId to)
    {
        try
        {
            return (await _endpoint.SendFileAsync(file, zone, to).ConfigureAwait(false), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
        {
            return (null, e.Message);
        }
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket accepted = await _socket.AcceptAsync(_closing.Token).ConfigureAwait(false);
            if (_connections.Count >= ConnectionsMax)
            {
                accepted.Dispose();
                continue;
            }

            var connection = new DoorConnection(accepted, this);
            _connections[connection] = Task.CompletedTask;
            _connections[connection] = RunAsync(connection);
            if (!connection.IsOver) continue;
            _connections.TryRemove(connection, out _);
        }
    }

    private async Task RunAsync(DoorConnection connection)
    {
        await Task.Yield();
        try
        {
            await connection.RunAsync(_closing.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // the other end is gone, or the door closes
        }
        finally
        {
            connection.Dispose();
            _connections.TryRemove(connection, out _);
        }
    }
}
