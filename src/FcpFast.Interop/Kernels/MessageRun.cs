using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Interop.Kernels;

/// <summary>One call of the engine that is wide inside a message: the lanes are blocks of one message, and messages are taken one after the other.</summary>
/// <remarks>
/// Shape:   the first pass gives key stream from block 0, the MAC key, on; it waits in the scratch until it may be used. A short message is done
///          with that; of a longer one the rest is combined pass by pass. Opening computes the MAC between the two, so that nothing is decrypted
///          before it verified.
/// Threads: lives on one stack.
/// Source:  [RFC 8439 §2.8], [draft-irtf-cfrg-xchacha §2.3].
/// </remarks>
internal readonly unsafe ref partial struct MessageRun
{
    public const int ScratchAlignment = 64;

    private const int CipherLanesMax = 16;

    // Where things lie in the scratch; what longer messages need comes last.
    private const int StateAt = 0;
    private const int SubkeyAt = StateAt + ChaCha20Pass.MessageStateBytes;
    private const int SumAt = SubkeyAt + CryptoSizes.KeyBytes;
    private const int TagAt = SumAt + Poly1305Sum.Bytes;
    private const int ZeroesAt = TagAt + (2 * Poly1305Sum.BlockBytes);
    private const int MacKeyAt = ZeroesAt + ChaCha20Pass.BlockBytes;
    private const int KeyStreamAt = MacKeyAt + ChaCha20Pass.BlockBytes; // right behind the MAC key, as block 1 is behind block 0
    private const int MacAt = KeyStreamAt + (CipherLanesMax * ChaCha20Pass.BlockBytes);

    /// <summary>Scratch for every width and length; it holds keys and is the caller's to erase, as far as <see cref="UsedBytes"/>.</summary>
    public const int ScratchBytes = MacAt + (Poly1305Lanes.ScratchVectors * 64);

    private readonly WidthKernels _kernels;
    private readonly byte* _scratch;
    private readonly byte* _key;
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

    public MessageRun(
        WidthKernels kernels, scoped in AeadBatch batch, byte* scratch, byte* key, byte* input, byte* output, byte* nonces, byte* associated,
        AeadItem* items)
    {
        // SAFETY: the pointers are those of the batch's spans and of the key, fixed by the caller as long as this lives; the batch proved the items.
        _kernels = kernels;
        _scratch = scratch;
        _key = key;
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
        ByteCopy.Clear64(scratch + ZeroesAt);
    }

    /// <summary>Bytes of the scratch, from its start, that this batch used.</summary>
    public int UsedBytes => UsesLanes ? MacAt + MacBytes : KeyStreamAt + (CipherFor(Blocks).Lanes * ChaCha20Pass.BlockBytes);

    private int Blocks => (_messageBytes + ChaCha20Pass.BlockBytes - 1) / ChaCha20Pass.BlockBytes;

    private uint* State => (uint*)(_scratch + StateAt); // SAFETY: the scratch is aligned and long enough, as all of the offsets here

    /// <summary>Seals every item; returns their number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Seal()
    {
        // SAFETY: the items, each with room for message and tag.
        unchecked
        {
            for (int i = 0; i < _itemCount; i++)
            {
                byte* input = _input + _items[i].InputOffset, output = _output + _items[i].OutputOffset;
                SetState(i);
                ChaCha20Kernel cipher = CipherFor(Blocks);
                if (cipher.Lanes <= _messageBytes / ChaCha20Pass.BlockBytes)
                {
                    cipher.CombineRunAndFirst(State, input, ChaCha20Pass.BlockBytes, output, _scratch + MacKeyAt);
                }
                else
                {
                    StreamFirst(cipher);
                    ByteCopy.Xor(input, _scratch + KeyStreamAt, output, _messageBytes);
                }

                Crypt(cipher.Lanes, input, output);
                ByteCopy.Copy16(Authenticate(output, i), output + _messageBytes);
            }

            return _itemCount;
        }
    }

    /// <summary>Opens every item whose tag verifies; returns how many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Open(bool* opened)
    {
        // SAFETY: the items, each with message and tag, and a verdict an item.
        unchecked
        {
            int total = 0;
            for (int i = 0; i < _itemCount; i++)
            {
                byte* input = _input + _items[i].InputOffset, output = _output + _items[i].OutputOffset;
                SetState(i);
                ChaCha20Kernel cipher = CipherFor(Blocks);
                StreamFirst(cipher);
                Vector128<byte> difference = ByteCopy.Read16(Authenticate(input, i)) ^ ByteCopy.Read16(input + _messageBytes);
                opened[i] = difference == Vector128<byte>.Zero; // one comparison of all 16 bytes, whatever differs
                if (opened[i])
                {
                    ByteCopy.Xor(input, _scratch + KeyStreamAt, output, Math.Min(_messageBytes, cipher.Lanes * ChaCha20Pass.BlockBytes));
                    Crypt(cipher.Lanes, input, output);
                    total++;
                }
                else
                {
                    new Span<byte>(output, _messageBytes).Clear();
                }
            }

            return total;
        }
    }

    /// <summary>Makes the state of an item's first block of data, after the subkey if the AEAD is the extended one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SetState(int item)
    {
        // SAFETY: the item's nonce.
        unchecked
        {
            byte* nonce = _nonces + ((nint)item * _nonceBytes);
            uint* words = (uint*)nonce;
            if (_isExtended)
            {
                byte* subkey = _scratch + SubkeyAt;
                ChaCha20Pass.DeriveSubkey(_key, nonce, subkey);
                ChaCha20Pass.SetMessageState(State, (uint*)subkey, 1, 0, words[4], words[5]);
            }
            else
            {
                ChaCha20Pass.SetMessageState(State, (uint*)_key, 1, words[0], words[1], words[2]);
            }
        }
    }

    /// <summary>Makes the MAC key and as much key stream as a pass gives, or as the message needs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void StreamFirst(in ChaCha20Kernel cipher)
    {
        // SAFETY: the scratch has room for a block a lane behind the MAC key.
        unchecked
        {
            if (cipher.HasRoomBeside || Blocks >= cipher.Lanes)
            {
                cipher.CombineRunAndFirst(State, _scratch + ZeroesAt, 0, _scratch + KeyStreamAt, _scratch + MacKeyAt);
            }
            else
            {
                State[ChaCha20Pass.CounterRow] = 0;
                cipher.CombineRun(State, _scratch + ZeroesAt, 0, _scratch + MacKeyAt);
            }
        }
    }

    /// <summary>Combines a message's blocks from one on with their key stream.</summary>
    /// <param name="block">The first, counted from 0.</param>
    /// <param name="input">The message.</param>
    /// <param name="output">Where it goes; the same memory or apart.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Crypt(int block, byte* input, byte* output)
    {
        // SAFETY: whole passes lie inside the message; the rest goes by way of the scratch.
        unchecked
        {
            byte* stream = _scratch + KeyStreamAt;
            int whole = _messageBytes / ChaCha20Pass.BlockBytes, blocks = Blocks;
            while (block < blocks)
            {
                ChaCha20Kernel cipher = CipherFor(blocks - block);
                nint at = (nint)block * ChaCha20Pass.BlockBytes;
                State[ChaCha20Pass.CounterRow] = (uint)(1 + block);
                if (block + cipher.Lanes <= whole)
                {
                    cipher.CombineRun(State, input + at, ChaCha20Pass.BlockBytes, output + at);
                }
                else
                {
                    cipher.CombineRun(State, _scratch + ZeroesAt, 0, stream);
                    ByteCopy.Xor(input + at, stream, output + at, Math.Min(_messageBytes - at, cipher.Lanes * ChaCha20Pass.BlockBytes));
                }

                block += cipher.Lanes;
            }
        }
    }

    private ChaCha20Kernel CipherFor(int blocks) => blocks <= _kernels.NarrowCipher.Lanes ? _kernels.NarrowCipher : _kernels.Cipher;
}
