using FcpFast.Tool.Verbs;

namespace FcpFast.Tool.Tests.Verbs;

/// <summary>Addresses as people write them.</summary>
public sealed class HostAddressTests
{
    [Theory]
    [InlineData("192.0.2.1:7171", "192.0.2.1", 7171)]
    [InlineData("192.0.2.1", "192.0.2.1", 7070)]
    [InlineData("192.0.2.1:0", "192.0.2.1", 0)]
    [InlineData("[2001:db8::1]:7171", "2001:db8::1", 7171)]
    [InlineData("[2001:db8::1]", "2001:db8::1", 7070)]
    [InlineData("2001:db8::1", "2001:db8::1", 7070)]
    [InlineData("::1", "::1", 7070)]
    [InlineData("host.example:65535", "host.example", 65535)]
    [InlineData("host", "host", 7070)]
    public void Parse_AnAddress_ReadsHostAndPort(string text, string host, int port)
    {
        HostAddress? address = HostAddress.Parse(text);
        Assert.Equal(new HostAddress(host, port), address);
        Assert.Equal(address, HostAddress.Parse(address!.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("7070")]
    [InlineData(":7070")]
    [InlineData("host:")]
    [InlineData("host:65536")]
    [InlineData("host:-1")]
    [InlineData("host:+1")]
    [InlineData("host:port")]
    [InlineData("two words")]
    [InlineData("[::1")]
    [InlineData("[::1]7171")]
    [InlineData("[::1]:")]
    [InlineData("[host]:7171")]
    [InlineData("[]:7171")]
    [InlineData("2001:db8::1:7171:1:1:1:1:1")]
    public void Parse_NoAddress_IsNull(string text) => Assert.Null(HostAddress.Parse(text));

    [Fact]
    public void Resolve_AnAddress_IsItself() =>
        Assert.Equal(System.Net.IPEndPoint.Parse("[::1]:7171"), new HostAddress("::1", 7171).Resolve());
}
