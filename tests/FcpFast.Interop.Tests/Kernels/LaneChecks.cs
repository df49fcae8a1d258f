using System;
using System.Buffers.Binary;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FcpFast.Interop.Kernels;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Interop.Tests.Kernels;

/// <summary>The checks of one width, so that a test needs no type parameters.</summary>
internal interface ILaneChecks
{
    void Groups();

    void Arithmetic();

    void Rotations();

    void Shifts();

    void Interleaving();

    void TransposeGroups();
}

/// <inheritdoc/>
internal sealed class LaneChecks<TLanes, TVector>(int bits) : ILaneChecks
    where TLanes : ILanes<TVector>
    where TVector : unmanaged
{
    private static readonly int Words = Unsafe.SizeOf<TVector>() / sizeof(uint);

    public void Groups()
    {
        Assert.Equal(bits, 128 * TLanes.Groups);
        Assert.Equal(bits, 8 * Unsafe.SizeOf<TVector>());
    }

    public void Arithmetic() => Run(static (a, b) =>
    {
        unchecked
        {
            Each(TLanes.Xor(Of(a), Of(b)), i => a[i] ^ b[i]);
            Each(TLanes.And(Of(a), Of(b)), i => a[i] & b[i]);
            Each(TLanes.Or(Of(a), Of(b)), i => a[i] | b[i]);
            uint[] c = b.Reverse().ToArray();
            Each(TLanes.Xor3(Of(a), Of(b), Of(c)), i => a[i] ^ b[i] ^ c[i]);
            Each(TLanes.Choose(Of(a), Of(b), Of(c)), i => (a[i] & b[i]) | (~a[i] & c[i]));
            Each(TLanes.Majority(Of(a), Of(b), Of(c)), i => (a[i] & b[i]) | (a[i] & c[i]) | (b[i] & c[i]));
            Each(TLanes.Add32(Of(a), Of(b)), i => a[i] + b[i]);
            Each64(TLanes.Add64(Of(a), Of(b)), i => Wide(a, i) + Wide(b, i));
            Each64(TLanes.MultiplyLow32(Of(a), Of(b)), i => (ulong)a[2 * i] * b[2 * i]);
            Each(TLanes.Broadcast32(a[1]), _ => a[1]);
            Each64(TLanes.Broadcast64(Wide(a, 1)), _ => Wide(a, 1));
        }
    });

    public void Rotations() => Run(static (a, _) =>
    {
        TVector value = Of(a);
        Each(TLanes.RotateLeft32(value, 7), i => uint.RotateLeft(a[i], 7));
        Each(TLanes.RotateLeft32(value, 12), i => uint.RotateLeft(a[i], 12));
        Each(TLanes.RotateLeft32(value, 25), i => uint.RotateLeft(a[i], 25));
        Each(TLanes.RotateLeft8(value), i => uint.RotateLeft(a[i], 8));
        Each(TLanes.RotateLeft16(value), i => uint.RotateLeft(a[i], 16));
        Each(TLanes.ReverseBytes32(value), i => BinaryPrimitives.ReverseEndianness(a[i]));
        Each(TLanes.RotateLeft24(value), i => uint.RotateLeft(a[i], 24));
    });

    public void Shifts() => Run(static (a, _) =>
    {
        TVector value = Of(a);
        Each(TLanes.ShiftRight32(value, 3), i => a[i] >> 3);
        Each64(TLanes.ShiftLeft64(value, 26), i => Wide(a, i) << 26);
        Each64(TLanes.ShiftRight64(value, 40), i => Wide(a, i) >> 40);
    });

    public void Interleaving() => Run(static (a, b) =>
    {
        Each(TLanes.InterleaveLow32(Of(a), Of(b)), i => (i % 2 == 0 ? a : b)[(i / 4 * 4) + (i % 4 / 2)]);
        Each(TLanes.InterleaveHigh32(Of(a), Of(b)), i => (i % 2 == 0 ? a : b)[(i / 4 * 4) + 2 + (i % 4 / 2)]);
        Each(TLanes.InterleaveLow64(Of(a), Of(b)), i => (i % 4 < 2 ? a : b)[(i / 4 * 4) + (i % 2)]);
        Each(TLanes.InterleaveHigh64(Of(a), Of(b)), i => (i % 4 < 2 ? a : b)[(i / 4 * 4) + 2 + (i % 2)]);
    });

    public void TransposeGroups()
    {
        Seeded.Run(20, random =>
        {
            uint[][] before = Enumerable.Range(0, 4).Select(_ => RandomWords(random)).ToArray();
            TVector[] v = before.Select(Of).ToArray();
            TLanes.TransposeGroups(ref v[0], ref v[1], ref v[2], ref v[3]);
            int groups = TLanes.Groups;
            for (int vector = 0; vector < 4; vector++)
            {
                // Among each run of as many vectors as there are groups, vector i gets their groups i.
                int run = vector / groups * groups, place = vector % groups;
                Each(v[vector], i => before[run + (i / 4)][(4 * place) + (i % 4)]);
            }

            TLanes.TransposeGroups(ref v[0], ref v[1], ref v[2], ref v[3]);
            for (int vector = 0; vector < 4; vector++) Each(v[vector], i => before[vector][i]);
        });
    }

    private static void Run(Action<uint[], uint[]> check)
    {
        Seeded.Run(50, random => check(RandomWords(random), RandomWords(random)));
    }

    private static uint[] RandomWords(Random random) => Enumerable.Range(0, Words).Select(_ => unchecked((uint)random.Bits64())).ToArray();

    private static TVector Of(uint[] words) => MemoryMarshal.Read<TVector>(MemoryMarshal.AsBytes<uint>(words));

    private static ulong Wide(uint[] words, int lane) => words[2 * lane] | ((ulong)words[(2 * lane) + 1] << 32);

    private static void Each(TVector found, Func<int, uint> expected) => Assert.Equal(Enumerable.Range(0, Words).Select(expected), WordsOf(found));

    private static void Each64(TVector found, Func<int, ulong> expected) =>
        Assert.Equal(Enumerable.Range(0, Words / 2).Select(expected), Enumerable.Range(0, Words / 2).Select(i => Wide(WordsOf(found), i)));

    private static uint[] WordsOf(TVector vector) => MemoryMarshal.Cast<TVector, uint>(new ReadOnlySpan<TVector>(in vector)).ToArray();
}
