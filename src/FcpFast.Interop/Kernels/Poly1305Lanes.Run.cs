using System.Runtime.CompilerServices;

namespace FcpFast.Interop.Kernels;

/// <summary>One message over all lanes: its blocks are dealt out in rows, so that each lane goes on by r^L where L is the number of lanes.</summary>
/// <remarks>
/// Shape:  with K = r^L a lane takes four rows as h' = h K^4 + m0 K^3 + m1 K^2 + m2 K + m3, by the tables that messages side by side have. At the
///         end the lane of block i is multiplied by r^(L - i), and the lanes are added up. What came before the rows enters as a last block of the
///         row before them.
/// </remarks>
internal static unsafe partial class Poly1305Lanes
{
    private const int Work = KeyToFourth, FactorVectors = 9, WorkVectors = 4 * FactorVectors; // before and after batches their place is free

    /// <summary>Makes the powers of the key, and takes over a sum whose last block is added but not multiplied.</summary>
    /// <param name="scratch">As for <see cref="Start"/>.</param>
    /// <param name="sum">The sum, and the key.</param>
    /// <param name="inBatches">True if <see cref="AbsorbRun"/> shall take four rows at once where it can.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void StartRun<TLanes, T>(byte* scratch, Poly1305Sum* sum, bool inBatches)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        // SAFETY: as in Start; a power a lane.
        unchecked
        {
            T* vectors = (T*)scratch;
            T zero = TLanes.Broadcast64(0);
            for (int i = 0; i < Limbs; i++) vectors[Sum + i] = zero;
            int lanes = 2 * TLanes.Groups;
            PutLimbs((ulong*)(vectors + Sum) + lanes - 1, lanes, Poly1305Residue.Reduce(sum->Sum));
            MakePowers<TLanes, T>(vectors, sum->Key);
            if (inBatches) Prepare<TLanes, T>(vectors);
        }
    }

    /// <summary>Adds rows: the message's next blocks, as many a row as there are lanes.</summary>
    /// <param name="scratch">As started.</param>
    /// <param name="inBatches">As started.</param>
    /// <param name="blocks">The first block.</param>
    /// <param name="rows">How many.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AbsorbRun<TLanes, T>(byte* scratch, bool inBatches, byte* blocks, nint rows)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        // SAFETY: as in Start; the caller vouches that the rows lie in readable memory.
        unchecked
        {
            T* vectors = (T*)scratch;
            T h0 = vectors[Sum], h1 = vectors[Sum + 1], h2 = vectors[Sum + 2], h3 = vectors[Sum + 3], h4 = vectors[Sum + 4];
            T* row = (T*)blocks;
            for (; inBatches && rows >= RowsPerBatch; rows -= RowsPerBatch, row += 2 * RowsPerBatch)
            {
                T d0 = vectors[HighBits], d1 = vectors[HighBits + 1], d2 = vectors[HighBits + 2], d3 = vectors[HighBits + 3], d4 = vectors[HighBits + 4];
                LoadRow<TLanes, T>(row, out T low, out T high);
                MultiplyWords<TLanes, T>(vectors + Tables + (2 * TableVectors), low, high, ref d0, ref d1, ref d2, ref d3, ref d4);
                LoadRow<TLanes, T>(row + 2, out low, out high);
                MultiplyWords<TLanes, T>(vectors + Tables + TableVectors, low, high, ref d0, ref d1, ref d2, ref d3, ref d4);
                LoadRow<TLanes, T>(row + 4, out low, out high);
                MultiplyWords<TLanes, T>(vectors + Tables, low, high, ref d0, ref d1, ref d2, ref d3, ref d4);
                Multiply<TLanes, T>(vectors + KeyToFourth, h0, h1, h2, h3, h4, ref d0, ref d1, ref d2, ref d3, ref d4);
                Carry<TLanes, T>(d0, d1, d2, d3, d4, out h0, out h1, out h2, out h3, out h4);
                LoadRow<TLanes, T>(row + 6, out low, out high);
                AddBlock<TLanes, T>(low, high, ref h0, ref h1, ref h2, ref h3, ref h4);
            }

            for (; rows > 0; rows--, row += 2)
            {
                T d0 = TLanes.Broadcast64(0), d1 = d0, d2 = d0, d3 = d0, d4 = d0;
                Multiply<TLanes, T>(vectors + Key, h0, h1, h2, h3, h4, ref d0, ref d1, ref d2, ref d3, ref d4);
                Carry<TLanes, T>(d0, d1, d2, d3, d4, out h0, out h1, out h2, out h3, out h4);
                LoadRow<TLanes, T>(row, out T low, out T high);
                AddBlock<TLanes, T>(low, high, ref h0, ref h1, ref h2, ref h3, ref h4);
            }

            vectors[Sum] = h0;
            vectors[Sum + 1] = h1;
            vectors[Sum + 2] = h2;
            vectors[Sum + 3] = h3;
            vectors[Sum + 4] = h4;
        }
    }

    /// <summary>Gives the sum of all lanes back, every block multiplied.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void EndRun<TLanes, T>(byte* scratch, Poly1305Sum* sum)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        // SAFETY: as in Start.
        unchecked
        {
            T* vectors = (T*)scratch;
            T d0 = TLanes.Broadcast64(0), d1 = d0, d2 = d0, d3 = d0, d4 = d0;
            Multiply<TLanes, T>(
                vectors + Ends, vectors[Sum], vectors[Sum + 1], vectors[Sum + 2], vectors[Sum + 3], vectors[Sum + 4], ref d0, ref d1, ref d2, ref d3, ref d4);
            T* products = vectors + Work;
            products[0] = d0;
            products[1] = d1;
            products[2] = d2;
            products[3] = d3;
            products[4] = d4;

            // Products are below 2^58, eight of them below 2^61.
            ulong h0 = AddUp<TLanes, T>(products), h1 = AddUp<TLanes, T>(products + 1) + (h0 >> 26), h2 = AddUp<TLanes, T>(products + 2) + (h1 >> 26);
            ulong h3 = AddUp<TLanes, T>(products + 3) + (h2 >> 26), h4 = AddUp<TLanes, T>(products + 4) + (h3 >> 26);
            h0 = (h0 & LimbMask) + (5 * (h4 >> 26)); // below 2^39
            h1 = (h1 & LimbMask) + (h0 >> 26);
            h2 = (h2 & LimbMask) + (h1 >> 26);
            h3 = (h3 & LimbMask) + (h2 >> 26);
            h4 = (h4 & LimbMask) + (h3 >> 26);
            h1 &= LimbMask;
            h2 &= LimbMask;
            h3 &= LimbMask;
            sum->Sum = new Poly1305Residue((h0 & LimbMask) | (h1 << 26) | (h2 << 52), (h2 >> 12) | (h3 << 14) | (h4 << 40), h4 >> 24);
        }
    }

    /// <summary>Makes r^L for all lanes, and for each lane the power that ends it.</summary>
    /// <remarks>With g groups, <see cref="LoadRow"/> puts blocks k and g + k of a row into group k: that ends with r^(2g - k) and r^(g - k).</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MakePowers<TLanes, T>(T* vectors, Poly1305Residue key)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        // SAFETY: as in Start.
        unchecked
        {
            ulong* limbs = stackalloc ulong[Limbs];
            PutLimbs(limbs, 1, key);
            T* first = vectors + Work, second = first + FactorVectors, third = second + FactorVectors, fourth = third + FactorVectors;
            Keep<TLanes, T>(
                first, TLanes.Broadcast64(limbs[0]), TLanes.Broadcast64(limbs[1]), TLanes.Broadcast64(limbs[2]), TLanes.Broadcast64(limbs[3]),
                TLanes.Broadcast64(limbs[4]));
            Multiply<TLanes, T>(first, first, second);
            T* highest = TLanes.Groups == 1 ? first : TLanes.Groups == 2 ? second : fourth; // r^g
            if (TLanes.Groups == 4)
            {
                Multiply<TLanes, T>(second, first, third);
                Multiply<TLanes, T>(second, second, fourth);
            }

            for (int i = 0; i < Limbs && TLanes.Groups > 1; i++)
            {
                T a = highest[i], b = TLanes.Groups == 2 ? first[i] : third[i], c = second[i], d = first[i];
                TLanes.TransposeGroups(ref a, ref b, ref c, ref d);
                vectors[Ends + i] = a; // r^(g - k)
            }

            T* low = TLanes.Groups == 1 ? first : vectors + Ends;
            Multiply<TLanes, T>(highest, highest, vectors + Key);
            Multiply<TLanes, T>(highest, low, third);
            Keep<TLanes, T>(
                vectors + Ends, TLanes.InterleaveLow64(third[0], low[0]), TLanes.InterleaveLow64(third[1], low[1]),
                TLanes.InterleaveLow64(third[2], low[2]), TLanes.InterleaveLow64(third[3], low[3]), TLanes.InterleaveLow64(third[4], low[4]));
        }
    }

    /// <summary>Keeps the product of a factor and the limbs of another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply<TLanes, T>(T* factor, T* limbs, T* product)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        // SAFETY: factors of MakePowers.
        unchecked
        {
            T d0 = TLanes.Broadcast64(0), d1 = d0, d2 = d0, d3 = d0, d4 = d0;
            Multiply<TLanes, T>(factor, limbs[0], limbs[1], limbs[2], limbs[3], limbs[4], ref d0, ref d1, ref d2, ref d3, ref d4);
            Carry<TLanes, T>(d0, d1, d2, d3, d4, out T h0, out T h1, out T h2, out T h3, out T h4);
            Keep<TLanes, T>(product, h0, h1, h2, h3, h4);
        }
    }

    /// <summary>Writes the limbs of a number, so many numbers apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutLimbs(ulong* limbs, int apart, Poly1305Residue value)
    {
        // SAFETY: a column of five vectors.
        unchecked
        {
            limbs[0] = value.Low & LimbMask;
            limbs[apart] = (value.Low >> 26) & LimbMask;
            limbs[2 * apart] = ((value.Low >> 52) | (value.High << 12)) & LimbMask;
            limbs[3 * apart] = (value.High >> 14) & LimbMask;
            limbs[4 * apart] = (value.High >> 40) | (value.Top << 24);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong AddUp<TLanes, T>(T* vector)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        // SAFETY: two lanes a group.
        unchecked
        {
            ulong sum = 0;
            for (int lane = 0; lane < 2 * TLanes.Groups; lane++) sum += ((ulong*)vector)[lane];
            return sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LoadRow<TLanes, T>(T* row, out T low, out T high)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        // SAFETY: two vectors are a block a lane.
        unchecked
        {
            low = TLanes.InterleaveLow64(row[0], row[1]);
            high = TLanes.InterleaveHigh64(row[0], row[1]);
        }
    }
}
