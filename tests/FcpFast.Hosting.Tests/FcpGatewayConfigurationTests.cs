using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Text.Json.Nodes;
using FcpFast.Control.Store;
using FcpFast.Hosting.Gateways;
using FcpFast.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace FcpFast.Hosting.Tests;

[Collection(nameof(EnvironmentTests))]
public sealed class FcpGatewayConfigurationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fcpfast-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Load_OfASettingThatIsGivenTwice_TakesTheLast() =>
        Assert.Equal(256, FcpGatewayConfiguration.Load(Write("{}"), [$"StateFolder={_folder}", "WindowFrames=128", "windowframes=256"], out IReadOnlyList<string> faults).Hosting.Endpoint.WindowFrames + faults.Count);

    /// <summary>A key that only one of the two knows is a fault of this build.</summary>
    [Fact]
    public void Schema_OfEveryKey_IsWhatTheReaderAsksFor()
    {
        var settings = new Dictionary<string, string?>();
        var described = new SortedSet<string>(StringComparer.Ordinal);
        Describe(JsonNode.Parse(FcpGatewayConfiguration.Schema)!.AsObject(), "", described, settings);
        var asked = new SortedSet<string>(StringComparer.Ordinal);
        FcpGatewayConfiguration.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), asked);
        Assert.Equal(described, asked);
        Assert.InRange(described.Count, 40, 200);
    }

    [Fact]
    public void Schema_OfEveryObject_RefusesOtherKeysAndDescribesItsOwn()
    {
        JsonObject schema = JsonNode.Parse(FcpGatewayConfiguration.Schema)!.AsObject();
        JsonObject[] objects = [.. Objects(schema)];
        Assert.InRange(objects.Length, 6, 100);
        Assert.All(objects, static one => Assert.False((bool)one["additionalProperties"]!));
        IEnumerable<KeyValuePair<string, JsonNode?>> ofValues = objects.SelectMany(static one => one["properties"]!.AsObject()).Where(static one => (string?)one.Value!["type"] != "object");
        Assert.All(ofValues, static one => Assert.True(one.Value!["description"] is not null, $"{one.Key} has no description"));
    }

    /// <summary>The bounds and defaults that the schema shows are those of the options.</summary>
    [Fact]
    public void Schema_OfDefaultsAndNames_IsThatOfTheOptions()
    {
        JsonObject properties = JsonNode.Parse(FcpGatewayConfiguration.Schema)!["properties"]!.AsObject();
        FcpEndpointOptions defaults = FcpEndpointOptions.Gateway("state");
        var hosting = new FcpHostingOptions();
        Assert.Equal(
            (defaults.DatagramBytesMax, defaults.WindowFrames, hosting.DrainFor.TotalSeconds, hosting.LogRefusalsEvery.TotalSeconds, hosting.LoggedPerMinuteMax),
            ((int)properties["DatagramBytesMax"]!["default"]!, (int)properties["WindowFrames"]!["default"]!, (double)properties["DrainSeconds"]!["default"]!,
                (double)properties["LogRefusalsEverySeconds"]!["default"]!, (int)properties["LoggedPerMinuteMax"]!["default"]!));
        Assert.Equal(Enum.GetNames<Interop.Kernels.EngineChoice>(), Names(properties["Engine"]!));
        Assert.Equal(Enum.GetNames<Transport.Udp.OffloadChoice>(), Names(properties["Offload"]!));
        Assert.Equal(Enum.GetNames<Protocol.Replay.RelayedReplayRule>(), Names(properties["RelayedReplay"]!));
        Assert.Equal(Enum.GetNames<LogLevel>(), Names(properties["Log"]!["properties"]!["Level"]!));
        Assert.Equal(Enum.GetNames<FcpLogFormat>(), Names(properties["Log"]!["properties"]!["Format"]!));
        foreach ((string key, string below, string above) in (ReadOnlySpan<(string, string, string)>)[("DatagramBytesMax", "575", "65508"), ("WindowFrames", "63", "65473"), ("DrainSeconds", "-1", "3601")])
        {
            Assert.Contains(Faults($"{key}={below}"), fault => fault.Contains(key, StringComparison.Ordinal));
            Assert.Contains(Faults($"{key}={above}"), fault => fault.Contains(key, StringComparison.Ordinal));
            Assert.DoesNotContain(Faults($"{key}={properties[key]!["minimum"]}"), fault => fault.Contains(key, StringComparison.Ordinal));
            Assert.DoesNotContain(Faults($"{key}={properties[key]!["maximum"]}"), fault => fault.Contains(key, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Load_OfAFileWithManyFaults_ListsEachWithItsPath()
    {
        string file = Write(
            """
            {
              "StateFolder": "nowhere", "Listn": "0.0.0.0:7070", "Listen": "here", "WindowFrames": 1, "Log": { "Level": "Loud", "Colour": true },
              "Peers": [ { "Node": "bob" }, { "Node": "bad id!", "Address": "192.0.2.1:1", "Port": 1 } ],
              "Routes": [ { "Zone": "z:work", "From": "bob", "To": [ "bad id!" ] } ],
              "Serve": "9464x", "Otlp": "collector", "StateKeyFile": "no.key", "PassphraseFile": "none",
            }
            """);
        FcpGatewayConfiguration.Load(file, ["SessionsMax=0"], out IReadOnlyList<string> faults);
        string[] paths =
        [
            "Listen: ", "Listn: ", "Log:Colour: ", "Log:Level: ", "Otlp: ", "PassphraseFile: ", "Peers:0:Address is missing", "Peers:1:Node: ", "Peers:1:Port: ", "Routes:0:To:0: ", "Serve: ",
            "SessionsMax: ", "StateFolder: ", "StateKeyFile: ", "WindowFrames: ",
        ];
        Assert.Equal(paths, faults.Select(fault => paths.FirstOrDefault(path => fault.StartsWith(path, StringComparison.Ordinal)) ?? fault).Order(StringComparer.Ordinal));
        Assert.Contains(faults, static fault => fault.Contains("there is no such setting; correct its name", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{ \"StateFolder\": ", "LineNumber")]
    [InlineData("[]", "not JSON as it is expected")]
    [InlineData("{ \"Listen\": \"1.2.3.4:5\", \"listen\": \"1.2.3.4:6\" }", "duplicate key")]
    public void Load_OfWhatIsNoConfiguration_SaysWhere(string text, string words)
    {
        FcpGatewayConfiguration.Load(Write(text), [], out IReadOnlyList<string> faults);
        Assert.Contains(words, Assert.Single(faults), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Load_OfAFileThatIsNotThere_SaysSo()
    {
        FcpGatewayConfiguration.Load(Path.Combine(_folder, "none.json"), ["Listen"], out IReadOnlyList<string> faults);
        Assert.Equal(2, faults.Count);
        Assert.Contains(faults, static fault => fault.Contains("cannot be read", StringComparison.Ordinal));
        Assert.Contains(faults, static fault => fault.Contains("'Listen' is no setting", StringComparison.Ordinal));
    }

    [Fact]
    public void Load_OfFileEnvironmentAndSettings_TakesTheLaterOne()
    {
        string file = Write($$"""{ "StateFolder": "{{_folder}}", "WindowFrames": 128, "SessionsMax": 1, "SubkeysMax": 17, "Log": { "Level": "Debug" } }""");
        Environment.SetEnvironmentVariable("FCPFAST__SESSIONSMAX", "2");
        Environment.SetEnvironmentVariable("FCPFAST__SubkeysMax", "18");
        Environment.SetEnvironmentVariable("FCPFAST__Log__Level", "Error");
        try
        {
            FcpGatewayOptions options = FcpGatewayConfiguration.Load(file, ["SubkeysMax=19", "Peers:0:Node=bob", "Peers:0:Address=192.0.2.1:7070"], out IReadOnlyList<string> faults);
            Assert.Empty(faults);
            FcpEndpointOptions endpoint = options.Hosting.Endpoint;
            Assert.Equal((128, 2, 19, LogLevel.Error), (endpoint.WindowFrames, endpoint.SessionsMax, endpoint.SubkeysMax, options.LogLevel));
            Assert.Equal([new FcpPeer(OwnedPair.Id("bob"), IPEndPoint.Parse("192.0.2.1:7070"))], endpoint.Peers);
            Environment.SetEnvironmentVariable("FCPFAST__SessionMax", "3");
            FcpGatewayConfiguration.Load(file, [], out faults);
            Assert.StartsWith("SessionMax: there is no such setting", Assert.Single(faults), StringComparison.Ordinal);
        }
        finally
        {
            foreach (string name in (string[])["SESSIONSMAX", "SubkeysMax", "Log__Level", "SessionMax"]) Environment.SetEnvironmentVariable($"FCPFAST__{name}", null);
        }
    }

    [Theory]
    [InlineData("127.0.0.1:7070", "that of Listen")]
    [InlineData("[::1]:9464", "give an IPv4 address")]
    [InlineData("127.0.0.1:0", "cannot be 0")]
    public void Faults_OfAnAddressThatCannotBeServedAt_SaysWhy(string serve, string words) =>
        Assert.Contains(words, Assert.Single(Faults("Listen=0.0.0.0:7070", $"Serve={serve}")), StringComparison.Ordinal);

    [Fact]
    public void Load_OfAPassphraseFile_TakesItsFirstLine()
    {
        string secret = Path.Combine(_folder, "passphrase");
        File.WriteAllBytes(secret, "\uFEFFcorrect horse\r\nsecond line"u8.ToArray());
        FcpGatewayOptions options = FcpGatewayConfiguration.Load(Write($$"""{ "StateFolder": "{{_folder}}", "PassphraseFile": "{{secret}}" }"""), [], out IReadOnlyList<string> faults);
        Assert.Empty(faults);
        var passphrase = Assert.IsType<StoreKeySource.Passphrase>(options.Hosting.Endpoint.StateKey);
        Assert.True(passphrase.Utf8.AsSpan().SequenceEqual("correct horse"u8), "the first line alone");
        File.WriteAllBytes(secret, "\nhidden"u8.ToArray());
        FcpGatewayConfiguration.Load(Write($$"""{ "StateFolder": "{{_folder}}", "PassphraseFile": "{{secret}}" }"""), [], out faults);
        Assert.DoesNotContain("hidden", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Fact]
    public void FixedDifferences_OfAnotherProcessSetUp_NamesItsSettings()
    {
        FcpGatewayOptions one = Read(), other = Read("Log:Level=Debug", "Log:Format=Text", "Serve=127.0.0.1:1", "Otlp=http://127.0.0.1/");
        Assert.Equal(["Log:Format", "Serve", "Otlp"], one.FixedDifferences(other));
        Assert.Empty(one.FixedDifferences(Read()));
    }

    private IReadOnlyList<string> Faults(params string[] settings)
    {
        FcpGatewayConfiguration.Load(Write("{}"), [$"StateFolder={_folder}", .. settings], out IReadOnlyList<string> faults);
        return faults;
    }

    private FcpGatewayOptions Read(params string[] settings) => FcpGatewayConfiguration.Load(Write("{}"), [$"StateFolder={_folder}", .. settings], out _);

    private string Write(string text)
    {
        string path = Path.Combine(_folder, "gateway.json");
        File.WriteAllText(path, text);
        return path;
    }

    private static string[] Names(JsonNode property) => [.. property["enum"]!.AsArray().Select(static name => (string)name!)];

    private static IEnumerable<JsonObject> Objects(JsonObject schema)
    {
        if (schema["properties"] is not JsonObject properties) return [];
        IEnumerable<JsonObject> below = properties.Select(static one => (one.Value!["items"] ?? one.Value).AsObject());
        return below.SelectMany(Objects).Prepend(schema);
    }

    /// <summary>Every path that the schema allows, each item of a list as 0, and a value for each, so that everything is asked for.</summary>
    private static void Describe(JsonObject schema, string under, SortedSet<string> paths, Dictionary<string, string?> settings)
    {
        foreach ((string key, JsonNode? property) in schema["properties"]!.AsObject())
        {
            string path = under + key;
            paths.Add(path);
            JsonNode below = property!["items"] is { } items ? items : property;
            if (below["properties"] is not null) Describe(below.AsObject(), property["items"] is null ? $"{path}:" : $"{path}:0:", paths, settings);
            else settings[property["items"] is null ? path : $"{path}:0"] = "?";
        }
    }
}
