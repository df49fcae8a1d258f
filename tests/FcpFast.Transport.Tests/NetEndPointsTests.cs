using System;
using System.Net;
using System.Net.Sockets;
using FcpFast.Protocol.Wire;

namespace FcpFast.Transport.Tests;

/// <summary>Addresses to and from the runtime's types.</summary>
public sealed class NetEndPointsTests
{
    [Theory]
    [InlineData("192.0.2.1", 1)]
    [InlineData("0.0.0.0", 65535)]
    [InlineData("2001:db8::ff01", 7000)]
    [InlineData("fe80::1%3", 7000)]
    [InlineData("::", 0)]
    public void Conversions_ThereAndBack_AreTheSame(string text, int port)
    {
        var endPoint = new IPEndPoint(IPAddress.Parse(text), port);
        NetAddress address = endPoint.ToNetAddress();
        Assert.Equal(endPoint, address.ToEndPoint());
        Assert.Equal(endPoint.AddressFamily == AddressFamily.InterNetwork ? NetFamily.IPv4 : NetFamily.IPv6, address.Family);
        var socketAddress = new SocketAddress(endPoint.AddressFamily);
        NetEndPoints.Write(address, socketAddress);
        Assert.Equal(endPoint.Serialize(), socketAddress);
        Assert.Equal(address, NetEndPoints.Read(endPoint.Serialize()));
    }

    [Fact]
    public void ToNetAddress_IPv4InIPv6Clothing_IsIPv4() =>
        Assert.Equal(NetAddress.IPv4([192, 0, 2, 1], 7), new IPEndPoint(IPAddress.Parse("::ffff:192.0.2.1"), 7).ToNetAddress());

    [Fact]
    public void ToEndPoint_NoAddress_Throws() => Assert.Throws<ArgumentException>(() => default(NetAddress).ToEndPoint());

    [Fact]
    public void Read_AnotherFamily_IsNoAddress() =>
        Assert.Equal(default, NetEndPoints.Read(new SocketAddress(AddressFamily.Unix, 110)));
}
