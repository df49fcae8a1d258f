using System;
using FcpFast.Protocol.Batch;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Session;

namespace FcpFast.Tool.Bench.Frames;

/// <summary>The sending half of a data path: symbols of objects in memory become slabs of datagrams.</summary>
/// <remarks>
/// Shape:   a ring of objects of 64 KiB, sent over and over under new numbers; a frame has one symbol. Each object has one symbol's room
///          in which the caller may put what it wants to travel (<see cref="Next"/>).
/// Threads: one.
/// Cost:    no allocation after the constructor.
/// </remarks>
internal sealed class FrameSender<TAead, TMac> : IDisposable
    where TAead : struct, IAeadEngine
    where TMac : struct, IMacEngine
{
    private readonly SealBatch<TAead, TMac> _batch = new();
    private readonly Blake3Hasher? _hasher;
    private readonly FrameSecrets _secrets;
    private readonly PeerSession _session;
    private readonly ZoneKeyRing _ring;
    private readonly SealingStream _stream;
    private readonly int _symbolBytes;
    private readonly int _symbolsPerObject;
    private readonly byte[] _objects;
    private readonly ObjectId[] _ids;
    private int _object;
    private int _symbol;

    /// <summary>Makes a sender.</summary>
    /// <param name="secrets">Shared with the receiver.</param>
    /// <param name="symbolBytes">Data of a symbol; a divisor of 64 KiB.</param>
    /// <param name="objects">Objects in the ring.</param>
    /// <param name="hasher">Computes the id of each object anew when its first symbol is sent; null if ids do not matter.</param>
    public FrameSender(FrameSecrets secrets, int symbolBytes, int objects, Blake3Hasher? hasher = null)
    {
        _secrets = secrets;
        _session = secrets.NewSession(isSender: true);
        _ring = secrets.NewRing();
        _stream = secrets.NewStream(_ring);
        _symbolBytes = symbolBytes;
        _symbolsPerObject = FrameSecrets.ObjectBytes / symbolBytes;
        _hasher = hasher;
        _objects = BenchData.Make(BenchData.PlaintextSeed, objects * FrameSecrets.ObjectBytes);
        _ids = ObjectIds(secrets, _objects);
    }

    /// <summary>The ids of a block of objects.</summary>
    public static ObjectId[] ObjectIds(FrameSecrets secrets, ReadOnlySpan<byte> objects)
    {
        var hasher = new Blake3Hasher();
        var ids = new ObjectId[objects.Length / FrameSecrets.ObjectBytes];
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = ChunkIds.Compute(hasher, secrets.ObjectIdKey, secrets.Zone, objects.Slice(i * FrameSecrets.ObjectBytes, FrameSecrets.ObjectBytes));
        }

        return ids;
    }

    /// <summary>The plaintext of the symbol that is sealed next.</summary>
    public Span<byte> Next => _objects.AsSpan((_object * FrameSecrets.ObjectBytes) + (_symbol * _symbolBytes), _symbolBytes);

    /// <summary>Bytes of every datagram.</summary>
    public int DatagramBytes => _batch.DatagramBytes;

    /// <summary>Seals the next frames.</summary>
    /// <param name="slab">Where the datagrams go.</param>
    /// <param name="frames">How many; as many as fit at most.</param>
    /// <returns>Bytes of the slab used.</returns>
    public int Seal(Span<byte> slab, int frames)
    {
        _batch.Begin(slab.Length, _symbolBytes, 1, frames);
        for (int i = 0; i < frames; i++)
        {
            if (_hasher is not null && _symbol == 0) ComputeId(_hasher, _object);
            Invariant.Require(
                _batch.TryAdd(
                    _ids[_object], (ushort)_symbolsPerObject, (uint)_symbol, (_object * FrameSecrets.ObjectBytes) + (_symbol * _symbolBytes)),
                "the frames of a slab fit it");
            if (++_symbol < _symbolsPerObject) continue;
            _symbol = 0;
            _object = (_object + 1) % _ids.Length;
        }

        FcpStatus status = _batch.Finish(_session, _stream, _objects, slab, FrameSecrets.Now, out int usedBytes);
        Invariant.Require(status == FcpStatus.Accepted, "a bench ends before its stream does");
        return usedBytes;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream.Dispose();
        _ring.Dispose();
        _session.Dispose();
    }

    private void ComputeId(Blake3Hasher hasher, int index) => _ids[index] = ChunkIds.Compute(
        hasher, _secrets.ObjectIdKey, _secrets.Zone, _objects.AsSpan(index * FrameSecrets.ObjectBytes, FrameSecrets.ObjectBytes));
}
