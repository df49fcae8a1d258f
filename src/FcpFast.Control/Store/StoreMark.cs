using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Store;

/// <summary>How far a store has come.</summary>
/// <param name="StoreId">Which store.</param>
/// <param name="Generation">Its start.</param>
/// <param name="Writes">Its changes, those of replay records included where sessions are kept.</param>
/// <remarks>Source: [REPLAY §5.2], [REPLAY §5.3] (record number).</remarks>
public readonly record struct StoreMark(Bytes16 StoreId, ulong Generation, ulong Writes)
{
    /// <summary>True if a store with this mark is an older state of one that had the other.</summary>
    public bool IsBehind(StoreMark other) => Generation < other.Generation || (Generation == other.Generation && Writes < other.Writes);
}
