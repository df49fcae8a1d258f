using System.Runtime.CompilerServices;

namespace FcpFast.Interop.Kernels;

/// <summary>Poly1305 over one message, block by block: what lanes are not worth, and what they leave.</summary>
/// <remarks>
/// Shape:   stands in scratch; as secret as the key, and the caller's to erase.
/// Threads: one at a time.
/// Source:  [RFC 8439 §2.5].
/// </remarks>
internal unsafe struct Poly1305Sum
{
    public const int Bytes = 64;
    public const int BlockBytes = 16;

    private Poly1305Residue _sum;
    private ulong _keyLow;
    private ulong _keyHigh;
    private ulong _padLow;
    private ulong _padHigh;

    /// <summary>The key r.</summary>
    public readonly Poly1305Residue Key => new(_keyLow, _keyHigh, 0);

    /// <summary>The sum of the blocks so far.</summary>
    public Poly1305Residue Sum
    {
        readonly get => _sum;
        set => _sum = value;
    }

    /// <summary>Takes a key of 32 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Start(byte* key)
    {
        // SAFETY: the caller vouches for 32 bytes; the kernels run on little-endian machines only.
        unchecked
        {
            ulong* words = (ulong*)key;
            _sum = default;
            _keyLow = words[0] & 0x0FFF_FFFC_0FFF_FFFF;
            _keyHigh = words[1] & 0x0FFF_FFFC_0FFF_FFFC;
            _padLow = words[2];
            _padHigh = words[3];
        }
    }

    /// <summary>Adds whole blocks that lie one behind the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Absorb(byte* blocks, nint count)
    {
        // SAFETY: the caller vouches for the blocks.
        unchecked
        {
            ulong r0 = _keyLow, r1 = _keyHigh, s1 = r1 + (r1 >> 2); // r1 is a multiple of 4, so that r1 2^128 = 5/4 r1 modulo p
            ulong h0 = _sum.Low, h1 = _sum.High, h2 = _sum.Top;
            for (; count > 0; count--, blocks += BlockBytes)
            {
                ulong m0 = ((ulong*)blocks)[0], m1 = ((ulong*)blocks)[1];
                h0 += m0;
                ulong carry = Poly1305Residue.Below(h0, m0);
                h1 += m1;
                h2 += 1 + Poly1305Residue.Below(h1, m1); // the block's high bit
                h1 += carry;
                h2 += Poly1305Residue.Below(h1, carry);

                ulong high0 = Poly1305Residue.Product(h0, r0, out ulong low0), more0 = Poly1305Residue.Product(h1, s1, out ulong less0);
                ulong high1 = Poly1305Residue.Product(h0, r1, out ulong low1), more1 = Poly1305Residue.Product(h1, r0, out ulong less1);
                ulong least1 = h2 * s1, low2 = h2 * r0; // h2 is below 8, r0 and r1 below 2^60
                low0 += less0;
                high0 += more0 + Poly1305Residue.Below(low0, less0);
                low1 += less1;
                high1 += more1 + Poly1305Residue.Below(low1, less1);
                low1 += least1;
                high1 += Poly1305Residue.Below(low1, least1);
                low1 += high0;
                low2 += high1 + Poly1305Residue.Below(low1, high0);

                ulong over = (low2 >> 2) + (low2 & ~3ul);
                h0 = low0 + over;
                carry = Poly1305Residue.Below(h0, over);
                h1 = low1 + carry;
                h2 = (low2 & 3) + Poly1305Residue.Below(h1, carry);
            }

            _sum = new Poly1305Residue(h0, h1, h2);
        }
    }

    /// <summary>Adds a block without multiplying, as lanes ask for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddBlock(byte* block)
    {
        // SAFETY: as above.
        unchecked
        {
            _sum = Poly1305Residue.Add(_sum, new Poly1305Residue(((ulong*)block)[0], ((ulong*)block)[1], 1));
        }
    }

    /// <summary>Reduces the sum and adds the second half of the key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Finish(byte* tag)
    {
        // SAFETY: the caller vouches for 16 bytes.
        unchecked
        {
            // h + 5 reaches 2^130 exactly if h is not below p; then h - p is wanted, which is (h + 5) modulo 2^130.
            Poly1305Residue sum = Poly1305Residue.Reduce(_sum), more = Poly1305Residue.Add(sum, new Poly1305Residue(5, 0, 0));
            ulong mask = 0 - (more.Top >> 2);
            ulong low = (sum.Low & ~mask) | (more.Low & mask), high = (sum.High & ~mask) | (more.High & mask);
            low += _padLow;
            high += _padHigh + Poly1305Residue.Below(low, _padLow);
            ((ulong*)tag)[0] = low;
            ((ulong*)tag)[1] = high;
        }
    }
}
