using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FcpFast.Interop.Kernels;

/// <summary>Copies of few bytes, without a call and without reading or writing beyond them.</summary>
internal static unsafe class ByteCopy
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Read16(byte* from) => *(Vector128<byte>*)from; // SAFETY: the caller vouches for 16 bytes

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy16(byte* from, byte* to) => *(Vector128<byte>*)to = *(Vector128<byte>*)from; // SAFETY: as above

    /// <summary>Copies some bytes, best less than 64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(byte* from, byte* to, int bytes)
    {
        // SAFETY: the caller vouches for the bytes; each piece lies inside them, and the last one may overlap the one before.
        unchecked
        {
            if (bytes >= 16)
            {
                for (int i = 0; i + 16 <= bytes; i += 16) Copy16(from + i, to + i);
                Copy16(from + bytes - 16, to + bytes - 16);
            }
            else if (bytes >= 8)
            {
                ulong last = *(ulong*)(from + bytes - 8);
                *(ulong*)to = *(ulong*)from;
                *(ulong*)(to + bytes - 8) = last;
            }
            else
            {
                for (int i = 0; i < bytes; i++) to[i] = from[i];
            }
        }
    }

    /// <summary>Writes the exclusive or of some bytes and as many others; the output may be the input.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Xor(byte* input, byte* with, byte* output, nint bytes)
    {
        // SAFETY: the caller vouches for the bytes.
        unchecked
        {
            nint i = 0;
            for (; i + 16 <= bytes; i += 16) *(Vector128<byte>*)(output + i) = Read16(input + i) ^ Read16(with + i);
            for (; i < bytes; i++) output[i] = (byte)(input[i] ^ with[i]);
        }
    }

    /// <summary>Fills 64 bytes with zeroes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Clear64(byte* bytes)
    {
        // SAFETY: the caller vouches for 64 bytes.
        unchecked
        {
            Vector128<byte>* pieces = (Vector128<byte>*)bytes;
            pieces[0] = default;
            pieces[1] = default;
            pieces[2] = default;
            pieces[3] = default;
        }
    }
}
