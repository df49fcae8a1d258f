using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Control.Manifests;
using FcpFast.Control.Tests.Support;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using static FcpFast.Control.Tests.Manifests.Histories;

namespace FcpFast.Control.Tests.Manifests;

/// <summary>[WIRE §12.2]: random histories against a naive reading of the text.</summary>
public sealed class ManifestHistoryModelTests
{
    private const int Runs = 400, Steps = 60;

    [Fact]
    public void Judge_RandomHistories_AgreeWithTheOracle()
    {
        var verdicts = new Dictionary<FcpStatus, int>();
        int goingsBack = 0;
        Seeded.Run(Runs, random => Course(random, (status, wentBack) =>
        {
            verdicts[status] = verdicts.GetValueOrDefault(status) + 1;
            if (wentBack) goingsBack++;
        }));

        // The steps must have reached every verdict, else the agreement says little.
        foreach (FcpStatus status in (FcpStatus[])
        [FcpStatus.Accepted, FcpStatus.ManifestEquivocation, FcpStatus.ManifestGap, FcpStatus.ManifestRollback])
        {
            Assert.True(verdicts.GetValueOrDefault(status) > Runs, $"{status}: {verdicts.GetValueOrDefault(status)}");
        }

        Assert.True(goingsBack > Runs, $"went back {goingsBack} times");
    }

    /// <summary>One course of offers, each held against the oracle.</summary>
    internal static void Course(Random random, Action<FcpStatus, bool> after)
    {
        var oracle = new HistoryOracle();
        ManifestHistory history = ManifestHistory.Empty;
        List<ManifestRecord> made = [];
        for (int step = 0; step < Steps; step++)
        {
            ManifestRecord offered = Next(random, history, made, (ulong)step + 1);
            Bytes32[] named = random.Next(12) == 0 ? Name(random, made) : [];
            ManifestHistory before = history;
            FcpStatus status = Offer(ref history, offered, named);
            Assert.Equal(oracle.Offer(offered, named), status);
            Assert.Equal(oracle.Current?.Digest, history.Current?.Digest);
            AssertInvariants(before, history, status, named);
            foreach (ManifestRecord record in made) Assert.Equal(oracle.IsEvidence(record), IsEvidence(history, record));
            made.Add(offered);
            after(status, history.Accepted.Length < before.Accepted.Length);
        }
    }

    private static void AssertInvariants(ManifestHistory before, ManifestHistory after, FcpStatus status, Bytes32[] named)
    {
        for (int i = 1; i < after.Accepted.Length; i++) Assert.True(after.Accepted[i - 1].Order < after.Accepted[i].Order);
        foreach (ManifestRecord evidence in after.Evidence) Assert.True(evidence.Order <= after.Floor);
        Assert.True(before.Evidence.All(after.Evidence.Contains)); // evidence is never forgotten
        if (after.Current is { } current && !after.AwaitsHealing && after.Floor is { } floor) Assert.True(current.Order > floor);
        bool mayChange = status is FcpStatus.Accepted or FcpStatus.ManifestEquivocation || named.Length > 0;
        if (!mayChange) Assert.Same(before, after);
    }

    private static bool IsEvidence(ManifestHistory history, ManifestRecord record) =>
        history.Named.Contains(record.Digest.Value) || history.Evidence.Any(evidence => evidence.Content == record.Content);

    /// <summary>Mostly what an owner would make next, else a fork, a copy, a stranger or an old one.</summary>
    private static ManifestRecord Next(Random random, ManifestHistory history, List<ManifestRecord> made, ulong name)
    {
        ulong current = history.Current?.ZoneKeyId.Value.Word ?? 0;
        ulong order = (history.Current?.Order.ValidFromUnixSeconds ?? 10) + (ulong)random.Next(1, 4);
        if (history.Floor is { } floor && random.Next(3) > 0) order = Math.Max(order, floor.ValidFromUnixSeconds + 1);
        ManifestRecord? some = made.Count > 0 ? made[random.Next(made.Count)] : null;
        return random.Next(10) switch
        {
            < 4 => Record(name, order, current, (ulong)random.Next(1, 6)),
            4 when history.Current is { } kept => kept with
            {
                Digest = Record(name, 0, null, 0).Digest,
                Content = Record(name, 0, null, 0).Content,
                Order = kept.Order with { CreatedAtUnixSeconds = kept.Order.CreatedAtUnixSeconds + (ulong)random.Next(3) },
            },
            5 when some is not null => some,
            6 when some is not null => Record(
                name, some.Order.ValidFromUnixSeconds + (ulong)random.Next(3), some.PreviousZoneKeyId?.Value.Word, (ulong)random.Next(1, 6)),
            7 when some is not null => Record(name, some.Order.ValidFromUnixSeconds, some.PreviousZoneKeyId?.Value.Word, (ulong)random.Next(1, 6)),
            8 => Record(name, (ulong)random.Next(1, 60), random.Next(4) == 0 ? null : (ulong)random.Next(0, 6), (ulong)random.Next(1, 6)),
            _ => Record(name, order, (ulong)random.Next(0, 6), (ulong)random.Next(1, 6)),
        };
    }

    private static Bytes32[] Name(Random random, List<ManifestRecord> made)
    {
        var names = new List<Bytes32> { random.Next32() };
        for (int i = random.Next(3); i > 0 && made.Count > 0; i--) names.Add(made[random.Next(made.Count)].Digest.Value);
        return [.. names];
    }
}
