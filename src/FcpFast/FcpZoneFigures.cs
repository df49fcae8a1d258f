using FcpFast.Protocol.Ids;

namespace FcpFast;

/// <summary>What an endpoint has of one zone, as of one moment.</summary>
/// <remarks>Source: [WIRE §20].</remarks>
public sealed record FcpZoneFigures
{
    /// <summary>The zone.</summary>
    public required ZoneId Zone { get; init; }

    /// <summary>Members by the manifest in force.</summary>
    public required int Members { get; init; }

    /// <summary>Zone keys that open.</summary>
    public required int Keys { get; init; }

    /// <summary>The id of the key that seals; null while none may.</summary>
    public required ZoneKeyId? ActiveKey { get; init; }

    /// <summary>Seconds since that key began to seal; null while none may.</summary>
    public required double? KeyAgeSeconds { get; init; }

    /// <summary>The highest epoch that this endpoint has reached.</summary>
    public required ulong Epoch { get; init; }

    /// <summary>Frames that were sealed for the zone by streams that are open now.</summary>
    public required ulong FramesSealed { get; init; }

    /// <summary>Streams that are sealed now, one for each peer that something was sent to.</summary>
    public required int StreamsOpen { get; init; }
}
