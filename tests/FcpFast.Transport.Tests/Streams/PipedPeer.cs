using System;
using System.IO.Pipelines;
using System.Threading.Tasks;
using FcpFast.Protocol.Wire;
using FcpFast.Transport.Streams;

namespace FcpFast.Transport.Tests.Streams;

/// <summary>The other side of a connection without a network: a write returns when the connection has looked at every byte of it.</summary>
internal sealed class PipedPeer : IDuplexPipe, IDisposable
{
    private readonly Pipe _toPort = new(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1, useSynchronizationContext: false));
    private readonly Pipe _fromPort = new(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1, useSynchronizationContext: false));

    public PipedPeer(StreamPort port)
    {
        StreamConnection? connection = port.Attach(this, this, NetAddress.IPv4([192, 0, 2, 1], 4711));
        Assert.NotNull(connection);
        Connection = connection;
    }

    public StreamConnection Connection { get; }

    PipeReader IDuplexPipe.Input => _toPort.Reader;

    PipeWriter IDuplexPipe.Output => _fromPort.Writer;

    public PipeReader Received => _fromPort.Reader;

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes) => _ = await _toPort.Writer.WriteAsync(bytes, TestContext.Current.CancellationToken);

    /// <summary>No more will come.</summary>
    public async Task CloseAsync() => await _toPort.Writer.CompleteAsync();

    /// <summary>The connection breaks it.</summary>
    public void Dispose()
    {
        _toPort.Writer.Complete();
        _fromPort.Reader.Complete();
    }
}
