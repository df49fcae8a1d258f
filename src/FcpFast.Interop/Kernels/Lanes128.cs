using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace FcpFast.Interop.Kernels;

/// <summary>128 bits: SSE2 to SSSE3, the 128-bit forms of AVX-512, AdvSimd, or what .NET does without any of them: right everywhere.</summary>
internal readonly struct Lanes128 : ILanes<Vector128<uint>>
{
    public static bool IsSupported => BitConverter.IsLittleEndian;

    public static int Groups => 1;

    public static bool RegistersAreMany => Avx512F.VL.IsSupported || AdvSimd.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Xor(Vector128<uint> left, Vector128<uint> right) => left ^ right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> And(Vector128<uint> left, Vector128<uint> right) => left & right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Or(Vector128<uint> left, Vector128<uint> right) => left | right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Xor3(Vector128<uint> a, Vector128<uint> b, Vector128<uint> c) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.TernaryLogic(a, b, c, 0x96) : a ^ b ^ c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Choose(Vector128<uint> mask, Vector128<uint> ones, Vector128<uint> zeroes) =>
        Vector128.ConditionalSelect(mask, ones, zeroes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Majority(Vector128<uint> a, Vector128<uint> b, Vector128<uint> c) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.TernaryLogic(a, b, c, 0xE8) : (a & b) | (c & (a | b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Broadcast32(uint value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Broadcast64(ulong value) => Vector128.Create(value).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Add32(Vector128<uint> left, Vector128<uint> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Add64(Vector128<uint> left, Vector128<uint> right) => (left.AsUInt64() + right.AsUInt64()).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> MultiplyLow32(Vector128<uint> left, Vector128<uint> right)
    {
        if (Sse2.IsSupported) return Sse2.Multiply(left, right).AsUInt32();
        if (AdvSimd.IsSupported)
        {
            return AdvSimd.MultiplyWideningLower(
                AdvSimd.ExtractNarrowingLower(left.AsUInt64()), AdvSimd.ExtractNarrowingLower(right.AsUInt64())).AsUInt32();
        }

        Vector128<ulong> low = Vector128.Create((ulong)uint.MaxValue);
        return ((left.AsUInt64() & low) * (right.AsUInt64() & low)).AsUInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> RotateLeft32(Vector128<uint> value, [ConstantExpected] byte bits) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.RotateLeft(value, bits) : (value << bits) | (value >>> (32 - bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> RotateLeft8(Vector128<uint> value)
    {
        if (Avx512F.VL.IsSupported) return Avx512F.VL.RotateLeft(value, 8);
        Vector128<byte> order = Vector128.Create((byte)3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14);
        if (Ssse3.IsSupported) return Ssse3.Shuffle(value.AsByte(), order).AsUInt32();
        if (AdvSimd.Arm64.IsSupported) return AdvSimd.Arm64.VectorTableLookup(value.AsByte(), order).AsUInt32();
        return (value << 8) | (value >>> 24);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> RotateLeft16(Vector128<uint> value)
    {
        if (Avx512F.VL.IsSupported) return Avx512F.VL.RotateLeft(value, 16);
        if (AdvSimd.IsSupported) return AdvSimd.ReverseElement16(value);
        Vector128<byte> order = Vector128.Create((byte)2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
        if (Ssse3.IsSupported) return Ssse3.Shuffle(value.AsByte(), order).AsUInt32();
        return (value << 16) | (value >>> 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> RotateLeft24(Vector128<uint> value)
    {
        if (Avx512F.VL.IsSupported) return Avx512F.VL.RotateLeft(value, 24);
        Vector128<byte> order = Vector128.Create((byte)1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12);
        if (Ssse3.IsSupported) return Ssse3.Shuffle(value.AsByte(), order).AsUInt32();
        if (AdvSimd.Arm64.IsSupported) return AdvSimd.Arm64.VectorTableLookup(value.AsByte(), order).AsUInt32();
        return (value << 24) | (value >>> 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> ReverseBytes32(Vector128<uint> value)
    {
        if (AdvSimd.IsSupported) return AdvSimd.ReverseElement8(value);
        if (Ssse3.IsSupported) return Ssse3.Shuffle(value.AsByte(), Vector128.Create((byte)3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12)).AsUInt32();
        return RotateLeft24(value & Vector128.Create(0x00FF_00FFu)) | RotateLeft8(value & Vector128.Create(0xFF00_FF00u));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> ShiftRight32(Vector128<uint> value, [ConstantExpected] byte bits) => value >>> bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> ShiftLeft64(Vector128<uint> value, [ConstantExpected] byte bits) => (value.AsUInt64() << bits).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> ShiftRight64(Vector128<uint> value, [ConstantExpected] byte bits) => (value.AsUInt64() >>> bits).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> InterleaveLow32(Vector128<uint> left, Vector128<uint> right)
    {
        if (Sse2.IsSupported) return Sse2.UnpackLow(left, right);
        if (AdvSimd.Arm64.IsSupported) return AdvSimd.Arm64.ZipLow(left, right);
        return Vector128.Create(left[0], right[0], left[1], right[1]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> InterleaveHigh32(Vector128<uint> left, Vector128<uint> right)
    {
        if (Sse2.IsSupported) return Sse2.UnpackHigh(left, right);
        if (AdvSimd.Arm64.IsSupported) return AdvSimd.Arm64.ZipHigh(left, right);
        return Vector128.Create(left[2], right[2], left[3], right[3]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> InterleaveLow64(Vector128<uint> left, Vector128<uint> right)
    {
        if (Sse2.IsSupported) return Sse2.UnpackLow(left.AsUInt64(), right.AsUInt64()).AsUInt32();
        if (AdvSimd.Arm64.IsSupported) return AdvSimd.Arm64.ZipLow(left.AsUInt64(), right.AsUInt64()).AsUInt32();
        return Vector128.Create(left[0], left[1], right[0], right[1]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> InterleaveHigh64(Vector128<uint> left, Vector128<uint> right)
    {
        if (Sse2.IsSupported) return Sse2.UnpackHigh(left.AsUInt64(), right.AsUInt64()).AsUInt32();
        if (AdvSimd.Arm64.IsSupported) return AdvSimd.Arm64.ZipHigh(left.AsUInt64(), right.AsUInt64()).AsUInt32();
        return Vector128.Create(left[2], left[3], right[2], right[3]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void TransposeGroups(ref Vector128<uint> a, ref Vector128<uint> b, ref Vector128<uint> c, ref Vector128<uint> d)
    {
        // One group each: they stand where they belong.
    }
}
