using FcpFast.Protocol.Wire;

namespace FcpFast.Protocol.Tests.Wire;

/// <summary>Addresses as values.</summary>
public sealed class NetAddressTests
{
    private static readonly byte[] Documentation = [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0xff, 1];

    [Fact]
    public void Default_IsNoAddress_ShowsItself()
    {
        Assert.False(default(NetAddress).IsSpecified);
        Assert.Equal("(none)", default(NetAddress).ToString());
    }

    [Fact]
    public void IPv4_FourBytes_TakesOnlyThese()
    {
        NetAddress address = NetAddress.IPv4([192, 0, 2, 1, 99, 99, 99], 7000);
        Assert.True(address.IsSpecified);
        Assert.Equal(NetFamily.IPv4, address.Family);
        Assert.Equal(NetAddress.IPv4([192, 0, 2, 1], 7000), address);
        Assert.Equal("192.0.2.1:7000", address.ToString());
    }

    [Fact]
    public void IPv6_SixteenBytes_ShowsGroupsAndScope()
    {
        Assert.Equal("[2001:db8:0:7:0:0:0:ff01]:9", NetAddress.IPv6(Documentation, 9).ToString());
        Assert.Equal("[2001:db8:0:7:0:0:0:ff01%3]:65535", NetAddress.IPv6(Documentation, 65535, 3).ToString());
    }

    [Fact]
    public void Equality_EveryPart_Counts()
    {
        NetAddress address = NetAddress.IPv6(Documentation, 9, 3);
        Assert.Equal(address, NetAddress.IPv6(Documentation, 9, 3));
        Assert.Equal(address.GetHashCode(), NetAddress.IPv6(Documentation, 9, 3).GetHashCode());
        Assert.NotEqual(address, NetAddress.IPv6(Documentation, 10, 3));
        Assert.NotEqual(address, NetAddress.IPv6(Documentation, 9, 4));
        Assert.NotEqual(address, address with { Family = NetFamily.IPv4 });
        byte[] other = [.. Documentation];
        other[15] ^= 1;
        Assert.NotEqual(address, NetAddress.IPv6(other, 9, 3));
    }

    [Fact]
    public void Subscriber_IPv4_IsTheAddress() =>
        Assert.Equal(NetAddress.IPv4([10, 1, 2, 3], 0), NetAddress.IPv4([10, 1, 2, 3], 4711).Subscriber);

    [Fact]
    public void Subscriber_IPv6_IsTheNetwork()
    {
        byte[] neighbour = [.. Documentation], stranger = [.. Documentation];
        neighbour[8] = 0xaa;
        stranger[7] = 8;
        NetAddress subscriber = NetAddress.IPv6(Documentation, 9, 3).Subscriber;
        Assert.Equal(subscriber, NetAddress.IPv6(neighbour, 77).Subscriber);
        Assert.NotEqual(subscriber, NetAddress.IPv6(stranger, 9, 3).Subscriber);
    }
}
