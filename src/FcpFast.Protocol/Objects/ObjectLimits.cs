namespace FcpFast.Protocol.Objects;

/// <summary>Bounds and defaults of chunked objects, transfers and symbol requests.</summary>
/// <remarks>Source: [WIRE §16.5], [WIRE §16.9], [WIRE §17], [WIRE §18].</remarks>
public static class ObjectLimits
{
    /// <summary>The largest file and the largest chunked object.</summary>
    public const ulong TotalBytesMax = 1ul << 48;

    /// <summary>The smallest chunk size of a manifest.</summary>
    public const int ChunkBytesMin = 1024;

    /// <summary>The largest chunk size of a manifest.</summary>
    public const int ChunkBytesMax = 256 * 1024;

    /// <summary>The chunk size unless configured otherwise.</summary>
    public const int ChunkBytesDefault = 64 * 1024;

    /// <summary>Chunk sizes are multiples of this.</summary>
    public const int ChunkAlignmentBytes = 8;

    /// <summary>The smallest segment size of a file.</summary>
    public const int SegmentBytesMin = 64 * 1024;

    /// <summary>The largest segment size of a file.</summary>
    public const int SegmentBytesMax = 64 * 1024 * 1024;

    /// <summary>The segment size unless configured otherwise.</summary>
    public const int SegmentBytesDefault = 16 * 1024 * 1024;

    /// <summary>The longest file name.</summary>
    public const int FileNameBytesMax = 255;

    /// <summary>Ranges of complete segments in one status: half its entries.</summary>
    public const int DoneRangesMax = 1024;

    /// <summary>The longest bitmap of complete chunks.</summary>
    public const int ChunkBitmapBytesMax = 8192;

    /// <summary>Chunks whose missing symbols one status lists.</summary>
    public const int MissingChunksMax = 256;

    /// <summary>The longest bitmap of missing symbols.</summary>
    public const int EsiBitmapBytesMax = 32;

    /// <summary>Source symbols of a chunk.</summary>
    public const int SourceSymbolsMax = 256;

    /// <summary>Symbols beyond K that a receiver buffers for a chunk.</summary>
    public const int SymbolsBufferedBeyondK = 64;

    /// <summary>Repair symbols sent at first, in hundredths of a percent of K.</summary>
    public const int RepairBasisPointsDefault = 500;

    /// <summary>Basis points of a whole.</summary>
    public const int BasisPoints = 10_000;

    /// <summary>Entries of a hint.</summary>
    public const int HintEntriesMax = 100;

    /// <summary>Symbols sent for one authenticated request.</summary>
    public const uint ResponseSymbolsMax = 1000;

    /// <summary>Symbols sent for one authenticated request that does not say which are missing.</summary>
    public const uint ResponseSymbolsMaxWithoutHint = 100;

    /// <summary>Symbols sent for one request of an unknown asker.</summary>
    public const uint ResponseSymbolsMaxUnauthenticated = 32;
}
