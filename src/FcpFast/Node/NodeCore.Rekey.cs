using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Session;

namespace FcpFast.Node;

/// <summary>Sessions follow one another: a successor is made over the same connection before the present one reaches a limit.</summary>
/// <remarks>Source: [WIRE §8] (rekey), [REPLAY §2.7], [REPLAY §4.5].</remarks>
public sealed partial class NodeCore<TAead, TMac>
{
    /// <inheritdoc/>
    public long Rekeys { get; private set; }

    /// <summary>Greets again when the session is worn; a Hello that gets no answer is given up, and another one sent: never the same twice.</summary>
    private void TickRekey(PeerLink link, PeerSession session, Instant now)
    {
        if (link.Handshake is not null)
        {
            if (now.Ticks < link.HandshakeDueTicks) return;
            link.EndHandshake();
            link.NextRekeyTicks = now.Ticks + LinkRules.RekeyRetryTicks;
        }

        if (now.Ticks >= link.NextRekeyTicks && session.WantsSuccessor(now)) Greet(link, now);
    }

    /// <summary>Sends a Hello with a fresh nonce and ephemeral key over the link's connection.</summary>
    private void Greet(PeerLink link, Instant now)
    {
        link.Handshake = new HandshakeInitiator(_handshakes, link.Peer, now);
        link.HandshakeDueTicks = now.Ticks + LinkRules.HandshakeTicks;
        if (link.GreetedTicks == 0) link.GreetedTicks = now.Ticks;
        SendHello(link, now);
    }

    /// <summary>
    /// True if both ends greet each other at once and this node's own Hello goes first: the one with the lower id drops the other's, for a
    /// short time only, so that it cannot mute the other end.
    /// </summary>
    private bool GoesFirst(NodeId peer) =>
        _links.TryGetValue(peer, out PeerLink? link) && link.Handshake is not null
        && _now.Ticks - link.GreetedTicks < LinkRules.CrossedTicks
        && string.CompareOrdinal(_parts.Self.NodeId.ToString(), peer.ToString()) < 0;
}
