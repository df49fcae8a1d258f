namespace FcpFast.Protocol.Batch;

/// <summary>The bounds of one pass over a slab.</summary>
public static class BatchLimits
{
    /// <summary>A slab: what one system call brings or takes.</summary>
    public const int SlabBytes = 64 * 1024;

    /// <summary>Datagrams of one pass; a slab of smaller ones takes several passes.</summary>
    public const int FramesMax = 256;

    /// <summary>Symbols that are opened or sealed in one call of the engine.</summary>
    public const int SymbolsMax = 512;
}
