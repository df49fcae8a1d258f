using System;
using System.Runtime.CompilerServices;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Interop.Kernels;

/// <summary>The cipher: which block of which message goes to which lane.</summary>
internal readonly unsafe ref partial struct AeadRun
{
    private const int KeyRow = 4, CounterRow = 12, NonceRow = 13;
    private const int WordsPerRow = ChaCha20Pass.RowBytes / sizeof(uint);

    private uint* State => (uint*)(_scratch + StateAt); // SAFETY: the scratch is aligned and long enough, as all of the offsets here

    /// <summary>Fills in what all states of the batch share.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void SetKey(byte* key)
    {
        // SAFETY: 32 bytes of key.
        unchecked
        {
            ChaCha20Pass.SetKey(_scratch + StateAt, key);
            for (int i = 0; i < ChaCha20Pass.SubkeyWords; i++) ((uint*)(_scratch + KeyAt))[i] = Word(key, i);
            new Span<byte>(_scratch + ZeroesAt, ChaCha20Pass.BlockBytes).Clear();
        }
    }

    /// <summary>Collects the nonces of a group, derives its subkeys if the AEAD is the extended one, and makes its MAC keys: each message's block 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MakeMacKeys(int group, int count)
    {
        // SAFETY: lanes are below LanesMax, and items of the group inside the batch; lanes without a message repeat the last one.
        unchecked
        {
            ChaCha20Kernel cipher = count <= _kernels.NarrowCipher.Lanes ? _kernels.NarrowCipher : _kernels.Cipher;
            uint* nonces = (uint*)(_scratch + NoncesAt);
            for (int lane = 0; lane < cipher.Lanes; lane++)
            {
                byte* nonce = _nonces + ((nint)(group + Math.Min(lane, count - 1)) * _nonceBytes);
                if (_isExtended)
                {
                    for (int i = 0; i < 4; i++) State[((CounterRow + i) * WordsPerRow) + lane] = Word(nonce, i);
                    nonces[lane] = 0;
                    nonces[WordsPerRow + lane] = Word(nonce, 4);
                    nonces[(2 * WordsPerRow) + lane] = Word(nonce, 5);
                }
                else
                {
                    nonces[lane] = Word(nonce, 0);
                    nonces[WordsPerRow + lane] = Word(nonce, 1);
                    nonces[(2 * WordsPerRow) + lane] = Word(nonce, 2);
                }
            }

            if (_isExtended)
            {
                ChaCha20Pass.SetKey(_scratch + StateAt, _scratch + KeyAt);
                cipher.DeriveSubkeys(_scratch + StateAt, _scratch + SubkeysAt);
            }

            cipher.FirstBlocks(
                _scratch + StateAt, _isExtended ? _scratch + SubkeysAt : null, _scratch + NoncesAt, _scratch + ZeroesAt, _scratch + MacKeysAt,
                (byte**)(_scratch + InputsAt));
        }
    }

    /// <summary>Combines blocks of some messages of the group with their key stream, from the batch's input to its output.</summary>
    /// <param name="group">The group's first item.</param>
    /// <param name="members">Places in the group.</param>
    /// <param name="count">How many.</param>
    /// <param name="firstBlock">The first block of each message.</param>
    /// <param name="blocks">How many blocks of each.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Crypt(int group, byte* members, int count, int firstBlock, int blocks)
    {
        // SAFETY: a lane gets a whole block of a message, or a partial block by way of the scratch; lanes without a block work on the scratch alone.
        unchecked
        {
            int member = 0, block = firstBlock, end = firstBlock + blocks, wholeBlocks = _messageBytes / ChaCha20Pass.BlockBytes;
            while (member < count)
            {
                int lanes = _kernels.Cipher.Lanes;
                if (block + lanes <= Math.Min(end, wholeBlocks))
                {
                    int place = members[member];
                    nint offset = (nint)block * ChaCha20Pass.BlockBytes;
                    AeadItem item = _items[group + place];
                    SetMessageState(place, (uint)(1 + block));
                    _kernels.Cipher.CombineRun(
                        (uint*)(_scratch + MessageStateAt), _input + item.InputOffset + offset, ChaCha20Pass.BlockBytes, _output + item.OutputOffset + offset);
                    block += lanes;
                    if (block < end) continue;
                    member++;
                    block = firstBlock;
                    continue;
                }

                long left = ((long)(count - member) * blocks) - (block - firstBlock);
                ChaCha20Kernel cipher = left <= _kernels.NarrowCipher.Lanes ? _kernels.NarrowCipher : _kernels.Cipher;
                CryptMixed(cipher, group, members, count, ref member, ref block, firstBlock, end);
            }
        }
    }

    /// <summary>A pass over blocks of several messages; goes on with <paramref name="member"/> and <paramref name="block"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CryptMixed(
        in ChaCha20Kernel cipher, int group, byte* members, int count, ref int member, ref int block, int firstBlock, int end)
    {
        // SAFETY: as in Crypt.
        unchecked
        {
            byte** inputs = (byte**)(_scratch + InputsAt), outputs = (byte**)(_scratch + OutputsAt);
            byte* partials = _scratch + PartialsAt;
            int wholeBlocks = _messageBytes / ChaCha20Pass.BlockBytes, startMember = member, startBlock = block;
            for (int lane = 0; lane < cipher.Lanes; lane++)
            {
                inputs[lane] = _scratch + ZeroesAt;
                outputs[lane] = partials + (lane * ChaCha20Pass.BlockBytes);
                SetLane(lane, members[Math.Min(member, count - 1)], block);
                if (member == count) continue;
                if (block < wholeBlocks)
                {
                    AeadItem item = _items[group + members[member]];
                    inputs[lane] = _input + item.InputOffset + ((nint)block * ChaCha20Pass.BlockBytes);
                    outputs[lane] = _output + item.OutputOffset + ((nint)block * ChaCha20Pass.BlockBytes);
                }

                Advance(ref member, ref block, firstBlock, end);
            }

            cipher.Combine(_scratch + StateAt, inputs, outputs);
            if (end == wholeBlocks) return;
            for (int lane = 0; lane < cipher.Lanes && startMember < count; lane++)
            {
                if (startBlock == wholeBlocks) CombinePartial(_items[group + members[startMember]], partials + (lane * ChaCha20Pass.BlockBytes));
                Advance(ref startMember, ref startBlock, firstBlock, end);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Advance(ref int member, ref int block, int firstBlock, int end)
    {
        block++;
        if (block < end) return;
        member++;
        block = firstBlock;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SetLane(int lane, int place, int block)
    {
        // SAFETY: lane and place are below LanesMax.
        unchecked
        {
            uint* nonces = (uint*)(_scratch + NoncesAt) + place;
            uint* column = State + lane;
            column[CounterRow * WordsPerRow] = (uint)(1 + block);
            for (int i = 0; i < NonceWords; i++) column[(NonceRow + i) * WordsPerRow] = nonces[i * WordsPerRow];
            if (!_isExtended) return;
            uint* subkeys = (uint*)(_scratch + SubkeysAt) + place;
            for (int i = 0; i < ChaCha20Pass.SubkeyWords; i++) column[(KeyRow + i) * WordsPerRow] = subkeys[i * WordsPerRow];
        }
    }

    /// <summary>The state of one message of the group, of which it has a column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SetMessageState(int place, uint counter)
    {
        // SAFETY: place is below LanesMax.
        unchecked
        {
            uint* nonces = (uint*)(_scratch + NoncesAt) + place, subkeys = (uint*)(_scratch + SubkeysAt) + place, state = (uint*)(_scratch + MessageStateAt);
            ChaCha20Pass.SetMessageState(
                state, (uint*)(_scratch + KeyAt), counter, nonces[0], nonces[WordsPerRow], nonces[2 * WordsPerRow]);
            if (!_isExtended) return;
            for (int i = 0; i < ChaCha20Pass.SubkeyWords; i++) state[KeyRow + i] = subkeys[i * WordsPerRow];
        }
    }

    /// <summary>The last block of a message that does not fill it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CombinePartial(AeadItem item, byte* keyStream)
    {
        // SAFETY: the bytes from the last whole block to the end of the message.
        unchecked
        {
            int start = _messageBytes / ChaCha20Pass.BlockBytes * ChaCha20Pass.BlockBytes;
            ByteCopy.Xor(_input + item.InputOffset + start, keyStream, _output + item.OutputOffset + start, _messageBytes - start);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Word(byte* bytes, int index) => ((uint*)bytes)[index]; // SAFETY: inside key or nonce; the kernels run on little-endian machines only
}
