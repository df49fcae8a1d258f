using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Interop.Kernels;

/// <summary>One call of the wide engine: goes through the batch in groups that fill the vectors.</summary>
/// <remarks>
/// Shape:   a group is as many messages as the cipher has lanes; one pass makes all its MAC keys. Its messages are then taken in parts as wide as
///          the MAC kernel. Sealing goes in tiles, so that the MAC reads ciphertext that is still in the nearest cache; opening computes the MACs of
///          a part first, and then decrypts only what verified.
/// Threads: lives on one stack.
/// </remarks>
internal readonly unsafe ref partial struct AeadRun
{
    /// <summary>Scratch for every width; it holds keys and is the caller's to erase.</summary>
    public const int ScratchBytes = TagsAt + (LanesMax * CryptoSizes.TagBytes);

    public const int ScratchAlignment = 64;

    private const int LanesMax = 16;
    private const int MacLanesMax = 8;
    private const int NonceWords = 3;
    private const int EdgeBytes = 128; // room for the padded ends of one message
    private const int TileBlocks = 16;

    // Where things lie in the scratch.
    private const int StateAt = 0;
    private const int NoncesAt = StateAt + (ChaCha20Pass.StateWords * ChaCha20Pass.RowBytes);
    private const int SubkeysAt = NoncesAt + (NonceWords * ChaCha20Pass.RowBytes);
    private const int MacKeysAt = SubkeysAt + (ChaCha20Pass.SubkeyWords * ChaCha20Pass.RowBytes);
    private const int PartialsAt = MacKeysAt + (LanesMax * ChaCha20Pass.BlockBytes);
    private const int ZeroesAt = PartialsAt + (LanesMax * ChaCha20Pass.BlockBytes);
    private const int KeyAt = ZeroesAt + ChaCha20Pass.BlockBytes;
    private const int MessageStateAt = KeyAt + ChaCha20Pass.RowBytes;
    private const int InputsAt = MessageStateAt + ChaCha20Pass.MessageStateBytes;
    private const int OutputsAt = InputsAt + (LanesMax * sizeof(ulong));
    private const int LanesAt = OutputsAt + (LanesMax * sizeof(ulong));
    private const int EdgesAt = LanesAt + (LanesMax * sizeof(ulong));
    private const int MacAt = EdgesAt + (MacLanesMax * EdgeBytes);
    private const int TagsAt = MacAt + (Poly1305Lanes.ScratchVectors * 64);

    private readonly WidthKernels _kernels;
    private readonly byte* _scratch;
    private readonly byte* _input;
    private readonly byte* _output;
    private readonly byte* _nonces;
    private readonly byte* _associated;
    private readonly AeadItem* _items;
    private readonly int _itemCount;
    private readonly int _messageBytes;
    private readonly int _associatedBytes;
    private readonly int _nonceBytes;
    private readonly bool _isExtended;

    public AeadRun(
        WidthKernels kernels, scoped in AeadBatch batch, byte* scratch, byte* input, byte* output, byte* nonces, byte* associated, AeadItem* items)
    {
        // SAFETY: the pointers are those of the batch's spans, fixed by the caller as long as this lives; the batch proved the items.
        _kernels = kernels;
        _scratch = scratch;
        _input = input;
        _output = output;
        _nonces = nonces;
        _associated = associated;
        _items = items;
        _itemCount = batch.Items.Length;
        _messageBytes = batch.MessageBytes;
        _associatedBytes = batch.AssociatedDataBytes;
        _isExtended = batch.Algorithm == AeadAlgorithm.XChaCha20Poly1305;
        _nonceBytes = CryptoSizes.NonceBytes(batch.Algorithm);
    }

    private int Blocks => (_messageBytes + ChaCha20Pass.BlockBytes - 1) / ChaCha20Pass.BlockBytes;

    /// <summary>Seals every item; returns their number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Seal()
    {
        // SAFETY: parts lie inside the batch.
        for (int group = 0; group < _itemCount; group += _kernels.Cipher.Lanes)
        {
            int count = Math.Min(_kernels.Cipher.Lanes, _itemCount - group);
            MakeMacKeys(group, count);
            for (int part = 0; part < count; part += _kernels.MacLanes) SealPart(group, part, Math.Min(_kernels.MacLanes, count - part));
        }

        return _itemCount;
    }

    /// <summary>Opens every item whose tag verifies; returns how many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Open(bool* opened)
    {
        // SAFETY: parts lie inside the batch, and there is a verdict an item.
        int total = 0;
        for (int group = 0; group < _itemCount; group += _kernels.Cipher.Lanes)
        {
            int count = Math.Min(_kernels.Cipher.Lanes, _itemCount - group);
            MakeMacKeys(group, count);
            for (int part = 0; part < count; part += _kernels.MacLanes)
            {
                total += OpenPart(group, part, Math.Min(_kernels.MacLanes, count - part), opened + group + part);
            }
        }

        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SealPart(int group, int part, int count)
    {
        // SAFETY: the items of the part; the lanes point into the output, where all tiles were written before they are read.
        unchecked
        {
            byte* members = stackalloc byte[MacLanesMax];
            for (int i = 0; i < count; i++) members[i] = (byte)(part + i);
            Poly1305Kernel mac = _kernels.MacFor(count);
            bool inBatches = StartMacs(mac, part, count);
            AbsorbAssociated(mac, inBatches, group + part, count);
            byte** lanes = (byte**)(_scratch + LanesAt);
            for (int i = 0; i < mac.Lanes; i++) lanes[i] = _output + _items[group + part + Math.Min(i, count - 1)].OutputOffset;
            int blocks = Blocks, direct = WholeBatches(_messageBytes);
            for (int block = 0; block < blocks; block += TileBlocks)
            {
                int tile = Math.Min(TileBlocks, blocks - block);
                Crypt(group, members, count, block, tile);
                int start = block * ChaCha20Pass.BlockBytes, bytes = Math.Min(tile * ChaCha20Pass.BlockBytes, direct - start);
                if (bytes > 0) mac.Absorb(_scratch + MacAt, inBatches, lanes, start, bytes / Poly1305Lanes.RowBytes);
            }

            byte* tags = FinishMacs(mac, inBatches, lanes, count);
            for (int i = 0; i < count; i++) ByteCopy.Copy16(tags + (CryptoSizes.TagBytes * i), lanes[i] + _messageBytes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int OpenPart(int group, int part, int count, bool* opened)
    {
        // SAFETY: the items of the part; each input holds the message and its tag.
        unchecked
        {
            byte* members = stackalloc byte[MacLanesMax];
            Poly1305Kernel mac = _kernels.MacFor(count);
            bool inBatches = StartMacs(mac, part, count);
            AbsorbAssociated(mac, inBatches, group + part, count);
            byte** lanes = (byte**)(_scratch + LanesAt);
            for (int i = 0; i < mac.Lanes; i++) lanes[i] = _input + _items[group + part + Math.Min(i, count - 1)].InputOffset;
            int direct = WholeBatches(_messageBytes);
            if (direct > 0) mac.Absorb(_scratch + MacAt, inBatches, lanes, 0, direct / Poly1305Lanes.RowBytes);
            byte* tags = FinishMacs(mac, inBatches, lanes, count);

            int verified = 0;
            for (int i = 0; i < count; i++)
            {
                Vector128<byte> difference = ByteCopy.Read16(tags + (CryptoSizes.TagBytes * i)) ^ ByteCopy.Read16(lanes[i] + _messageBytes);
                opened[i] = difference == Vector128<byte>.Zero; // one comparison of all 16 bytes, whatever differs
                if (opened[i]) members[verified++] = (byte)(part + i);
                else new Span<byte>(_output + _items[group + part + i].OutputOffset, _messageBytes).Clear();
            }

            if (verified > 0) Crypt(group, members, verified, 0, Blocks);
            return verified;
        }
    }
}
