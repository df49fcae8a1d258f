namespace FcpFast.Interop.Kernels;

/// <summary>The domain flags of BLAKE3. [BLAKE3 §2.2]</summary>
internal static class Blake3Flags
{
    public const uint ChunkStart = 1, ChunkEnd = 2, Parent = 4, Root = 8, KeyedHash = 16;
}
