using System.Runtime.CompilerServices;

namespace FcpFast.Interop.Kernels;

/// <summary>The arithmetic, and the powers of the keys.</summary>
internal static unsafe partial class Poly1305Lanes
{
    /// <summary>Makes the powers: r^4 for sums, tables of r, r^2 and r^3 for message words, and what the high bits of three blocks add up to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Prepare<TLanes, T>(T* scratch)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        // SAFETY: as in Start.
        unchecked
        {
            T r0 = scratch[Key], r1 = scratch[Key + 1], r2 = scratch[Key + 2], r3 = scratch[Key + 3], r4 = scratch[Key + 4];
            T c0 = TLanes.Broadcast64(0), c1 = c0, c2 = c0, c3 = c0, c4 = c0;
            for (int exponent = 1; exponent < RowsPerBatch; exponent++)
            {
                FillTable<TLanes, T>(scratch + Tables + ((exponent - 1) * TableVectors), r0, r1, r2, r3, r4, ref c0, ref c1, ref c2, ref c3, ref c4);
                T d0 = TLanes.Broadcast64(0), d1 = d0, d2 = d0, d3 = d0, d4 = d0;
                Multiply<TLanes, T>(scratch + Key, r0, r1, r2, r3, r4, ref d0, ref d1, ref d2, ref d3, ref d4);
                Carry<TLanes, T>(d0, d1, d2, d3, d4, out r0, out r1, out r2, out r3, out r4);
            }

            Keep<TLanes, T>(scratch + KeyToFourth, r0, r1, r2, r3, r4);
            scratch[HighBits] = c0;
            scratch[HighBits + 1] = c1;
            scratch[HighBits + 2] = c2;
            scratch[HighBits + 3] = c3;
            scratch[HighBits + 4] = c4;
        }
    }

    /// <summary>Writes r, 2^32 r, 2^64 r and 2^96 r, and adds 2^128 r to the high bits' share.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FillTable<TLanes, T>(
        T* table, T r0, T r1, T r2, T r3, T r4, ref T c0, ref T c1, ref T c2, ref T c3, ref T c4)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        unchecked
        {
            for (int word = 0; word < 4; word++, table += Limbs)
            {
                table[0] = r0;
                table[1] = r1;
                table[2] = r2;
                table[3] = r3;
                table[4] = r4;
                TimesTwoTo32<TLanes, T>(ref r0, ref r1, ref r2, ref r3, ref r4);
            }

            c0 = TLanes.Add64(c0, r0);
            c1 = TLanes.Add64(c1, r1);
            c2 = TLanes.Add64(c2, r2);
            c3 = TLanes.Add64(c3, r3);
            c4 = TLanes.Add64(c4, r4);
        }
    }

    /// <summary>Multiplies by 2^32 = 2^26 2^6: each limb moves up by one, the highest comes back five-fold; limbs stay below 2^26 + 2^9.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TimesTwoTo32<TLanes, T>(ref T r0, ref T r1, ref T r2, ref T r3, ref T r4)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        T mask = TLanes.Broadcast64(LimbMask);
        T d0 = TLanes.ShiftLeft64(TLanes.Add64(r4, TLanes.ShiftLeft64(r4, 2)), 6), d1 = TLanes.ShiftLeft64(r0, 6);
        T d2 = TLanes.ShiftLeft64(r1, 6), d3 = TLanes.ShiftLeft64(r2, 6), d4 = TLanes.ShiftLeft64(r3, 6);
        T over = TLanes.ShiftRight64(d4, 26);
        r0 = TLanes.Add64(TLanes.And(d0, mask), TLanes.Add64(over, TLanes.ShiftLeft64(over, 2)));
        r1 = TLanes.Add64(TLanes.And(d1, mask), TLanes.ShiftRight64(d0, 26));
        r2 = TLanes.Add64(TLanes.And(d2, mask), TLanes.ShiftRight64(d1, 26));
        r3 = TLanes.Add64(TLanes.And(d3, mask), TLanes.ShiftRight64(d2, 26));
        r4 = TLanes.Add64(TLanes.And(d4, mask), TLanes.ShiftRight64(d3, 26));
    }

    /// <summary>Keeps a factor: its limbs, then five times limbs 1 to 4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Keep<TLanes, T>(T* factor, T r0, T r1, T r2, T r3, T r4)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        unchecked
        {
            factor[0] = r0;
            factor[1] = r1;
            factor[2] = r2;
            factor[3] = r3;
            factor[4] = r4;
            factor[5] = TLanes.Add64(r1, TLanes.ShiftLeft64(r1, 2));
            factor[6] = TLanes.Add64(r2, TLanes.ShiftLeft64(r2, 2));
            factor[7] = TLanes.Add64(r3, TLanes.ShiftLeft64(r3, 2));
            factor[8] = TLanes.Add64(r4, TLanes.ShiftLeft64(r4, 2));
        }
    }

    /// <summary>One row alone: h = (h + m) r.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<TLanes, T>(T* factor, T low, T high, ref T h0, ref T h1, ref T h2, ref T h3, ref T h4)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        AddBlock<TLanes, T>(low, high, ref h0, ref h1, ref h2, ref h3, ref h4);
        T d0 = TLanes.Broadcast64(0), d1 = d0, d2 = d0, d3 = d0, d4 = d0;
        Multiply<TLanes, T>(factor, h0, h1, h2, h3, h4, ref d0, ref d1, ref d2, ref d3, ref d4);
        Carry<TLanes, T>(d0, d1, d2, d3, d4, out h0, out h1, out h2, out h3, out h4);
    }

    /// <summary>Adds a block with its high bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddBlock<TLanes, T>(T low, T high, ref T h0, ref T h1, ref T h2, ref T h3, ref T h4)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        Split<TLanes, T>(low, high, out T m0, out T m1, out T m2, out T m3, out T m4);
        h0 = TLanes.Add64(h0, m0);
        h1 = TLanes.Add64(h1, m1);
        h2 = TLanes.Add64(h2, m2);
        h3 = TLanes.Add64(h3, m3);
        h4 = TLanes.Add64(h4, TLanes.Or(m4, TLanes.Broadcast64(1 << 24)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Split<TLanes, T>(T low, T high, out T m0, out T m1, out T m2, out T m3, out T m4)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        T mask = TLanes.Broadcast64(LimbMask);
        m0 = TLanes.And(low, mask);
        m1 = TLanes.And(TLanes.ShiftRight64(low, 26), mask);
        m2 = TLanes.And(TLanes.Or(TLanes.ShiftRight64(low, 52), TLanes.ShiftLeft64(high, 12)), mask);
        m3 = TLanes.And(TLanes.ShiftRight64(high, 14), mask);
        m4 = TLanes.ShiftRight64(high, 40);
    }

    /// <summary>d += h times a factor. With limbs of h below 2^27.1 and of the factor below 2^26.1, each sum grows by less than 2^58.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply<TLanes, T>(
        T* factor, T h0, T h1, T h2, T h3, T h4, ref T d0, ref T d1, ref T d2, ref T d3, ref T d4)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        unchecked
        {
            MultiplyAdd<TLanes, T>(h0, factor[0], factor[1], factor[2], factor[3], factor[4], ref d0, ref d1, ref d2, ref d3, ref d4);
            MultiplyAdd<TLanes, T>(h1, factor[8], factor[0], factor[1], factor[2], factor[3], ref d0, ref d1, ref d2, ref d3, ref d4);
            MultiplyAdd<TLanes, T>(h2, factor[7], factor[8], factor[0], factor[1], factor[2], ref d0, ref d1, ref d2, ref d3, ref d4);
            MultiplyAdd<TLanes, T>(h3, factor[6], factor[7], factor[8], factor[0], factor[1], ref d0, ref d1, ref d2, ref d3, ref d4);
            MultiplyAdd<TLanes, T>(h4, factor[5], factor[6], factor[7], factor[8], factor[0], ref d0, ref d1, ref d2, ref d3, ref d4);
        }
    }

    /// <summary>d += a block's four words times a table. Each sum grows by less than 2^60.1, so three blocks and a product fit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyWords<TLanes, T>(T* table, T low, T high, ref T d0, ref T d1, ref T d2, ref T d3, ref T d4)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        unchecked
        {
            MultiplyAdd<TLanes, T>(low, table[0], table[1], table[2], table[3], table[4], ref d0, ref d1, ref d2, ref d3, ref d4);
            low = TLanes.ShiftRight64(low, 32);
            MultiplyAdd<TLanes, T>(low, table[5], table[6], table[7], table[8], table[9], ref d0, ref d1, ref d2, ref d3, ref d4);
            MultiplyAdd<TLanes, T>(high, table[10], table[11], table[12], table[13], table[14], ref d0, ref d1, ref d2, ref d3, ref d4);
            high = TLanes.ShiftRight64(high, 32);
            MultiplyAdd<TLanes, T>(high, table[15], table[16], table[17], table[18], table[19], ref d0, ref d1, ref d2, ref d3, ref d4);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyAdd<TLanes, T>(
        T word, T t0, T t1, T t2, T t3, T t4, ref T d0, ref T d1, ref T d2, ref T d3, ref T d4)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        d0 = TLanes.Add64(d0, TLanes.MultiplyLow32(word, t0));
        d1 = TLanes.Add64(d1, TLanes.MultiplyLow32(word, t1));
        d2 = TLanes.Add64(d2, TLanes.MultiplyLow32(word, t2));
        d3 = TLanes.Add64(d3, TLanes.MultiplyLow32(word, t3));
        d4 = TLanes.Add64(d4, TLanes.MultiplyLow32(word, t4));
    }

    /// <summary>Carries in two chains, 0 to 4 and 3 to 1, that run side by side; limbs come out below 2^26 + 2^13.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Carry<TLanes, T>(T d0, T d1, T d2, T d3, T d4, out T h0, out T h1, out T h2, out T h3, out T h4)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        T mask = TLanes.Broadcast64(LimbMask);
        d1 = TLanes.Add64(d1, TLanes.ShiftRight64(d0, 26));
        d4 = TLanes.Add64(d4, TLanes.ShiftRight64(d3, 26));
        h0 = TLanes.And(d0, mask);
        h3 = TLanes.And(d3, mask);
        d2 = TLanes.Add64(d2, TLanes.ShiftRight64(d1, 26));
        T over = TLanes.ShiftRight64(d4, 26);
        h1 = TLanes.And(d1, mask);
        h4 = TLanes.And(d4, mask);
        h3 = TLanes.Add64(h3, TLanes.ShiftRight64(d2, 26));
        h0 = TLanes.Add64(h0, TLanes.Add64(over, TLanes.ShiftLeft64(over, 2)));
        h2 = TLanes.And(d2, mask);
        h4 = TLanes.Add64(h4, TLanes.ShiftRight64(h3, 26));
        h1 = TLanes.Add64(h1, TLanes.ShiftRight64(h0, 26));
        h3 = TLanes.And(h3, mask);
        h0 = TLanes.And(h0, mask);
    }

    /// <summary>Loads four rows: the low and the high 64 bits of each lane's block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LoadFour<TLanes, T>(
        byte** lanes, nint offset, out T low0, out T high0, out T low1, out T high1, out T low2, out T high2, out T low3, out T high3)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        LoadPair<TLanes, T>(lanes, offset, 0, out low0, out high0);
        LoadPair<TLanes, T>(lanes, offset, 1, out low1, out high1);
        LoadPair<TLanes, T>(lanes, offset, 2, out low2, out high2);
        LoadPair<TLanes, T>(lanes, offset, 3, out low3, out high3);
        TLanes.TransposeGroups(ref low0, ref low1, ref low2, ref low3);
        TLanes.TransposeGroups(ref high0, ref high1, ref high2, ref high3);
    }

    /// <summary>As many blocks as there are groups, of two neighbouring lanes. With g groups, part i is the (i mod g)-th pair's (i / g)-th run of g blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LoadPair<TLanes, T>(byte** lanes, nint offset, int part, out T low, out T high)
        where TLanes : ILanes<T>
        where T : unmanaged
    {
        // SAFETY: lanes 0 to 2 g - 1 and bytes 0 to 63 behind the offset, which the caller vouched for.
        unchecked
        {
            int lane = 2 * (part % TLanes.Groups);
            offset += RowBytes * TLanes.Groups * (part / TLanes.Groups);
            T even = *(T*)(lanes[lane] + offset), odd = *(T*)(lanes[lane + 1] + offset);
            low = TLanes.InterleaveLow64(even, odd);
            high = TLanes.InterleaveHigh64(even, odd);
        }
    }
}
