using System.Diagnostics.CodeAnalysis;

namespace FcpFast.Interop.Kernels;

/// <summary>The operations on a vector of 32-bit or 64-bit integers side by side: what the kernels are written in, once for all widths.</summary>
/// <typeparam name="TVector">The vector.</typeparam>
/// <remarks>
/// Shape:  vectors are made of groups of 128 bits; the interleaving members work inside each group, <see cref="TransposeGroups"/> across them.
///         Little-endian. Plain vectors and not a wrapper with operators, because each call of a kernel must be inlined and the compiler's
///         budget for that counts bytes of IL.
/// Cost:   every member is one to three instructions and takes the same time for all values. Counts of bits are constants.
/// </remarks>
internal interface ILanes<TVector>
    where TVector : unmanaged
{
    /// <summary>Groups of 128 bits: 1, 2 or 4.</summary>
    static abstract int Groups { get; }

    /// <summary>True if there are 32 registers of this width, else 16.</summary>
    static abstract bool RegistersAreMany { get; }

    static abstract TVector Xor(TVector left, TVector right);

    static abstract TVector And(TVector left, TVector right);

    static abstract TVector Or(TVector left, TVector right);

    /// <summary>The exclusive-or of three.</summary>
    static abstract TVector Xor3(TVector a, TVector b, TVector c);

    /// <summary>Each bit from <paramref name="ones"/> where the mask has a one, else from <paramref name="zeroes"/>.</summary>
    static abstract TVector Choose(TVector mask, TVector ones, TVector zeroes);

    /// <summary>Each bit as most of the three have it.</summary>
    static abstract TVector Majority(TVector a, TVector b, TVector c);

    static abstract TVector Broadcast32(uint value);

    static abstract TVector Broadcast64(ulong value);

    static abstract TVector Add32(TVector left, TVector right);

    static abstract TVector Add64(TVector left, TVector right);

    /// <summary>The 64-bit products of the low halves of each 64 bits; the high halves do not matter.</summary>
    static abstract TVector MultiplyLow32(TVector left, TVector right);

    static abstract TVector RotateLeft32(TVector value, [ConstantExpected] byte bits);

    static abstract TVector RotateLeft8(TVector value);

    static abstract TVector RotateLeft16(TVector value);

    static abstract TVector RotateLeft24(TVector value);

    /// <summary>The bytes of each word in the other order.</summary>
    static abstract TVector ReverseBytes32(TVector value);

    static abstract TVector ShiftRight32(TVector value, [ConstantExpected] byte bits);

    static abstract TVector ShiftLeft64(TVector value, [ConstantExpected] byte bits);

    static abstract TVector ShiftRight64(TVector value, [ConstantExpected] byte bits);

    /// <summary>In each group: words 0 of both, words 1 of both.</summary>
    static abstract TVector InterleaveLow32(TVector left, TVector right);

    /// <summary>In each group: words 2 of both, words 3 of both.</summary>
    static abstract TVector InterleaveHigh32(TVector left, TVector right);

    /// <summary>In each group: the low 64 bits of both.</summary>
    static abstract TVector InterleaveLow64(TVector left, TVector right);

    /// <summary>In each group: the high 64 bits of both.</summary>
    static abstract TVector InterleaveHigh64(TVector left, TVector right);

    /// <summary>
    /// Transposes groups among four vectors as far as they have some: with 4 groups, vector i gets group i of all four; with 2, the pairs (a, b)
    /// and (c, d) do so; with 1, nothing moves. It is its own inverse.
    /// </summary>
    static abstract void TransposeGroups(ref TVector a, ref TVector b, ref TVector c, ref TVector d);
}
