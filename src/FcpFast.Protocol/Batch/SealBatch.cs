using System;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Wire;

namespace FcpFast.Protocol.Batch;

/// <summary>The send path: from symbols in memory to a slab of equal-size datagrams, ready for one system call.</summary>
/// <typeparam name="TAead">The AEAD engine.</typeparam>
/// <typeparam name="TMac">The MAC engine.</typeparam>
/// <remarks>
/// Shape:   begin, add symbols until one does not fit, finish. A frame holds symbols of one object; the last datagram may be shorter than the
///          others, then nothing follows it. Plaintext is read once and ciphertext written once, in its final place.
/// Errors:  numbers are taken before anything is sealed; if they cannot be, nothing is sealed.
/// Threads: one user at a time.
/// Cost:    no allocation; one AEAD call and one MAC call a slab.
/// Source:  [WIRE §4], [WIRE §5], [WIRE §6], [REPLAY §4.1], [REPLAY §4.4].
/// </remarks>
public sealed class SealBatch<TAead, TMac> : ISymbolPlanner
    where TAead : struct, IAeadEngine
    where TMac : struct, IMacEngine
{
    private readonly AeadItem[] _items = new AeadItem[BatchLimits.SymbolsMax];
    private readonly uint[] _esis = new uint[BatchLimits.SymbolsMax];
    private readonly PlannedFrame[] _frames = new PlannedFrame[BatchLimits.FramesMax];
    private readonly MacItem[] _macItems = new MacItem[BatchLimits.FramesMax];
    private readonly byte[] _nonces = new byte[BatchLimits.SymbolsMax * CryptoSizes.XChaChaNonceBytes];
    private readonly byte[] _associated = new byte[BatchLimits.SymbolsMax * SymbolCipher.AssociatedDataBytes];
    private readonly byte[] _macs = new byte[BatchLimits.FramesMax * CryptoSizes.MacBytes];
    private readonly TAead _aead;
    private readonly TMac _mac;
    private int _slabBytes;
    private int _symbolBytes;
    private int _symbolsPerFrame;
    private int _datagramBytes;
    private int _itemCount;
    private int _frameCount;
    private int _usedBytes;

    /// <summary>Makes a batch for one shard.</summary>
    public SealBatch(TAead aead = default, TMac mac = default)
    {
        _aead = aead;
        _mac = mac;
    }

    /// <summary>Frames planned or sealed.</summary>
    public int FrameCount => _frameCount;

    /// <summary>Symbols planned or sealed.</summary>
    public int SymbolCount => _itemCount;

    /// <summary>Bytes of every datagram but perhaps the last.</summary>
    public int DatagramBytes => _datagramBytes;

    /// <summary>The number of the first frame, once they are sealed; the others follow.</summary>
    public FrameSeq FirstSeq { get; private set; }

    /// <summary>Starts a slab.</summary>
    /// <param name="slabBytes">Its room, at most 64 KiB.</param>
    /// <param name="symbolBytes">Data of a symbol.</param>
    /// <param name="symbolsPerFrame">Symbols of a full frame.</param>
    /// <param name="framesMax">The most datagrams that one system call takes.</param>
    public void Begin(int slabBytes, int symbolBytes, int symbolsPerFrame, int framesMax = BatchLimits.FramesMax)
    {
        if (symbolBytes is < WireLimits.SymbolBytesMin or > WireLimits.SymbolBytesMax) ThrowHelper.BadArgument(nameof(symbolBytes), "256 to 16,384");
        if (symbolsPerFrame is < 1 or > WireLimits.SymbolsPerFrameMax) ThrowHelper.BadArgument(nameof(symbolsPerFrame), "1 to 256");
        _symbolBytes = symbolBytes;
        _symbolsPerFrame = symbolsPerFrame;
        _datagramBytes = DatagramLayout.HeaderBytes + FrameWriter.FrameBytes(symbolsPerFrame, symbolBytes);
        int frames = Math.Min(framesMax, BatchLimits.FramesMax);
        _slabBytes = Math.Min(Math.Min(slabBytes, BatchLimits.SlabBytes), (int)Math.Min(int.MaxValue, (long)frames * _datagramBytes));
        _itemCount = 0;
        _frameCount = 0;
        _usedBytes = 0;
    }

    /// <inheritdoc/>
    /// <remarks>False: finish the slab and begin another.</remarks>
    public bool TryAdd(ObjectId objectId, ushort k, uint esi, int sourceOffset)
    {
        if (_itemCount == BatchLimits.SymbolsMax) return false;
        bool joins = _frameCount > 0 && _frames[_frameCount - 1].Joins(objectId, k, _symbolsPerFrame);
        if (joins && esi <= _esis[_itemCount - 1]) return false; // ascending, so no ESI stands twice in a frame (D3)
        if (!joins && !TryOpenFrame(objectId, k)) return false;
        ref PlannedFrame frame = ref _frames[_frameCount - 1];
        int record = frame.Offset + DatagramLayout.HeaderBytes + FrameWriter.FrameBytes(frame.Symbols, _symbolBytes);
        _items[_itemCount] = new AeadItem(sourceOffset, record + FcpsLayout.RecordHeadBytes);
        _esis[_itemCount] = esi;
        _itemCount++;
        frame.Symbols++;
        _usedBytes = record + _symbolBytes + FcpsLayout.RecordOverheadBytes;
        return true;
    }

    /// <summary>Seals what was planned.</summary>
    /// <param name="session">Whose MAC key is used.</param>
    /// <param name="stream">Whose numbers and subkey are used.</param>
    /// <param name="source">The symbols' plaintext.</param>
    /// <param name="slab">Where the datagrams go; pinned by its owner.</param>
    /// <param name="now">The time.</param>
    /// <param name="usedBytes">Bytes of the slab that hold datagrams.</param>
    /// <returns><c>Accepted</c>; <c>MustRekey</c> if no number or no key is to be had; then nothing was sealed.</returns>
    public FcpStatus Finish(
        PeerSession session, SealingStream stream, ReadOnlySpan<byte> source, Span<byte> slab, Instant now, out int usedBytes)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(stream);
        usedBytes = 0;
        if (_frameCount == 0) return FcpStatus.Accepted;
        if (!session.CanSend) return FcpStatus.MustRekey;
        SecretKey? symbolKey = stream.SymbolKey;
        if (symbolKey is null) return FcpStatus.MustRekey;
        using KeyLease key = symbolKey.Lease();
        using KeyLease macKey = session.SendMacKey.Lease();
        if (!key.IsLive || !macKey.IsLive) return FcpStatus.MustRekey;
        int frameBytes = _usedBytes - (_frameCount * DatagramLayout.HeaderBytes);
        FcpStatus status = stream.Symbols.Take(_frameCount, (ulong)frameBytes, now, out FrameSeq first);
        if (status != FcpStatus.Accepted) return status;
        FirstSeq = first;
        session.CountSent(_frameCount, frameBytes);

        WriteFrames(stream, first, slab);
        var batch = new AeadBatch(
            stream.Algorithm, source, slab, _items.AsSpan(0, _itemCount), _symbolBytes,
            _nonces.AsSpan(0, _itemCount * CryptoSizes.NonceBytes(stream.Algorithm)),
            _associated.AsSpan(0, _itemCount * SymbolCipher.AssociatedDataBytes), SymbolCipher.AssociatedDataBytes, sealing: true);
        _aead.Seal(key.Bytes, batch);
        WriteEnvelopes(session, macKey.Bytes, first, slab);
        usedBytes = _usedBytes;
        return FcpStatus.Accepted;
    }

    private bool TryOpenFrame(ObjectId objectId, ushort k)
    {
        if (_frameCount == _frames.Length) return false;
        if (_frameCount > 0 && _frames[_frameCount - 1].Symbols < _symbolsPerFrame) return false; // a short datagram is the last one
        int offset = _frameCount * _datagramBytes;
        if (_slabBytes - offset < _datagramBytes) return false;
        _frames[_frameCount] = new PlannedFrame(objectId, k, offset, _itemCount);
        _frameCount++;
        return true;
    }

    /// <summary>Writes headers and record heads, and prepares nonces and associated data. Of a run, the first frame is the template.</summary>
    private void WriteFrames(SealingStream stream, FrameSeq first, Span<byte> slab)
    {
        int nonceBytes = CryptoSizes.NonceBytes(stream.Algorithm), template = 0;
        EpochId epoch = stream.Epoch;
        for (int i = 0; i < _frameCount; i++)
        {
            ref readonly PlannedFrame plan = ref _frames[i];
            var seq = new FrameSeq(first.Value + (ulong)i);
            Span<byte> header = slab.Slice(plan.Offset + DatagramLayout.HeaderBytes, FcpsLayout.HeaderBytes);
            if (i > 0 && plan.IsLike(_frames[template]))
            {
                slab.Slice(_frames[template].Offset + DatagramLayout.HeaderBytes, FcpsLayout.HeaderBytes).CopyTo(header);
                FcpsHeader.WriteSeq(header, seq);
            }
            else
            {
                template = i;
                new FcpsHeader(
                    FrameFlags.Default, (uint)plan.Symbols, (uint)(plan.Symbols * (_symbolBytes + FcpsLayout.RecordOverheadBytes)), plan.ObjectId,
                    (ushort)_symbolBytes, stream.ZoneKeyId, stream.ZoneHash, epoch, stream.Instance, seq).Write(header);
                SymbolCipher.WriteAssociatedData(
                    Associated(plan.FirstItem), plan.ObjectId, _esis[plan.FirstItem], plan.K, stream.ZoneHash, stream.ZoneKeyId, epoch);
            }

            Span<byte> associated = Associated(_frames[template].FirstItem);
            for (int item = plan.FirstItem; item < plan.FirstItem + plan.Symbols; item++)
            {
                uint esi = _esis[item];
                FrameWriter.WriteRecordHead(slab[(_items[item].OutputOffset - FcpsLayout.RecordHeadBytes)..], esi, plan.K);
                SymbolCipher.WriteNonce(stream.Algorithm, stream.Instance, seq, esi, _nonces.AsSpan(item * nonceBytes, nonceBytes));
                if (item == _frames[template].FirstItem) continue;
                associated.CopyTo(Associated(item));
                SymbolCipher.WriteAssociatedRecord(Associated(item), esi, plan.K);
            }
        }
    }

    private Span<byte> Associated(int item) => _associated.AsSpan(item * SymbolCipher.AssociatedDataBytes, SymbolCipher.AssociatedDataBytes);

    private void WriteEnvelopes(PeerSession session, ReadOnlySpan<byte> macKey, FrameSeq first, Span<byte> slab)
    {
        SessionId id = session.Id;
        Direction direction = session.SendDirection;
        for (int i = 0; i < _frameCount; i++)
        {
            ref readonly PlannedFrame plan = ref _frames[i];
            int frameBytes = FrameWriter.FrameBytes(plan.Symbols, _symbolBytes);
            DatagramWriter.WriteMacPrefix(slab[plan.Offset..], id, direction, new FrameSeq(first.Value + (ulong)i));
            _macItems[i] = new MacItem(plan.Offset + DatagramLayout.MacInputOffset, DatagramLayout.MacPrefixBytes + frameBytes);
        }

        Span<byte> macs = _macs.AsSpan(0, _frameCount * CryptoSizes.MacBytes);
        _mac.Compute(session.Suite, macKey, slab, _macItems.AsSpan(0, _frameCount), macs);
        for (int i = 0; i < _frameCount; i++)
        {
            DatagramWriter.WriteHeader(
                slab[_frames[i].Offset..], id, new FrameSeq(first.Value + (ulong)i),
                macs.Slice(i * CryptoSizes.MacBytes, CryptoSizes.MacBytes));
        }
    }

    private struct PlannedFrame(ObjectId objectId, ushort k, int offset, int firstItem)
    {
        public readonly ObjectId ObjectId = objectId;
        public readonly ushort K = k;
        public readonly int Offset = offset;
        public readonly int FirstItem = firstItem;
        public int Symbols;

        public readonly bool IsLike(in PlannedFrame other) => Symbols == other.Symbols && K == other.K && ObjectId == other.ObjectId;

        public readonly bool Joins(ObjectId objectId, ushort k, int symbolsPerFrame) =>
            Symbols < symbolsPerFrame && ObjectId == objectId && K == k;
    }
}
