using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FcpFast.Interop.Kernels;

/// <summary>The MAC input of each message: padded associated data, padded ciphertext, lengths.</summary>
/// <remarks>Source: [RFC 8439 §2.8].</remarks>
internal readonly unsafe ref partial struct AeadRun
{
    private const int RowsBeforeBatchesPay = 12;

    /// <summary>Starts the MACs of a part; returns whether they take rows in batches.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool StartMacs(in Poly1305Kernel mac, int part, int count)
    {
        // SAFETY: a MAC key a lane, 64 bytes apart.
        unchecked
        {
            byte** lanes = (byte**)(_scratch + LanesAt);
            for (int i = 0; i < mac.Lanes; i++) lanes[i] = _scratch + MacKeysAt + ((part + Math.Min(i, count - 1)) * ChaCha20Pass.BlockBytes);
            bool inBatches = (_associatedBytes / Poly1305Lanes.RowBytes) + (_messageBytes / Poly1305Lanes.RowBytes) >= RowsBeforeBatchesPay;
            mac.Start(_scratch + MacAt, lanes, inBatches);
            return inBatches;
        }
    }

    /// <summary>Associated data: batches of rows from where they lie, and the rest from padded copies.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AbsorbAssociated(in Poly1305Kernel mac, bool inBatches, int firstItem, int count)
    {
        // SAFETY: associated data of the part's items; at most four rows are copied, which fit an edge.
        unchecked
        {
            byte** lanes = (byte**)(_scratch + LanesAt);
            byte* first = _associated + ((nint)firstItem * _associatedBytes);
            int direct = WholeBatches(_associatedBytes);
            if (direct > 0)
            {
                for (int i = 0; i < mac.Lanes; i++) lanes[i] = first + ((nint)Math.Min(i, count - 1) * _associatedBytes);
                mac.Absorb(_scratch + MacAt, inBatches, lanes, 0, direct / Poly1305Lanes.RowBytes);
            }

            int bytes = _associatedBytes - direct;
            if (bytes == 0) return;
            for (int i = 0; i < count; i++) Pad(first + ((nint)i * _associatedBytes) + direct, bytes, _scratch + EdgesAt + (i * EdgeBytes));
            for (int i = 0; i < mac.Lanes; i++) lanes[i] = _scratch + EdgesAt + (Math.Min(i, count - 1) * EdgeBytes);
            mac.Absorb(_scratch + MacAt, inBatches, lanes, 0, Rows(bytes));
        }
    }

    /// <summary>What follows the rows that were read in place, and the lengths; returns the tags, side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private byte* FinishMacs(in Poly1305Kernel mac, bool inBatches, byte** lanes, int count)
    {
        // SAFETY: lanes point to the part's messages; at most four rows and the lengths fit an edge.
        unchecked
        {
            int direct = WholeBatches(_messageBytes), bytes = _messageBytes - direct, rows = Rows(bytes);
            byte** edges = stackalloc byte*[MacLanesMax];
            int different = rows == 0 ? 1 : count; // without bytes of their own, all messages share one edge
            for (int i = 0; i < different; i++)
            {
                byte* edge = _scratch + EdgesAt + (i * EdgeBytes);
                Pad(lanes[i] + direct, bytes, edge);
                *(Vector128<ulong>*)(edge + (rows * Poly1305Lanes.RowBytes)) = Vector128.Create((ulong)_associatedBytes, (ulong)_messageBytes);
            }

            for (int i = 0; i < mac.Lanes; i++) edges[i] = _scratch + EdgesAt + (Math.Min(i, different - 1) * EdgeBytes);
            mac.Absorb(_scratch + MacAt, inBatches, edges, 0, rows + 1);
            mac.Finish(_scratch + MacAt, _scratch + TagsAt);
            return _scratch + TagsAt;
        }
    }

    /// <summary>Bytes at the front that are whole batches of rows, and are read where they lie.</summary>
    private static int WholeBatches(int bytes) => bytes / (Poly1305Lanes.RowsPerBatch * Poly1305Lanes.RowBytes) * (Poly1305Lanes.RowsPerBatch * Poly1305Lanes.RowBytes);

    private static int Rows(int bytes) => (bytes + Poly1305Lanes.RowBytes - 1) / Poly1305Lanes.RowBytes;

    /// <summary>Copies bytes and fills their last row with zeroes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pad(byte* from, int bytes, byte* to)
    {
        // SAFETY: the caller vouches that the bytes are readable; they are less than four rows and fit an edge.
        ByteCopy.Clear64(to);
        ByteCopy.Copy(from, to, bytes);
    }
}
