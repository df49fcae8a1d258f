using FcpFast.Protocol.Ids;

namespace FcpFast.Node;

/// <summary>Sees every number that the receive path accepts: for tests and the demo, which count repeats on their own.</summary>
/// <remarks>Threads: the shard's thread.</remarks>
public interface IFrameAudit
{
    /// <summary>A frame verified and is fresh in its lane.</summary>
    void Accepted(SessionId session, SenderInstanceId instance, FrameSeq seq);

    /// <summary>A frame opened and is fresh in its content window.</summary>
    void Opened(NodeId source, SenderInstanceId instance, FrameSeq seq);
}
