using System;
using System.Buffers.Binary;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace FcpFast.Interop.Kernels;

/// <summary>What the processor calls itself, so that a choice made on another one is not kept.</summary>
internal static class CpuBrand
{
    private const int FirstLeaf = unchecked((int)0x8000_0002), Leaves = 3, HighestLeaf = unchecked((int)0x8000_0000);

    /// <summary>The brand string; empty where there is none.</summary>
    public static string Read()
    {
        if (!X86Base.IsSupported || unchecked((uint)X86Base.CpuId(HighestLeaf, 0).Eax) < unchecked((uint)(FirstLeaf + Leaves - 1))) return "";
        Span<byte> name = stackalloc byte[Leaves * 16];
        for (int leaf = 0; leaf < Leaves; leaf++)
        {
            (int a, int b, int c, int d) = X86Base.CpuId(FirstLeaf + leaf, 0);
            Span<byte> part = name[(16 * leaf)..];
            BinaryPrimitives.WriteInt32LittleEndian(part, a);
            BinaryPrimitives.WriteInt32LittleEndian(part[4..], b);
            BinaryPrimitives.WriteInt32LittleEndian(part[8..], c);
            BinaryPrimitives.WriteInt32LittleEndian(part[12..], d);
        }

        return Encoding.ASCII.GetString(name).Trim('\0', ' ');
    }
}
