using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Objects;

/// <summary>Takes symbols to be sealed until a slab is full.</summary>
public interface ISymbolPlanner
{
    /// <summary>Plans one symbol; false if it does not fit any more.</summary>
    /// <param name="objectId">Its object.</param>
    /// <param name="k">How many source symbols the object has.</param>
    /// <param name="esi">Its encoding symbol id; within an object they ascend.</param>
    /// <param name="sourceOffset">Where its data starts in the source's memory.</param>
    bool TryAdd(ObjectId objectId, ushort k, uint esi, int sourceOffset);
}
