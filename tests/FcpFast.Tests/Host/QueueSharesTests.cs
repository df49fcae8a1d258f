using FcpFast.Host;
using FcpFast.Tests.Node;

namespace FcpFast.Tests.Host;

/// <summary>One peer's records leave room for those of others.</summary>
public sealed class QueueSharesTests
{
    private const int Large = 16 * 1024 * 1024;

    [Fact]
    public void TryTake_OfOnePeerWithoutEnd_LeavesThreeQuarters()
    {
        var shares = new QueueShares();
        for (int i = 0; i < QueueShares.RecordsOfOneMax; i++) Assert.True(shares.TryTake(Links.Node("mallory"), 100));
        Assert.False(shares.TryTake(Links.Node("mallory"), 100));
        Assert.True(shares.TryTake(Links.Node("alice"), 100));
        shares.Return(Links.Node("mallory"), 100);
        Assert.True(shares.TryTake(Links.Node("mallory"), 100));
    }

    [Fact]
    public void TryTake_OfLargeRecords_TakesOneOfAnySizeAndNoMoreThanTheShare()
    {
        var shares = new QueueShares();
        Assert.True(shares.TryTake(Links.Node("mallory"), Large + 1000)); // alone it may be larger than the share
        Assert.False(shares.TryTake(Links.Node("mallory"), 1));
        shares.Return(Links.Node("mallory"), Large + 1000);
        Assert.True(shares.TryTake(Links.Node("mallory"), Large));
        Assert.False(shares.TryTake(Links.Node("mallory"), 1));
        Assert.True(shares.TryTake(Links.Node("alice"), Large));
    }

    [Fact]
    public void TryTake_OfMany_EndsAtTheWhole()
    {
        var shares = new QueueShares();
        for (int i = 0; i < QueueShares.RecordsMax; i++) Assert.True(shares.TryTake(Links.Node($"n{i % 8}"), 10));
        Assert.False(shares.TryTake(Links.Node("late"), 10));
        for (int i = 0; i < QueueShares.RecordsMax; i++) shares.Return(Links.Node($"n{i % 8}"), 10);
        for (int i = 0; i < 4; i++) Assert.True(shares.TryTake(Links.Node($"m{i}"), Large));
        Assert.False(shares.TryTake(Links.Node("late"), 1));
    }
}
