using System.Linq;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Session;

namespace FcpFast.Node;

/// <summary>A process that may have a twin, or whose disk was put back, ends everything that the other one has too, and lives on as another.</summary>
/// <remarks>Source: [REPLAY §4.5] (host-clone signal), [REPLAY §5.4], [REPLAY §5.5].</remarks>
public sealed partial class NodeCore<TAead, TMac>
{
    private bool _isHalted;

    /// <inheritdoc/>
    public void Halt(Instant now)
    {
        _now = now;
        _isHalted = true;
        foreach (PeerLink link in _linksInOrder)
        {
            TakeDown(link, now);
            (link.Unconfirmed, link.UnconfirmedBy) = (null, null);
            link.Reset();
        }

        foreach (PeerSession session in _sessions.Sessions.ToArray()) Close(session);
        foreach (Connection connection in _connections.Values.ToArray()) CloseConnection(connection);
        _passing.Clear();
        _answers.Clear();
        _responder.Dispose(); // its cookies and ephemeral keys
    }

    /// <inheritdoc/>
    public void Begin(HostLife life, Instant now)
    {
        _now = now;
        _parts.Instances.Begin(life.Generation, life.BootId, life.HostGenerationId);
        _windows.FenceRelayed(new EpochId(now.UnixSeconds / EpochSchedule.EpochSeconds));
        _boot = Random16();
        _responder = new HandshakeResponder(_handshakes, now); // asks everyone for a cookie again: Hellos recorded before cannot pass
        _isHalted = false;
        foreach (PeerLink link in _linksInOrder) link.NextTryTicks = now.Ticks;
        WakeLinks(now);
    }
}
