using System;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Wire;

namespace FcpFast.Protocol.Batch;

/// <summary>The run of frames under one subkey that is being gathered, and its opening.</summary>
public sealed partial class OpenBatch<TAead, TSink>
{
    private readonly AeadItem[] _items = new AeadItem[BatchLimits.SymbolsMax];
    private readonly SymbolSlot[] _places = new SymbolSlot[BatchLimits.SymbolsMax];
    private readonly bool[] _opened = new bool[BatchLimits.SymbolsMax];
    private readonly byte[] _nonces = new byte[BatchLimits.SymbolsMax * CryptoSizes.XChaChaNonceBytes];
    private readonly byte[] _associated = new byte[BatchLimits.SymbolsMax * SymbolCipher.AssociatedDataBytes];
    private readonly GatheredFrame[] _frames = new GatheredFrame[BatchLimits.FramesMax];
    private FrameKey _key;
    private int _symbolBytes;
    private int _itemCount;
    private int _frameCount;

    /// <summary>
    /// Reserves the places of a frame's symbols and adds them to the run; a run of another key is opened first. <c>Undecided</c>, and nothing is
    /// reserved, if the run holds one of the places.
    /// </summary>
    private FcpStatus Gather(ReadOnlySpan<byte> slab, Span<FrameSlot> frames, int index, in FrameView frame, Instant now)
    {
        bool continues = _frameCount > 0 && _symbolBytes == frame.SymbolBytes && _key.IsSameSubkey(_headKey);
        if (!continues || _itemCount + (int)frame.SymbolCount > BatchLimits.SymbolsMax)
        {
            Flush(slab, frames, now);
            _key = _headKey;
            _symbolBytes = frame.SymbolBytes;
            _sink.Enter(frame.ZoneIdHash, _key.Stream!.Id.Source);
        }

        int first = _itemCount;
        FcpStatus refusal = FcpStatus.SlotFilled;
        for (int i = 0; i < frame.SymbolCount; i++)
        {
            FcpStatus status = AddSymbol(frames[index], frame, i, hasTemplate: _itemCount > first || (_frameCount > 0 && _frames[_frameCount - 1].Slot >= _head));
            if (status == FcpStatus.SlotFilled && Holds(first, frame.ObjectId, frame.Record(i).Esi))
            {
                for (; _itemCount > first; _itemCount--) Empty(_places[_itemCount - 1]);
                return FcpStatus.Undecided;
            }

            if (status != FcpStatus.Accepted) refusal = status;
        }

        if (_itemCount == first) return refusal; // nothing to open: the content window stays as it is
        _frames[_frameCount] = new GatheredFrame(index, first, frame.Epoch, (frame.Flags & FrameFlags.Compressed) != 0);
        _frameCount++;
        return FcpStatus.Accepted;
    }

    /// <summary>True if one of the first <paramref name="items"/> of the run is this symbol; asked only for a place that is not free.</summary>
    private bool Holds(int items, ObjectId objectId, uint esi)
    {
        Span<byte> symbol = stackalloc byte[SymbolCipher.AssociatedDataBytes];
        SymbolCipher.WriteAssociatedData(symbol, objectId, esi, 0, default, default, default);
        symbol = symbol[..SymbolCipher.ObjectAndEsiBytes];
        for (int item = 0; item < items; item++)
        {
            if (_associated.AsSpan(item * SymbolCipher.AssociatedDataBytes, symbol.Length).SequenceEqual(symbol)) return true;
        }

        return false;
    }

    /// <summary>Reserves the place of a symbol and adds it to the run.</summary>
    /// <param name="slot">Its frame's slot.</param>
    /// <param name="frame">Its frame.</param>
    /// <param name="index">Which of its symbols.</param>
    /// <param name="hasTemplate">True if the symbol gathered last has all but the record's head in common with it.</param>
    private FcpStatus AddSymbol(in FrameSlot slot, in FrameView frame, int index, bool hasTemplate)
    {
        SymbolRecordView record = frame.Record(index);
        FcpStatus status = _sink.Reserve(frame.ObjectId, frame.SymbolBytes, record.Esi, record.K, out SymbolSlot place);
        if (status != FcpStatus.Accepted) return status;
        int nonceBytes = CryptoSizes.NonceBytes(_key.Algorithm);
        _places[_itemCount] = place;
        _items[_itemCount] = new AeadItem(slot.FrameOffset + frame.RecordOffset(index) + FcpsLayout.RecordHeadBytes, place.Offset);
        SymbolCipher.WriteNonce(_key.Algorithm, slot.Instance, slot.Seq, record.Esi, _nonces.AsSpan(_itemCount * nonceBytes, nonceBytes));
        Span<byte> associated = _associated.AsSpan(_itemCount * SymbolCipher.AssociatedDataBytes, SymbolCipher.AssociatedDataBytes);
        if (hasTemplate)
        {
            _associated.AsSpan((_itemCount - 1) * SymbolCipher.AssociatedDataBytes, SymbolCipher.AssociatedDataBytes).CopyTo(associated);
            SymbolCipher.WriteAssociatedRecord(associated, record.Esi, record.K);
        }
        else
        {
            SymbolCipher.WriteAssociatedData(associated, frame.ObjectId, record.Esi, record.K, frame.ZoneIdHash, frame.ZoneKeyId, frame.Epoch);
        }

        _itemCount++;
        return FcpStatus.Accepted;
    }

    /// <summary>Opens the gathered run and settles each of its frames.</summary>
    private void Flush(ReadOnlySpan<byte> slab, Span<FrameSlot> frames, Instant now)
    {
        if (_frameCount == 0) return;
        Span<bool> opened = _opened.AsSpan(0, _itemCount);
        opened.Clear();
        SecretKey? subkey = _key.Parent is null ? null : _subkeys.GetOrDerive(_key.SubkeyId, _key.Parent);
        if (subkey is not null)
        {
            using KeyLease lease = subkey.Lease();
            if (lease.IsLive)
            {
                var batch = new AeadBatch(
                    _key.Algorithm, slab, _sink.Memory, _items.AsSpan(0, _itemCount), _symbolBytes,
                    _nonces.AsSpan(0, _itemCount * CryptoSizes.NonceBytes(_key.Algorithm)),
                    _associated.AsSpan(0, _itemCount * SymbolCipher.AssociatedDataBytes), SymbolCipher.AssociatedDataBytes, sealing: false);
                _aead.Open(lease.Bytes, batch, opened);
            }
        }

        for (int i = 0; i < _frameCount;)
        {
            int settled = SettleRun(frames, i, now);
            if (settled == 0)
            {
                Settle(ref frames[_frames[i].Slot], _frames[i], EndOf(i), now);
                settled = 1;
            }

            i += settled;
        }

        _frameCount = 0;
        _itemCount = 0;
        _key = default;
    }

    /// <summary>Behind the last item of a gathered frame.</summary>
    private int EndOf(int frame) => frame + 1 < _frameCount ? _frames[frame + 1].FirstItem : _itemCount;

    /// <summary>Commits the frames from this one on that opened whole and have numbers in a row; 0 if not even the first can be settled so.</summary>
    private int SettleRun(Span<FrameSlot> frames, int start, Instant now)
    {
        FrameSeq first = frames[_frames[start].Slot].Seq;
        bool isDirect = frames[_frames[start].Slot].Lane!.IsDirect;
        int end = start;
        while (end < _frameCount && !_frames[end].IsCompressed && frames[_frames[end].Slot].Lane!.IsDirect == isDirect
            && frames[_frames[end].Slot].Seq.Value == unchecked(first.Value + (ulong)(end - start)) // beyond the last number comes 0, which is never fresh
            && !_opened.AsSpan(_frames[end].FirstItem, EndOf(end) - _frames[end].FirstItem).Contains(false))
        {
            end++;
        }

        int committed = end == start ? 0 : _windows.CommitSymbolRun(_key.Stream!, first, end - start, isDirect, now);
        if (committed == 0) return 0;
        int items = EndOf(start + committed - 1);
        for (int item = _frames[start].FirstItem; item < items; item++) _sink.Fill(_places[item]);
        for (int i = start; i < start + committed; i++) frames[_frames[i].Slot].IsOpened = true;
        OpenedCount += committed;
        return committed;
    }

    /// <summary>Commits a frame of which all gathered symbols opened; else empties the places that it held.</summary>
    private void Settle(ref FrameSlot slot, in GatheredFrame frame, int end, Instant now)
    {
        FcpStatus status = _opened.AsSpan(frame.FirstItem, end - frame.FirstItem).Contains(false)
            ? FcpStatus.DecryptFailed
            : _windows.CommitSymbols(_key.Stream!, new ContentFrame(slot.Seq, frame.Epoch, slot.Lane!.IsDirect), now);
        if (status == FcpStatus.Accepted && frame.IsCompressed) status = FcpStatus.CompressionUnsupported;
        for (int item = frame.FirstItem; item < end; item++)
        {
            if (status == FcpStatus.Accepted) _sink.Fill(_places[item]);
            else Empty(_places[item]);
        }

        slot.Status = status;
        slot.IsOpened = status == FcpStatus.Accepted;
        if (slot.IsOpened) OpenedCount++;
        else if (status == FcpStatus.ReplayNotDurable) NotDurableCount++;
        else _counters.Count(status);
    }

    private void Empty(SymbolSlot place)
    {
        _sink.Memory.Slice(place.Offset, _symbolBytes).Clear();
        _sink.Release(place);
    }

    private readonly record struct GatheredFrame(int Slot, int FirstItem, EpochId Epoch, bool IsCompressed);
}
