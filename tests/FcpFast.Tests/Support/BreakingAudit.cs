using System;
using FcpFast.Node;
using FcpFast.Protocol.Ids;

namespace FcpFast.Tests.Support;

/// <summary>Breaks the shard that receives the first frame.</summary>
internal sealed class BreakingAudit : IFrameAudit
{
    public const string Reason = "as the test wants it";

    public void Accepted(SessionId session, SenderInstanceId instance, FrameSeq seq) => throw new InvalidOperationException(Reason);

    public void Opened(NodeId source, SenderInstanceId instance, FrameSeq seq)
    {
    }
}
