using FcpFast.Protocol.Ids;

namespace FcpFast.Node;

/// <summary>Sees every number that a node accepts, opens or spends: for tests and the demo, which count repeats on their own.</summary>
/// <remarks>Threads: the shard's thread.</remarks>
public interface IFrameAudit
{
    /// <summary>A frame verified and is fresh in its lane.</summary>
    void Accepted(SessionId session, SenderInstanceId instance, FrameSeq seq);

    /// <summary>A frame opened and is fresh in its content window.</summary>
    void Opened(NodeId source, SenderInstanceId instance, FrameSeq seq);

    /// <summary>Frames were sealed under consecutive numbers; they are sent only after <see cref="Flush"/>.</summary>
    /// <param name="zoneKey">The zone key.</param>
    /// <param name="instance">The stream.</param>
    /// <param name="first">The first number.</param>
    /// <param name="count">How many.</param>
    void Sealed(ZoneKeyId zoneKey, SenderInstanceId instance, FrameSeq first, int count)
    {
    }

    /// <summary>The slab that was worked on is done.</summary>
    void Flush()
    {
    }
}
