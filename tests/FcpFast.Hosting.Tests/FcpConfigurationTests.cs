using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using FcpFast.Control.Store;
using FcpFast.Interop.Kernels;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Replay;
using FcpFast.Tests.Support;
using FcpFast.Transport.Udp;
using Microsoft.Extensions.Configuration;

namespace FcpFast.Hosting.Tests;

public sealed class FcpConfigurationTests
{
    [Fact]
    public void Read_OfEveryKey_SetsItsProperty()
    {
        FcpEndpointOptions options = Read(
            """
            {
              // comments and trailing commas are for people
              "Profile": "edge", "StateFolder": "state/alice", "StateKeyFile": "keys/alice", "IsArchive": true, "Listen": "[::1]:7070", "AcceptsSessions": false,
              "Peers": [ { "Node": "bob", "Address": "192.0.2.7:7071" } ],
              "Overwrites": true, "FileBytesMax": 1000000, "Offload": "off", "Engine": "libsodium", "Suites": [ "HmacSha256" ], "DatagramBytesMax": 1400,
              "WindowFrames": 128, "RelayedReplay": "epochFence", "Shards": 2, "AssemblyBytes": 2097152, "Source": { "SegmentBytes": 131072, "ChunkBytes": 65536, "Slots": 2 },
              "SessionsMax": 7, "SubkeysMax": 17, "SocketBufferBytes": 65536,
              "Admission": { "BytesPerMinute": 1, "SymbolsPerMinute": 2, "FailedAuthenticationsPerMinute": 3, "RequiresAuthentication": true },
              "RekeyAfterSeconds": 60, "RelayBytesPerSecondMax": 5, "Routes": [ { "Zone": "z:work", "From": "alice", "To": [ "bob", "carol" ] } ],
            }
            """);
        Assert.Equal(("state/alice", new StoreKeySource.KeyFile("keys/alice")), (options.StateFolder, options.StateKey));
        Assert.Equal((true, false, true), (options.IsArchive, options.AcceptsSessions, options.Overwrites));
        Assert.Equal(new IPEndPoint(IPAddress.IPv6Loopback, 7070), options.Listen);
        Assert.Equal([new FcpPeer(OwnedPair.Id("bob"), IPEndPoint.Parse("192.0.2.7:7071"))], options.Peers);
        Assert.Equal((1_000_000UL, OffloadChoice.Off, EngineChoice.Libsodium), (options.FileBytesMax, options.Offload, options.Engine));
        Assert.Equal([MacSuite.HmacSha256], options.Suites);
        Assert.Equal((1400, 128, RelayedReplayRule.EpochFence), (options.DatagramBytesMax, options.WindowFrames, options.RelayedReplay));
        Assert.Equal(2, options.Shards);
        Assert.Equal((2_097_152, 131_072, 65_536, 2), (options.AssemblyBytes, options.Source.SegmentBytes, options.Source.ChunkBytes, options.Source.Slots));
        Assert.Equal((7, 17, 65_536, 5L), (options.SessionsMax, options.SubkeysMax, options.SocketBufferBytes, options.RelayBytesPerSecondMax));
        Assert.Equal((1L, 2L, 3L, true), (options.Admission.BytesPerMinute, options.Admission.SymbolsPerMinute, options.Admission.FailedAuthenticationsPerMinute, options.Admission.RequiresAuthentication));
        Assert.Equal(60 * Protocol.Diagnostics.Instant.TicksPerSecond, options.RekeyAfter.SoftTicks);
        Assert.Equal((TestFleet.ZoneOf("z:work"), OwnedPair.Id("alice")), (options.Routes[0].Zone, options.Routes[0].From));
        Assert.Equal([OwnedPair.Id("bob"), OwnedPair.Id("carol")], options.Routes[0].To);
    }

    [Fact]
    public void Read_OfShards_TakesANumberOrAuto()
    {
        Assert.Equal(FcpEndpointOptions.ShardsOfThisMachine, Read("""{ "StateFolder": "state/alice", "Shards": "auto" }""").Shards);
        Assert.Equal(3, Read("""{ "StateFolder": "state/alice", "Shards": "3" }""").Shards);
        Assert.Equal(1, Read("""{ "StateFolder": "state/alice" }""").Shards);
    }

    [Fact]
    public void Read_OfNothingButTheFolder_GivesTheGateway() =>
        Assert.Equal(FcpEndpointOptions.Gateway("state/alice").SessionsMax, Read("""{ "StateFolder": "state/alice" }""").SessionsMax);

    [Fact]
    public void Read_OfModeM1_TakesTheWitnessAndNeedsOne()
    {
        FcpEndpointOptions options = Read("""{ "StateFolder": "state/alice", "ReplayMode": "m1", "Witness": "/run/fcpfast/alice.witness" }""");
        Assert.Equal((ReplayMode.M1, "/run/fcpfast/alice.witness"), (options.ReplayMode, options.Witness));
        Assert.Empty(options.Faults());
        Assert.Contains(Read("""{ "StateFolder": "state/alice", "ReplayMode": "m1" }""").Faults(), static fault => fault.Contains("needs a witness", StringComparison.Ordinal));
        Assert.NotEmpty(Read("""{ "StateFolder": "state/alice", "Witness": "/run/fcpfast/alice.witness" }""").Faults());
        Assert.NotEmpty(
            Read("""{ "StateFolder": "state/alice", "ReplayMode": "m1", "Witness": "/run/w", "RelayedReplay": "epochFence" }""").Faults());
    }

    [Fact]
    public void Keys_OfEveryProperty_AreKnown()
    {
        string[] byAnotherName = [nameof(FcpEndpointOptions.StateKey), nameof(FcpEndpointOptions.RekeyAfter)];
        string[] ofCodeOnly = [nameof(FcpEndpointOptions.Time), nameof(FcpEndpointOptions.Audit), nameof(FcpEndpointOptions.ReceiveObjects)];
        IConfigurationSection section = new ConfigurationBuilder().AddInMemoryCollection(
            typeof(FcpEndpointOptions).GetProperties().Where(static one => one.CanWrite).Select(static one => one.Name).Except(byAnotherName).Except(ofCodeOnly)
                .Select(static name => KeyValuePair.Create<string, string?>($"Fcp:{name}", "?"))).Build().GetSection("Fcp");
        FcpConfiguration.Read(section, out IReadOnlyList<string> faults);
        Assert.DoesNotContain(faults, static fault => fault.Contains("no such setting", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_OfAMissingSection_SaysSo()
    {
        FcpConfiguration.Read(new ConfigurationBuilder().Build().GetSection("Fcp"), out IReadOnlyList<string> faults);
        Assert.Contains("Fcp: there is no such section in the configuration", faults);
    }

    private static FcpEndpointOptions Read(string json)
    {
        using var stream = new System.IO.MemoryStream(System.Text.Encoding.UTF8.GetBytes($"{{ \"Fcp\": {json} }}"));
        FcpEndpointOptions options = FcpConfiguration.Read(new ConfigurationBuilder().AddJsonStream(stream).Build().GetSection("Fcp"), out IReadOnlyList<string> faults);
        Assert.Empty(faults);
        return options;
    }
}
