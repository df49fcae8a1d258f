using FcpFast.Node;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Session;

namespace FcpFast;

/// <summary>What an endpoint knows of the way to one peer, as of one moment.</summary>
/// <remarks>Source: [WIRE §20].</remarks>
public sealed record FcpPeerFigures
{
    /// <summary>The shard that owns it.</summary>
    public int Shard { get; init; }

    /// <summary>The peer.</summary>
    public required NodeId Node { get; init; }

    /// <summary>How far the way is.</summary>
    public required LinkState State { get; init; }

    /// <summary>True if this endpoint opens the sessions.</summary>
    public required bool ConnectsTo { get; init; }

    /// <summary>True if the peer passes on frames of other nodes.</summary>
    public required bool IsRelay { get; init; }

    /// <summary>The suite of the session in use; null without one.</summary>
    public required int? Suite { get; init; }

    /// <summary>The id of that session; null without one.</summary>
    public required SessionId? Session { get; init; }

    /// <summary>How old that session is; null without one.</summary>
    public required double? SessionAgeSeconds { get; init; }

    /// <summary>What all sessions with the peer have carried since this endpoint was opened.</summary>
    public required SessionTraffic Traffic { get; init; }

    /// <summary>Streams that it seals for the peer.</summary>
    public required int Streams { get; init; }

    /// <summary>Streams that came in on the session in use.</summary>
    public required int Lanes { get; init; }

    /// <summary>True if its session would go on after a restart of this node (mode M1).</summary>
    public required bool IsKept { get; init; }
}
