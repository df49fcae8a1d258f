using System;
using System.Buffers.Binary;

namespace FcpFast.Tool.Bench.Load;

/// <summary>What the receiver of a load tells its sender: how far it is. The bench's own, sent back by UDP.</summary>
/// <param name="Frames">Datagrams taken so far.</param>
/// <param name="Phase">Where the measurement is.</param>
/// <remarks>
/// <code>
/// offset size field
///      0    8 frames, u64 LE
///      8    1 phase
/// </code>
/// </remarks>
internal readonly record struct LoadCredit(ulong Frames, LoadPhase Phase)
{
    /// <summary>Its length.</summary>
    public const int Bytes = 9;

    /// <summary>Reads one; false if it is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out LoadCredit credit)
    {
        credit = default;
        if (source.Length != Bytes || source[8] > (byte)LoadPhase.Over) return false;
        credit = new LoadCredit(BinaryPrimitives.ReadUInt64LittleEndian(source), (LoadPhase)source[8]);
        return true;
    }

    /// <summary>Writes it.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(destination, Frames);
        destination[8] = (byte)Phase;
    }
}
