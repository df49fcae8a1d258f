using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Session;

namespace FcpFast.Protocol.Batch;

/// <summary>Tells which node a sender instance belongs to.</summary>
/// <remarks>Source: [WIRE §5] (the source is not in the frame), [WIRE §16.8].</remarks>
public interface ISourceDirectory
{
    /// <summary>The source of an instance on a session; the default where nothing proves one yet, or where it is no member of the zone.</summary>
    /// <param name="session">The session that the frame came by.</param>
    /// <param name="instance">The frame's instance.</param>
    /// <param name="zone">The frame's zone.</param>
    /// <param name="zoneKeyId">The frame's zone key.</param>
    NodeId SourceOf(PeerSession session, SenderInstanceId instance, ZoneEntry zone, ZoneKeyId zoneKeyId);
}
