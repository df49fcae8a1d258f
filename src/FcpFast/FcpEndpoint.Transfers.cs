using System;
using System.Buffers;
using System.IO;
using System.IO.Pipelines;
using System.Linq;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using FcpFast.Files;
using FcpFast.Host;
using FcpFast.Objects;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;

namespace FcpFast;

/// <summary>What goes out, and the objects that come in.</summary>
public sealed partial class FcpEndpoint
{
    private const ulong NanosecondsPerTick = 100;

    private readonly Channel<FcpObject> _objects = Channel.CreateUnbounded<FcpObject>(new UnboundedChannelOptions()); // bounded by their memory
    private readonly Lock _objectsSent = new();
    private ulong _lastObjectNanoseconds;

    /// <summary>
    /// The objects that came in, where <see cref="FcpEndpointOptions.ReceiveObjects"/> is set; to be disposed of by the reader. While it keeps more than the
    /// memory allowed, further ones wait at their sources. Ends with the endpoint.
    /// </summary>
    public ChannelReader<FcpObject> Objects => _objects.Reader;

    /// <summary>Starts to send a file to a member of a zone; it goes on until the receiver has it, refuses it, it is canceled, or the endpoint is closed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="zone">A zone that both nodes are members of.</param>
    /// <param name="to">The member; a peer of this endpoint.</param>
    /// <remarks>
    /// Errors: <see cref="IOException"/>, <see cref="UnauthorizedAccessException"/>; <see cref="ArgumentException"/> for a zone without keys or a stranger;
    ///         <see cref="InvalidOperationException"/> once it is being drained.
    /// </remarks>
    public Task<FcpFileSend> SendFileAsync(string path, ZoneId zone, NodeId to) =>
        SendAsync(Path.GetFileName(path), () => FileContent.Open(path), zone, to);

    /// <summary>Starts to send an object from memory; else as <see cref="SendFileAsync"/>.</summary>
    /// <param name="name">What the receiver will know it by: one path component. Several objects may have the same.</param>
    /// <param name="content">Its bytes; they stay as they are until <see cref="FcpFileSend.Completion"/> has ended.</param>
    /// <param name="zone">A zone that both nodes are members of.</param>
    /// <param name="to">The member; a peer of this endpoint.</param>
    /// <remarks>Errors: <see cref="IOException"/> for a name that cannot be sent; else as there.</remarks>
    public Task<FcpFileSend> SendObjectAsync(string name, ReadOnlySequence<byte> content, ZoneId zone, NodeId to) =>
        SendAsync(name, () => new MemoryContent(name, content, NextObjectNanoseconds()), zone, to);

    /// <summary>Reads a pipe to its end and starts to send what it held as one object.</summary>
    /// <param name="name">What the receiver will know it by.</param>
    /// <param name="content">Read to its end before the first frame goes out, since the receiver is told the size first; completed here.</param>
    /// <param name="bytesMax">More is refused.</param>
    /// <param name="zone">A zone that both nodes are members of.</param>
    /// <param name="to">The member; a peer of this endpoint.</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <remarks>Errors: <see cref="IOException"/> if it holds more; else as there, and whatever broke the pipe.</remarks>
    public async Task<FcpFileSend> SendObjectAsync(string name, PipeReader content, int bytesMax, ZoneId zone, NodeId to, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        byte[] bytes;
        try
        {
            ReadResult read = await content.ReadAsync(cancellation).ConfigureAwait(false);
            while (!read.IsCompleted && read.Buffer.Length <= bytesMax)
            {
                content.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                read = await content.ReadAsync(cancellation).ConfigureAwait(false);
            }

            if (read.Buffer.Length > bytesMax) throw new IOException($"'{name}' has more than the {bytesMax} bytes allowed");
            bytes = read.Buffer.ToArray();
        }
        catch (Exception e)
        {
            await content.CompleteAsync(e).ConfigureAwait(false);
            throw;
        }

        await content.CompleteAsync().ConfigureAwait(false);
        return await SendObjectAsync(name, new ReadOnlySequence<byte>(bytes), zone, to).ConfigureAwait(false);
    }

    private Task<FcpFileSend> SendAsync(string name, Func<OutgoingContent> open, ZoneId zone, NodeId to)
    {
        if (!Zones.Contains(zone)) throw new ArgumentException($"this node has no keys of zone {zone}", nameof(zone));
        if (!IsMember(zone, to)) throw new ArgumentException($"{to} is no member of zone {zone}", nameof(to));
        Shard shard = OwnerOf(to);
        return OnShardAsync(shard, () =>
        {
            if (shard.IsDraining) throw new InvalidOperationException("this endpoint is being drained and takes no more files");
            OutgoingFile file = shard.Source.Open(name, open(), shard.Zones.Find(zone.ComputeHash())!.Ring, Node, to);
            var send = new FcpFileSend(file, one => shard.Host.Post(() => Cancel(shard, one)));
            shard.Sends.Add(file, send);
            shard.Core.Send(file);
            return send;
        });
    }

    private static void Cancel(Shard shard, FcpFileSend send)
    {
        if (!shard.Sends.Remove(send.File)) return; // it has ended
        shard.Core.Cancel(send.File);
        shard.Source.Close(send.File, () => send.CompletionSource.TrySetCanceled(CancellationToken.None));
        shard.CheckDrained();
    }

    /// <summary>Objects of one name are told apart by when they were sent, so no two are sent at the same time.</summary>
    private ulong NextObjectNanoseconds()
    {
        ulong now = (ulong)Math.Max(0, (Options.Time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks) * NanosecondsPerTick;
        lock (_objectsSent) return _lastObjectNanoseconds = Math.Max(now, _lastObjectNanoseconds + 1);
    }

    private ITransferStore NewStore(FcpEndpointOptions options, CryptoProvider crypto, NodeHost host)
    {
        if (options.ReceiveObjects is { } objects) return new ObjectStore(objects with { MemoryBytesMax = objects.MemoryBytesMax / options.Shards }, options.Time, host.Wake, Deliver);
        return options.ReceiveInto is { } folder
            ? new FileTransferStore(new FileStoreOptions(folder, options.Overwrites, options.FileBytesMax), host.Wake, crypto.NewHasher())
            : new ClosedStore();
    }

    private void Deliver(FcpObject received)
    {
        if (!_objects.Writer.TryWrite(received)) received.Dispose(); // the endpoint is closed
    }

    /// <summary>Erases what nobody has taken.</summary>
    private void CloseObjects()
    {
        _objects.Writer.TryComplete();
        while (_objects.Reader.TryRead(out FcpObject? left)) left.Dispose();
    }
}
