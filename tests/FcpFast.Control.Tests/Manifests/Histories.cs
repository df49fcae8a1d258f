using FcpFast.Control.Identities;
using FcpFast.Control.Manifests;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Tests.Manifests;

/// <summary>Records without cryptography, as the vectors of the history have them.</summary>
internal static class Histories
{
    public static ZoneKeyId Key(ulong number) => new(new Bytes8(number));

    public static ManifestRecord Record(ulong name, ulong validFrom, ulong? previous, ulong key, ulong? createdAt = null) => new()
    {
        Digest = new ManifestDigest(new Bytes32(name, 1, 0, 0)),
        Content = new ContentDigest(new Bytes32(name, 2, 0, 0)),
        Order = new ManifestOrder(validFrom, createdAt ?? validFrom),
        ZoneKeyId = Key(key),
        PreviousZoneKeyId = previous is { } id ? Key(id) : null,
    };

    /// <summary>Judges and, if it may follow, appends.</summary>
    public static FcpStatus Offer(ref ManifestHistory history, ManifestRecord record, params Bytes32[] named)
    {
        HistoryVerdict verdict = history.Judge(record, named);
        history = verdict is { Status: FcpStatus.Accepted, IsKnown: false } ? verdict.After.Append(record) : verdict.After;
        return verdict.Status;
    }
}
