using System.Collections.Generic;
using System.Linq;
using System.Net;
using FcpFast.Files;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Tests;

public sealed class FcpEndpointOptionsTests
{
    public static TheoryData<string, FcpEndpointOptions> Faulty => new()
    {
        { "StateFolder", Sound with { StateFolder = " " } },
        { "DatagramBytesMax", Sound with { DatagramBytesMax = 575 } },
        { "DatagramBytesMax", Sound with { DatagramBytesMax = 65_508 } },
        { "WindowFrames", Sound with { WindowFrames = 63 } },
        { "WindowFrames", Sound with { WindowFrames = 65_473 } },
        { "AssemblyBytes", Sound with { AssemblyBytes = (1024 * 1024) - 4096 } },
        { "AssemblyBytes", Sound with { AssemblyBytes = (1024 * 1024) + 1 } },
        { "SessionsMax", Sound with { SessionsMax = 0 } },
        { "SubkeysMax", Sound with { SubkeysMax = 15 } },
        { "Suites", Sound with { Suites = [] } },
        { "Suites", Sound with { Suites = [MacSuite.Blake3, MacSuite.Blake3] } },
        { "Suites", Sound with { Suites = [MacSuite.Unset] } },
        { "Source.Slots", Sound with { Source = new FileSourceOptions(Slots: 0) } },
        { "Source.SegmentBytes", Sound with { Source = new FileSourceOptions(SegmentBytes: 61_440, ChunkBytes: 4_096) } },
        { "Source.ChunkBytes", Sound with { Source = new FileSourceOptions(ChunkBytes: 65_536 + 4096) } },
        { "ReceiveInto", Sound with { ReceiveInto = "/no/such/folder" } },
        { "Peers", Sound with { Peers = [Peer("a", 1), Peer("b", 2), Peer("a", 3)] } },
    };

    private static FcpEndpointOptions Sound => FcpEndpointOptions.Gateway("state");

    [Fact]
    public void Faults_Profiles_None()
    {
        Assert.Empty(FcpEndpointOptions.Gateway("state").Faults());
        Assert.Empty(FcpEndpointOptions.Edge("state").Faults());
    }

    [Theory]
    [MemberData(nameof(Faulty), DisableDiscoveryEnumeration = true)]
    public void Faults_OneFault_NamesItAlone(string name, FcpEndpointOptions options)
    {
        string fault = Assert.Single(options.Faults());
        Assert.StartsWith(name + ":", fault, System.StringComparison.Ordinal);
    }

    [Fact]
    public void Faults_SeveralFaults_ListsAll()
    {
        IReadOnlyList<string> faults = (Sound with { SessionsMax = 0, SubkeysMax = 0, WindowFrames = 0 }).Faults();
        Assert.Equal(["SessionsMax", "SubkeysMax", "WindowFrames"], faults.Select(static fault => fault[..fault.IndexOf(':')]).Order());
    }

    private static FcpPeer Peer(string name, int port)
    {
        Assert.Equal(FcpStatus.Accepted, NodeId.Parse(name, out NodeId node));
        return new FcpPeer(node, new IPEndPoint(IPAddress.Loopback, port));
    }
}
