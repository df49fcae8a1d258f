using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace FcpFast.Interop.Kernels;

/// <summary>A number modulo p = 2^130 - 5 in limbs of 64 bits, not always below p.</summary>
/// <param name="Low">Bits 0 to 63.</param>
/// <param name="High">Bits 64 to 127.</param>
/// <param name="Top">What is above: at most 8.</param>
/// <remarks>
/// Shape:  no branch and no address depends on a value: carries are made of comparisons, which compile to a flag and no jump.
/// Source: [RFC 8439 §2.5].
/// </remarks>
internal readonly record struct Poly1305Residue(ulong Low, ulong High, ulong Top)
{
    /// <summary>The sum; its top limb is the sum of the top limbs and a carry.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Poly1305Residue Add(Poly1305Residue left, Poly1305Residue right)
    {
        unchecked
        {
            ulong low = left.Low + right.Low, carry = Below(low, right.Low);
            ulong high = left.High + right.High, over = Below(high, right.High);
            high += carry;
            return new Poly1305Residue(low, high, left.Top + right.Top + over + Below(high, carry));
        }
    }

    /// <summary>The product, its top limb at most 4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Poly1305Residue Multiply(Poly1305Residue left, Poly1305Residue right)
    {
        unchecked
        {
            // Five limbs of up to 260 bits. Top limbs are small, so their products with others have two limbs, and with each other one.
            ulong w1 = Product(left.Low, right.Low, out ulong w0);
            ulong a2 = Product(left.Low, right.High, out ulong a1), b2 = Product(left.High, right.Low, out ulong b1);
            ulong w3 = Product(left.High, right.High, out ulong w2);
            ulong c3 = Product(left.Low, right.Top, out ulong c2), d3 = Product(left.Top, right.Low, out ulong d2);
            ulong e4 = Product(left.High, right.Top, out ulong e3), f4 = Product(left.Top, right.High, out ulong f3);
            ulong w4 = (left.Top * right.Top) + e4 + f4;
            AddTo(ref w1, a1, ref a2);
            AddTo(ref w1, b1, ref b2);
            c3 += d3; // each is below 2^4
            AddTo(ref w2, a2, ref c3);
            AddTo(ref w2, b2, ref c3);
            AddTo(ref w2, c2, ref c3);
            AddTo(ref w2, d2, ref c3);
            AddTo(ref w3, c3, ref w4);
            AddTo(ref w3, e3, ref w4);
            AddTo(ref w3, f3, ref w4);

            // What lies above 2^130 comes back five-fold: once as it is, once four-fold.
            Poly1305Residue once = new((w2 >> 2) | (w3 << 62), (w3 >> 2) | (w4 << 62), w4 >> 2), fourFold = new(w2 & ~3ul, w3, w4);
            return Reduce(Add(Add(new Poly1305Residue(w0, w1, w2 & 3), once), fourFold));
        }
    }

    /// <summary>Brings the top limb down to at most 4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Poly1305Residue Reduce(Poly1305Residue value)
    {
        unchecked
        {
            ulong low = value.Low + (value.Top >> 2) + (value.Top & ~3ul), carry = Below(low, value.Low), high = value.High + carry;
            return new Poly1305Residue(low, high, (value.Top & 3) + Below(high, carry));
        }
    }

    /// <summary>1 if the first is below the second, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Below(ulong first, ulong second) => Unsafe.BitCast<bool, byte>(first < second);

    /// <summary>The high and the low 64 bits of a product.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Product(ulong left, ulong right, out ulong low)
    {
        unchecked
        {
            // Two multiplications without a detour through memory are faster than one that leaves its low half there.
            if (!Bmi2.X64.IsSupported) return Math.BigMul(left, right, out low);
            low = left * right;
            return Bmi2.X64.MultiplyNoFlags(left, right);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTo(ref ulong sum, ulong value, ref ulong next)
    {
        unchecked
        {
            sum += value;
            next += Below(sum, value);
        }
    }
}
