using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Text;
using FcpFast.Node;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Ids;

namespace FcpFast.Tool.Reports;

/// <summary>Writes every number that a node accepts, opens or seals to a file: what a killed process did can be read afterwards.</summary>
/// <remarks>
/// Shape:   records of 32 bytes: kind (<c>A</c>ccepted, <c>O</c>pened, <c>S</c>ealed), three bytes of zero, u32 how many consecutive numbers,
///          u64 whose (start of the session id; of BLAKE3 of the source; the zone key id), u64 instance, u64 first number; little-endian. What a
///          slab brought is written by one call when it is done, what is sealed before it is sent: a kill tears nothing but the last record.
/// Threads: the shard's thread.
/// </remarks>
internal sealed class FrameJournal : IFrameAudit, IDisposable
{
    public const int RecordBytes = 32;
    private const int BufferBytes = 2048 * RecordBytes;

    private readonly FileStream _file;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly Dictionary<NodeId, ulong> _sources = [];
    private readonly Run[] _runs = new Run[3];
    private int _bufferBytes;

    /// <summary>Appends to a file; a record that a kill has torn is cut off.</summary>
    public FrameJournal(string path)
    {
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
        _file.SetLength(_file.Length / RecordBytes * RecordBytes);
        _file.Seek(0, SeekOrigin.End);
    }

    public void Accepted(SessionId session, SenderInstanceId instance, FrameSeq seq) => Add(0, (byte)'A', session.Value.Word0, instance, seq.Value, 1);

    public void Opened(NodeId source, SenderInstanceId instance, FrameSeq seq) => Add(1, (byte)'O', HashOf(source), instance, seq.Value, 1);

    public void Sealed(ZoneKeyId zoneKey, SenderInstanceId instance, FrameSeq first, int count) =>
        Add(2, (byte)'S', zoneKey.Value.Word, instance, first.Value, (uint)count);

    public void Flush()
    {
        for (int i = 0; i < _runs.Length; i++)
        {
            Write(_runs[i]);
            _runs[i] = default;
        }

        if (_bufferBytes == 0) return;
        _file.Write(_buffer, 0, _bufferBytes);
        _bufferBytes = 0;
    }

    public void Dispose()
    {
        Flush();
        _file.Dispose();
    }

    private void Add(int place, byte kind, ulong whose, SenderInstanceId instance, ulong first, uint count)
    {
        ref Run run = ref _runs[place];
        if (run.Count > 0 && run.Whose == whose && run.Instance == instance.Value && run.First + run.Count == first)
        {
            run.Count += count;
            return;
        }

        Write(run);
        run = new Run(kind, whose, instance.Value, first) { Count = count };
    }

    private void Write(in Run run)
    {
        if (run.Count == 0) return;
        if (_bufferBytes == _buffer.Length)
        {
            _file.Write(_buffer);
            _bufferBytes = 0;
        }

        Span<byte> record = _buffer.AsSpan(_bufferBytes, RecordBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(record, run.Kind);
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], run.Count);
        BinaryPrimitives.WriteUInt64LittleEndian(record[8..], run.Whose);
        BinaryPrimitives.WriteUInt64LittleEndian(record[16..], run.Instance);
        BinaryPrimitives.WriteUInt64LittleEndian(record[24..], run.First);
        _bufferBytes += RecordBytes;
    }

    private ulong HashOf(NodeId source)
    {
        if (_sources.TryGetValue(source, out ulong known)) return known;
        Span<byte> hash = stackalloc byte[CryptoSizes.HashBytes];
        var hasher = new Blake3Hasher();
        hasher.Update(Encoding.ASCII.GetBytes(source.ToString()));
        hasher.Finish(hash);
        return _sources[source] = BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }

    private struct Run(byte kind, ulong whose, ulong instance, ulong first)
    {
        public readonly byte Kind = kind;
        public readonly ulong Whose = whose;
        public readonly ulong Instance = instance;
        public readonly ulong First = first;
        public uint Count;
    }
}
