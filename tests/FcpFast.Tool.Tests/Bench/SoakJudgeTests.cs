using System;
using System.Linq;
using System.Text.Json.Nodes;
using FcpFast.Tool.Bench.Soak;

namespace FcpFast.Tool.Tests.Bench;

/// <summary>What a soak is judged by finds what it is there for.</summary>
public sealed class SoakJudgeTests
{
    /// <summary>A leak is told from the ups and downs of a collector.</summary>
    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(0, 30, true)]
    [InlineData(3, 30, true)]
    [InlineData(12, 0, false)]
    [InlineData(12, 30, false)]
    public void Flat_OfALineAndASawtooth_SeesOnlyTheLine(double growthMebibytes, double sawtoothMebibytes, bool isFlat)
    {
        SoakSample[] samples = [.. Enumerable.Range(0, 600).Select(i => new SoakSample(TimeSpan.FromSeconds(i), 100 + (growthMebibytes * i / 600) + (sawtoothMebibytes * (i % 20) / 20), 0, 0))];
        JsonObject judged = SoakVerdict.Flat(samples, static one => one.GatewayMebibytes);
        Assert.True(isFlat == (bool)judged["flat"]!, judged.ToJsonString());
        Assert.InRange((double)judged["growth_mib"]!, growthMebibytes - 1.5, growthMebibytes + 1.5);
    }

    [Fact]
    public void AddUp_OfCountsThatLackOne_IsFalse()
    {
        Assert.True(SoakSums.AddUp(Status(received: 100, opened: 60, passedOn: 20, refused: 15), hellosMax: 5)); // 5 Hellos were answered
        Assert.False(SoakSums.AddUp(Status(received: 100, opened: 60, passedOn: 20, refused: 14), hellosMax: 5)); // one is nowhere
        Assert.False(SoakSums.AddUp(Status(received: 100, opened: 60, passedOn: 20, refused: 21), hellosMax: 5)); // one was counted twice
        Assert.False(SoakSums.OfRelay(Status(received: 100, opened: 60, passedOn: 20, refused: 20), hellosMax: 0)); // a relay opens nothing
    }

    private static JsonObject Status(long received, long opened, long passedOn, long refused) => new()
    {
        ["datagrams_received"] = received, ["datagrams_verified"] = 90L, ["frames_received"] = 90L, ["frames_opened"] = opened, ["frames_passed_on"] = passedOn,
        ["frames_dropped"] = new JsonObject { ["ReplayDuplicate"] = refused }, ["frames_forwarded"] = new JsonObject { ["Accepted"] = passedOn },
    };
}
