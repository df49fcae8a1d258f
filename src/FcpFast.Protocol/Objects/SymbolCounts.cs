using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Wire;

namespace FcpFast.Protocol.Objects;

/// <summary>How many symbols an object of some length has.</summary>
/// <param name="SourceSymbols">K: the object's bytes, the last symbol padded with zeroes.</param>
/// <param name="RepairSymbols">Those sent at first beside them, with ESIs K, K + 1, and so on.</param>
/// <remarks>Source: [WIRE §18], [RFC 6330 §4.3].</remarks>
public readonly record struct SymbolCounts(ulong SourceSymbols, ulong RepairSymbols)
{
    /// <summary>Source and repair symbols.</summary>
    public ulong TotalSymbols => SourceSymbols + RepairSymbols;

    /// <summary>Counts symbols without judging whether the data plane carries such an object; <see cref="CheckChunk"/> judges.</summary>
    /// <param name="lengthBytes">Bytes of the object, at most 2^48.</param>
    /// <param name="symbolBytes">Bytes of a symbol, at least 1.</param>
    /// <param name="repairBasisPoints">Repair symbols in hundredths of a percent of K.</param>
    /// <remarks>Errors: throws for arguments out of bounds: the caller's fault.</remarks>
    public static SymbolCounts Of(ulong lengthBytes, uint symbolBytes, ushort repairBasisPoints)
    {
        ulong source = Pieces(lengthBytes, symbolBytes);
        return new SymbolCounts(source, source * repairBasisPoints / ObjectLimits.BasisPoints);
    }

    /// <summary>How many pieces of a size an object is cut into: its chunks, or its source symbols.</summary>
    /// <param name="lengthBytes">Bytes of the object, at most 2^48.</param>
    /// <param name="pieceBytes">Bytes of each piece but the last, at least 1.</param>
    /// <remarks>Errors: throws for arguments out of bounds: the caller's fault.</remarks>
    public static ulong Pieces(ulong lengthBytes, uint pieceBytes)
    {
        if (lengthBytes > ObjectLimits.TotalBytesMax) ThrowHelper.BadArgument(nameof(lengthBytes), "at most 2^48 bytes");
        if (pieceBytes == 0) ThrowHelper.BadArgument(nameof(pieceBytes), "at least a byte");
        return (lengthBytes / pieceBytes) + (lengthBytes % pieceBytes == 0 ? 0u : 1u);
    }

    /// <summary>The K of a chunk on the data plane.</summary>
    /// <param name="chunkBytes">F, from the manifest.</param>
    /// <param name="symbolBytes">T, of the frame's header.</param>
    /// <param name="k">1 to 256; 0 if refused.</param>
    /// <remarks>
    /// Errors: <c>SymbolSizeOutOfRange</c> for a T outside 256 to 16,384 or no multiple of 8; <c>InvalidK</c> for an empty chunk and for
    ///         a K beyond 256.
    /// Cost:   O(1), no allocation.
    /// </remarks>
    public static FcpStatus SourceSymbolsOf(int chunkBytes, int symbolBytes, out ushort k)
    {
        k = 0;
        if (symbolBytes is < WireLimits.SymbolBytesMin or > WireLimits.SymbolBytesMax) return FcpStatus.SymbolSizeOutOfRange;
        if (symbolBytes % WireLimits.SymbolAlignmentBytes != 0) return FcpStatus.SymbolSizeOutOfRange;
        if (chunkBytes <= 0) return FcpStatus.InvalidK;
        int symbols = 1 + ((chunkBytes - 1) / symbolBytes);
        if (symbols > ObjectLimits.SourceSymbolsMax) return FcpStatus.InvalidK;
        k = (ushort)symbols;
        return FcpStatus.Accepted;
    }

    /// <summary>Judges the symbol size and K of a frame against the chunk that the manifest announced.</summary>
    /// <param name="chunkBytes">F, from the manifest.</param>
    /// <param name="symbolBytes">T, of the frame's header.</param>
    /// <param name="k">K, of the frame's records.</param>
    /// <remarks>Errors: as <see cref="SourceSymbolsOf"/>; <c>InvalidK</c> for another K.</remarks>
    public static FcpStatus CheckChunk(int chunkBytes, int symbolBytes, ushort k)
    {
        FcpStatus status = SourceSymbolsOf(chunkBytes, symbolBytes, out ushort expected);
        if (status != FcpStatus.Accepted) return status;
        return k == expected ? FcpStatus.Accepted : FcpStatus.InvalidK;
    }
}
