using System;
using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace FcpFast.Doors;

/// <summary>One program at the door: reads its requests one after the other, and writes answers and what it takes.</summary>
/// <remarks>
/// Shape: lines out wait in a queue of <see cref="LinesMax"/>; a program that takes files and does not read loses the oldest lines, not the node its memory.
/// </remarks>
internal sealed class DoorConnection : IDisposable
{
    private const int LinesMax = 256;

    private readonly Channel<JsonObject> _lines = Channel.CreateBounded<JsonObject>(new BoundedChannelOptions(LinesMax) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly NetworkStream _stream;
    private readonly FcpDoor _door;
    private volatile bool _takes;

    public DoorConnection(Socket socket, FcpDoor door)
    {
        _stream = new NetworkStream(socket, ownsSocket: true);
        _door = door;
        Reader = PipeReader.Create(_stream, new StreamPipeReaderOptions(leaveOpen: true));
    }

    /// <summary>What the program sends.</summary>
    public PipeReader Reader { get; }

    /// <summary>True once it has ended.</summary>
    public bool IsOver { get; private set; }

    /// <summary>From now on it is told of files that are received.</summary>
    public void Takes() => _takes = true;

    /// <summary>Tells it of a file, if it takes files.</summary>
    public void Tell(JsonObject line)
    {
        if (_takes) _lines.Writer.TryWrite((JsonObject)line.DeepClone());
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        Task writing = WriteAsync(cancellation);
        try
        {
            while (await ReadLineAsync(cancellation).ConfigureAwait(false) is { } request)
            {
                await foreach (JsonObject answer in _door.AnswerAsync(request, this).WithCancellation(cancellation).ConfigureAwait(false)) _lines.Writer.TryWrite(answer);
            }
        }
        finally
        {
            _lines.Writer.TryComplete();
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose()
    {
        IsOver = true;
        _lines.Writer.TryComplete();
        Reader.Complete();
        _stream.Dispose();
    }

    /// <summary>The next request; null at the end, or where no request can be read any more.</summary>
    private async Task<JsonObject?> ReadLineAsync(CancellationToken cancellation)
    {
        while (true)
        {
            ReadResult read = await Reader.ReadAsync(cancellation).ConfigureAwait(false);
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                JsonObject? request = Parse(read.Buffer.Slice(0, end));
                Reader.AdvanceTo(read.Buffer.GetPosition(1, end));
                if (request is null) _lines.Writer.TryWrite(new JsonObject { ["error"] = "a request is an object of JSON on one line" });
                return request;
            }

            if (read.IsCompleted || read.Buffer.Length > FcpDoor.LineBytesMax) return null;
            Reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static JsonObject? Parse(in ReadOnlySequence<byte> line)
    {
        if (line.Length > FcpDoor.LineBytesMax) return null;
        try
        {
            return JsonNode.Parse(line.ToArray(), documentOptions: new JsonDocumentOptions { MaxDepth = 4, AllowDuplicateProperties = false }) as JsonObject;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return null;
        }
    }

    private async Task WriteAsync(CancellationToken cancellation)
    {
        await foreach (JsonObject line in _lines.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
        {
            await _stream.WriteAsync(Encoding.UTF8.GetBytes(line.ToJsonString() + "\n"), cancellation).ConfigureAwait(false);
        }
    }
}
