using System;
using System.Buffers;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;

namespace FcpFast.Objects;

/// <summary>The memory of one object that comes in: pieces of a pool, taken as its chunks arrive.</summary>
/// <remarks>Threads: the shard's until the object is whole; then the application's.</remarks>
internal sealed class ObjectMemory : IDisposable
{
    /// <summary>What an object counts for beside its bytes.</summary>
    public const int OverheadBytes = 4096;

    private const int PieceBytes = 1024 * 1024;

    private readonly byte[]?[] _pieces;
    private readonly Action<ObjectMemory> _free;
    private bool _isFree;

    /// <param name="file">The object.</param>
    /// <param name="free">Told once, when the memory is given back; on any thread.</param>
    public ObjectMemory(IncomingFile file, Action<ObjectMemory> free)
    {
        File = file;
        _free = free;
        _pieces = new byte[]?[(SizeBytes + PieceBytes - 1) / PieceBytes];
    }

    public IncomingFile File { get; }

    public NodeId Source => File.Source;

    public long CountedBytes => CountOf(File);

    /// <summary>When its last chunk came.</summary>
    public long TouchedTimestamp { get; set; }

    private int SizeBytes => (int)File.Shape.SizeBytes; // the store takes none that is larger

    public static long CountOf(IncomingFile file) => (long)file.Shape.SizeBytes + OverheadBytes;

    /// <summary>Puts a verified chunk at its place.</summary>
    public void Write(ReadOnlySpan<byte> bytes, int offset)
    {
        while (!bytes.IsEmpty)
        {
            int piece = offset / PieceBytes, at = offset % PieceBytes, length = LengthOf(piece);
            int count = Math.Min(bytes.Length, length - at);
            bytes[..count].CopyTo((_pieces[piece] ??= ArrayPool<byte>.Shared.Rent(length)).AsSpan(at));
            bytes = bytes[count..];
            offset += count;
        }
    }

    /// <summary>The whole object, once every chunk is there.</summary>
    public ReadOnlySequence<byte> ToSequence()
    {
        if (_pieces.Length == 0) return ReadOnlySequence<byte>.Empty;
        var first = new Piece(_pieces[0].AsMemory(0, LengthOf(0)), 0);
        Piece last = first;
        for (int i = 1; i < _pieces.Length; i++) last = last.Append(_pieces[i].AsMemory(0, LengthOf(i)));
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    public void Dispose()
    {
        if (_isFree) return;
        _isFree = true;
        foreach (byte[]? piece in _pieces)
        {
            if (piece is not null) ArrayPool<byte>.Shared.Return(piece, clearArray: true);
        }

        Array.Clear(_pieces);
        _free(this);
    }

    private int LengthOf(int piece) => Math.Min(PieceBytes, SizeBytes - (piece * PieceBytes));

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, long index)
        {
            Memory = memory;
            RunningIndex = index;
        }

        public Piece Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Piece(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
