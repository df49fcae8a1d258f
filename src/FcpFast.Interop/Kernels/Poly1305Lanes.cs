using System.Runtime.CompilerServices;

namespace FcpFast.Interop.Kernels;

/// <summary>Poly1305 over messages of one length, one message a 64-bit lane, each under its own key.</summary>
/// <remarks>
/// Shape:  numbers modulo p = 2^130 - 5 in five limbs of 26 bits. Rows of blocks are taken four at a time:
///         h' = (h + m0) r^4 + m1 r^3 + m2 r^2 + m3 r + (the high bits' share), reduced once. For m1 to m3 the message words multiply tables of
///         r^e 2^32w (w = 0 to 3), so that they need not be split into limbs. No branch and no address depends on key or data.
/// Units:  a row is one block of 16 bytes of every lane. Every block is whole: the AEAD pads with zeroes.
/// Source: [RFC 8439 §2.5], [RFC 8439 §2.8].
/// </remarks>
internal static unsafe partial class Poly1305Lanes
{
    public const int RowBytes = 16;
    public const int RowsPerBatch = 4;

    /// <summary>Vectors of scratch that one run needs.</summary>
    public const int ScratchVectors = Tables + ((RowsPerBatch - 1) * TableVectors);

    /// <summary>Of these, what a run uses that does not take rows in batches.</summary>
    public const int FewScratchVectors = Work + WorkVectors;

    // Where things lie in the scratch, in vectors.
    private const int Sum = 0, Pads = 5, Key = 7, Ends = 16, KeyToFourth = 25, HighBits = 34, Tables = 39;
    private const int Limbs = 5, TableVectors = 20;
    private const uint LimbMask = (1 << 26) - 1;

    /// <summary>Takes the keys and, if more than a few rows will come, prepares their powers.</summary>
    /// <param name="scratch"><see cref="ScratchVectors"/> vectors, aligned to their size; as secret as the keys, and the caller's to erase.</param>
    /// <param name="keys">One pointer a lane to a key of 32 bytes, with 64 readable.</param>
    /// <param name="inBatches">True if <see cref="Absorb"/> shall take four rows at once where it can.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Start<TLanes, T>(byte* scratch, byte** keys, bool inBatches)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        // SAFETY: the caller vouches for scratch and pointers; all indices are constants below ScratchVectors.
        unchecked
        {
            T* vectors = (T*)scratch;
            LoadFour<TLanes, T>(keys, 0, out T low0, out T high0, out T low1, out T high1, out _, out _, out _, out _);
            vectors[Pads] = low1;
            vectors[Pads + 1] = high1;
            low0 = TLanes.And(low0, TLanes.Broadcast64(0x0FFF_FFFC_0FFF_FFFF));
            high0 = TLanes.And(high0, TLanes.Broadcast64(0x0FFF_FFFC_0FFF_FFFC));
            Split<TLanes, T>(low0, high0, out T r0, out T r1, out T r2, out T r3, out T r4);
            Keep<TLanes, T>(vectors + Key, r0, r1, r2, r3, r4);
            T zero = TLanes.Broadcast64(0);
            for (int i = 0; i < Limbs; i++) vectors[Sum + i] = zero;
            if (inBatches) Prepare<TLanes, T>(vectors);
        }
    }

    /// <summary>Adds rows.</summary>
    /// <param name="scratch">As started.</param>
    /// <param name="inBatches">As started.</param>
    /// <param name="lanes">One pointer a lane to the rows' bytes; readable up to the next multiple of four rows.</param>
    /// <param name="offset">Where in each lane to begin.</param>
    /// <param name="rows">How many.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Absorb<TLanes, T>(byte* scratch, bool inBatches, byte** lanes, nint offset, nint rows)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        // SAFETY: as in Start; the caller vouches that the rows lie in readable memory.
        unchecked
        {
            nint batches = inBatches ? rows / RowsPerBatch : 0;
            if (batches > 0) AbsorbBatches<TLanes, T>((T*)scratch, lanes, offset, batches);
            nint done = batches * RowsPerBatch;
            if (done < rows) AbsorbOneByOne<TLanes, T>((T*)scratch, lanes, offset + (done * RowBytes), rows - done);
        }
    }

    /// <summary>Reduces the sums and adds the second halves of the keys.</summary>
    /// <param name="scratch">As started.</param>
    /// <param name="tags">16 bytes a lane, lane after lane.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Finish<TLanes, T>(byte* scratch, byte* tags)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        // SAFETY: as in Start; tags has 16 bytes a lane, of which there are two a group.
        unchecked
        {
            T* vectors = (T*)scratch;
            Carry<TLanes, T>(
                vectors[Sum], vectors[Sum + 1], vectors[Sum + 2], vectors[Sum + 3], vectors[Sum + 4], out T h0, out T h1, out T h2, out T h3, out T h4);
            T mask = TLanes.Broadcast64(LimbMask);
            h2 = TLanes.Add64(h2, TLanes.ShiftRight64(h1, 26)); // the last small carries, so that every limb has 26 bits
            h1 = TLanes.And(h1, mask);
            h3 = TLanes.Add64(h3, TLanes.ShiftRight64(h2, 26));
            h2 = TLanes.And(h2, mask);
            h4 = TLanes.Add64(h4, TLanes.ShiftRight64(h3, 26));
            h3 = TLanes.And(h3, mask);
            T over = TLanes.ShiftRight64(h4, 26);
            h4 = TLanes.And(h4, mask);
            h0 = TLanes.Add64(h0, TLanes.Add64(over, TLanes.ShiftLeft64(over, 2)));
            h1 = TLanes.Add64(h1, TLanes.ShiftRight64(h0, 26));
            h0 = TLanes.And(h0, mask);

            // h + 5 reaches 2^130 exactly if h is not below p; then h - p is wanted, which is (h + 5) modulo 2^130.
            T carry = TLanes.ShiftRight64(TLanes.Add64(h0, TLanes.Broadcast64(5)), 26);
            carry = TLanes.ShiftRight64(TLanes.Add64(h1, carry), 26);
            carry = TLanes.ShiftRight64(TLanes.Add64(h2, carry), 26);
            carry = TLanes.ShiftRight64(TLanes.Add64(h3, carry), 26);
            carry = TLanes.ShiftRight64(TLanes.Add64(h4, carry), 26); // 1 or 0
            h0 = TLanes.Add64(h0, TLanes.Add64(carry, TLanes.ShiftLeft64(carry, 2)));

            // Modulo 2^128: low and high 64 bits, by halves of 32 bits so that carries can be seen.
            T half = TLanes.Broadcast64(uint.MaxValue);
            h1 = TLanes.Add64(h1, TLanes.ShiftRight64(h0, 26));
            h0 = TLanes.And(h0, mask);
            h2 = TLanes.Add64(h2, TLanes.ShiftRight64(h1, 26));
            h1 = TLanes.And(h1, mask);
            h3 = TLanes.Add64(h3, TLanes.ShiftRight64(h2, 26));
            h2 = TLanes.And(h2, mask);
            h4 = TLanes.Add64(h4, TLanes.ShiftRight64(h3, 26));
            h3 = TLanes.And(h3, mask);
            T low = TLanes.Or(TLanes.Or(h0, TLanes.ShiftLeft64(h1, 26)), TLanes.ShiftLeft64(h2, 52));
            T high = TLanes.Or(TLanes.Or(TLanes.ShiftRight64(h2, 12), TLanes.ShiftLeft64(h3, 14)), TLanes.ShiftLeft64(h4, 40));
            T padLow = vectors[Pads], padHigh = vectors[Pads + 1];
            T word0 = TLanes.Add64(TLanes.And(low, half), TLanes.And(padLow, half));
            T word1 = TLanes.Add64(TLanes.Add64(TLanes.ShiftRight64(low, 32), TLanes.ShiftRight64(padLow, 32)), TLanes.ShiftRight64(word0, 32));
            low = TLanes.Or(TLanes.And(word0, half), TLanes.ShiftLeft64(word1, 32));
            high = TLanes.Add64(TLanes.Add64(high, padHigh), TLanes.ShiftRight64(word1, 32));

            T* places = stackalloc T[2];
            places[0] = TLanes.InterleaveLow64(low, high); // in each group: the tag of the lane with the even number
            places[1] = TLanes.InterleaveHigh64(low, high);
            for (int group = 0; group < TLanes.Groups; group++)
            {
                ByteCopy.Copy16((byte*)places + (RowBytes * group), tags + (2 * RowBytes * group));
                ByteCopy.Copy16((byte*)(places + 1) + (RowBytes * group), tags + (2 * RowBytes * group) + RowBytes);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AbsorbBatches<TLanes, T>(T* scratch, byte** lanes, nint offset, nint batches)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        // SAFETY: as in Absorb.
        unchecked
        {
            T h0 = scratch[Sum], h1 = scratch[Sum + 1], h2 = scratch[Sum + 2], h3 = scratch[Sum + 3], h4 = scratch[Sum + 4];
            for (; batches > 0; batches--, offset += RowsPerBatch * RowBytes)
            {
                LoadFour<TLanes, T>(
                    lanes, offset, out T low0, out T high0, out T low1, out T high1, out T low2, out T high2, out T low3, out T high3);
                T d0 = scratch[HighBits], d1 = scratch[HighBits + 1], d2 = scratch[HighBits + 2], d3 = scratch[HighBits + 3], d4 = scratch[HighBits + 4];

                // The old sum comes last: these products do not wait for its carries.
                MultiplyWords<TLanes, T>(scratch + Tables + (2 * TableVectors), low1, high1, ref d0, ref d1, ref d2, ref d3, ref d4);
                MultiplyWords<TLanes, T>(scratch + Tables + TableVectors, low2, high2, ref d0, ref d1, ref d2, ref d3, ref d4);
                MultiplyWords<TLanes, T>(scratch + Tables, low3, high3, ref d0, ref d1, ref d2, ref d3, ref d4);
                AddBlock<TLanes, T>(low0, high0, ref h0, ref h1, ref h2, ref h3, ref h4);
                Multiply<TLanes, T>(scratch + KeyToFourth, h0, h1, h2, h3, h4, ref d0, ref d1, ref d2, ref d3, ref d4);
                Carry<TLanes, T>(d0, d1, d2, d3, d4, out h0, out h1, out h2, out h3, out h4);
            }

            scratch[Sum] = h0;
            scratch[Sum + 1] = h1;
            scratch[Sum + 2] = h2;
            scratch[Sum + 3] = h3;
            scratch[Sum + 4] = h4;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AbsorbOneByOne<TLanes, T>(T* scratch, byte** lanes, nint offset, nint rows)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        // SAFETY: as in Absorb.
        unchecked
        {
            T* row = stackalloc T[2 * RowsPerBatch];
            T h0 = scratch[Sum], h1 = scratch[Sum + 1], h2 = scratch[Sum + 2], h3 = scratch[Sum + 3], h4 = scratch[Sum + 4];
            for (nint i = 0; i < rows; i++)
            {
                if (i % RowsPerBatch == 0)
                {
                    LoadFour<TLanes, T>(
                        lanes, offset + (i * RowBytes), out row[0], out row[1], out row[2], out row[3], out row[4], out row[5], out row[6], out row[7]);
                }

                nint at = 2 * (i % RowsPerBatch);
                Step<TLanes, T>(scratch + Key, row[at], row[at + 1], ref h0, ref h1, ref h2, ref h3, ref h4);
            }

            scratch[Sum] = h0;
            scratch[Sum + 1] = h1;
            scratch[Sum + 2] = h2;
            scratch[Sum + 3] = h3;
            scratch[Sum + 4] = h4;
        }
    }
}
