using System;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace FcpFast.Interop.Kernels;

/// <summary>Erases what kernels leave in the stack below their caller: registers that the compiler spilled, which no kernel can reach.</summary>
internal static class StackResidue
{
    private const int DeepestFrameBytes = 3 * 1024;

    /// <summary>Call from the frame that called the kernels.</summary>
    [SkipLocalsInit] // every byte is written below
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Erase()
    {
        Span<byte> residue = stackalloc byte[DeepestFrameBytes];
        CryptographicOperations.ZeroMemory(residue);
    }
}
