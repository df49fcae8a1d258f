using System;
using System.Buffers.Binary;

namespace FcpFast.Protocol.Crypto;

/// <summary>Comparisons whose time does not depend on what is compared.</summary>
/// <remarks>
/// Shape:   for the 16 bytes of tags and MACs, where the platform's comparison of bytes one by one costs a tenth of the MAC itself.
/// Threads: stateless.
/// Cost:    four loads, no branch; the verb <c>leaks</c> measures it.
/// </remarks>
public static class ConstantTime
{
    /// <summary>True if the first 16 bytes of both are equal.</summary>
    public static bool AreEqual16(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        left = left[..CryptoSizes.MacBytes];
        right = right[..CryptoSizes.MacBytes];
        ulong low = BinaryPrimitives.ReadUInt64LittleEndian(left) ^ BinaryPrimitives.ReadUInt64LittleEndian(right);
        ulong high = BinaryPrimitives.ReadUInt64LittleEndian(left[sizeof(ulong)..]) ^ BinaryPrimitives.ReadUInt64LittleEndian(right[sizeof(ulong)..]);
        return (low | high) == 0;
    }
}
