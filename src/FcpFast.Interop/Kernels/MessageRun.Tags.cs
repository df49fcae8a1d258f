using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FcpFast.Interop.Kernels;

/// <summary>The MAC of a message: padded associated data, padded ciphertext, lengths.</summary>
/// <remarks>
/// Shape:  of a message that is long enough, lanes take the ciphertext as far as it fills rows; all else goes block by block.
/// Source: [RFC 8439 §2.8].
/// </remarks>
internal readonly unsafe ref partial struct MessageRun
{
    private const int BlocksBeforeLanesPay = 16;
    private const int BlocksBeforeWidestPays = 1024;
    private const int RowsBeforeBatchesPay = 12;

    private int WholeBlocks => _messageBytes / Poly1305Sum.BlockBytes;

    private bool UsesLanes => WholeBlocks >= BlocksBeforeLanesPay;

    /// <summary>Powers for more lanes cost more: where 256 bits are not the widest, they are it for most messages.</summary>
    private Poly1305Kernel Mac => _kernels.OneTimeAuths[WholeBlocks >= BlocksBeforeWidestPays ? ^1 : Math.Min(1, _kernels.OneTimeAuths.Length - 1)];

    private bool InBatches => WholeBlocks / Mac.Lanes >= RowsBeforeBatchesPay;

    private int MacBytes => (InBatches ? Poly1305Lanes.ScratchVectors : Poly1305Lanes.FewScratchVectors) * Mac.VectorBytes;

    /// <summary>Computes the tag of an item whose ciphertext lies somewhere; returns where the tag is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private byte* Authenticate(byte* ciphertext, int item)
    {
        // SAFETY: the message and its associated data; rows lie inside the message.
        unchecked
        {
            Poly1305Sum* sum = (Poly1305Sum*)(_scratch + SumAt);
            byte* tag = _scratch + TagAt, associated = _associated + ((nint)item * _associatedBytes);
            sum->Start(_scratch + MacKeyAt);
            nint done = 0;
            if (UsesLanes)
            {
                Poly1305Kernel mac = Mac;
                nint rows = WholeBlocks / mac.Lanes;
                bool inBatches = InBatches;
                AbsorbPadded(sum, associated, _associatedBytes, multiplyLast: false);
                mac.StartRun(_scratch + MacAt, sum, inBatches);
                mac.AbsorbRun(_scratch + MacAt, inBatches, ciphertext, rows);
                mac.EndRun(_scratch + MacAt, sum);
                done = rows * mac.Lanes * Poly1305Sum.BlockBytes;
            }
            else
            {
                AbsorbPadded(sum, associated, _associatedBytes, multiplyLast: true);
            }

            AbsorbPadded(sum, ciphertext + done, _messageBytes - done, multiplyLast: true);
            *(Vector128<ulong>*)tag = Vector128.Create((ulong)_associatedBytes, (ulong)_messageBytes);
            sum->Absorb(tag, 1);
            sum->Finish(tag);
            return tag;
        }
    }

    /// <summary>Absorbs bytes, the last block filled up with zeroes and, if lanes go on, not multiplied.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AbsorbPadded(Poly1305Sum* sum, byte* bytes, nint count, bool multiplyLast)
    {
        // SAFETY: the caller vouches for the bytes; the tag's place holds a block.
        unchecked
        {
            if (count == 0) return;
            nint before = (count - 1) / Poly1305Sum.BlockBytes, rest = count - (before * Poly1305Sum.BlockBytes); // 1 to 16 bytes are the last block
            byte* block = _scratch + TagAt;
            *(Vector128<byte>*)block = default;
            ByteCopy.Copy(bytes + (before * Poly1305Sum.BlockBytes), block, (int)rest);
            sum->Absorb(bytes, before);
            if (multiplyLast) sum->Absorb(block, 1);
            else sum->AddBlock(block);
        }
    }
}
