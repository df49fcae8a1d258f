using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Keys;

/// <summary>[WIRE §2.3], [WIRE §12]: the zones of a node by the hash that frames carry.</summary>
public sealed class ZoneTableTests
{
    private readonly RealCrypto _crypto = new();

    [Fact]
    public void Find_ByHash_GivesTheZoneAndNoOther()
    {
        var table = new ZoneTable();
        ZoneEntry work = Zone("z:work"), home = Zone("z:home");
        Assert.Null(table.Find(work.Ring.ZoneHash));
        table.Set(work);
        table.Set(home);
        for (int i = 0; i < 2; i++) // once as the last one asked for, once not
        {
            Assert.Same(work, table.Find(work.Ring.ZoneHash));
            Assert.Same(work, table.Find(work.Ring.ZoneHash));
            Assert.Same(home, table.Find(home.Ring.ZoneHash));
            Assert.Null(table.Find(default));
        }

        Assert.Equal(2, table.Zones.Count);
    }

    [Fact]
    public void Set_AZoneAgain_IsSeenAtOnce()
    {
        var table = new ZoneTable();
        ZoneEntry before = Zone("z:work");
        table.Set(before);
        Assert.Same(before, table.Find(before.Ring.ZoneHash));
        ZoneEntry after = before with { MinSuite = MacSuite.Blake3 }; // a floor that was raised must not be missed for the one asked last
        table.Set(after);
        Assert.Same(after, table.Find(before.Ring.ZoneHash));
        Assert.Single(table.Zones);
    }

    private ZoneEntry Zone(string name) => TestNodes.Zone(_crypto.Provider, name, 1, [TestNodes.Node("a")]);
}
