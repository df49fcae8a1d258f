using System;

namespace FcpFast.Protocol.Wire;

/// <summary>How symbols fill a datagram.</summary>
/// <remarks>Source: [WIRE §6], [WIRE §18].</remarks>
public static class DatagramSizing
{
    // At 1,024 a symbol is exactly sixteen ChaCha20 blocks; a little more is welcome, much less wastes records.
    private const int SymbolBytesAimed = 1024;

    /// <summary>More than any symbol size that <see cref="SymbolsPerFrame"/> leads to: with less room than two symbols of 1 KiB there is one.</summary>
    public const int SymbolBytesBound = 2 * (SymbolBytesAimed + FcpsLayout.RecordOverheadBytes);

    /// <summary>The largest symbol, a multiple of 8, of which <paramref name="symbols"/> fit one datagram; 0 if none does.</summary>
    public static int SymbolBytes(int datagramBytesMax, int symbols)
    {
        int room = datagramBytesMax - DatagramLayout.HeaderBytes - FcpsLayout.HeaderBytes;
        int each = (room / symbols) - FcpsLayout.RecordOverheadBytes;
        return Math.Max(0, each - (each % WireLimits.SymbolAlignmentBytes));
    }

    /// <summary>How many symbols to put into datagrams of this limit, so that each is near 1 KiB.</summary>
    public static int SymbolsPerFrame(int datagramBytesMax)
    {
        int room = datagramBytesMax - DatagramLayout.HeaderBytes - FcpsLayout.HeaderBytes;
        return Math.Clamp(room / (SymbolBytesAimed + FcpsLayout.RecordOverheadBytes), 1, WireLimits.SymbolsPerFrameMax);
    }
}
