using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net;
using FcpFast.Control.Store;
using FcpFast.Files;
using FcpFast.Node;
using FcpFast.Protocol.Admission;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Session;
using Microsoft.Extensions.Configuration;

namespace FcpFast.Hosting;

/// <summary>Makes an endpoint's options of a configuration section.</summary>
/// <remarks>
/// Shape:   a key has the name of the property it sets; README.md of this project lists them. <c>Profile</c> (<c>gateway</c> or <c>edge</c>) gives what is left out.
/// Errors:  all in one list: what cannot be read, what is unknown, and afterwards what <see cref="FcpEndpointOptions.Faults"/> finds.
/// </remarks>
public static class FcpConfiguration
{
    private const int SecondsMax = 86_400;

    /// <summary>Reads a section.</summary>
    /// <param name="section">The section; its values may come from files, the environment or the command line.</param>
    /// <param name="faults">What could not be read. The options are not to be used if there is anything in it.</param>
    public static FcpEndpointOptions Read(IConfigurationSection section, out IReadOnlyList<string> faults)
    {
        var options = new FcpHostingOptions();
        Read(section, options);
        faults = options.Unread;
        return options.Endpoint;
    }

    /// <summary>Reads a section into options; what cannot be read is kept in them and found when they are validated.</summary>
    internal static void Read(IConfigurationSection section, FcpHostingOptions into)
    {
        ArgumentNullException.ThrowIfNull(section);
        var source = new ConfigurationSource(section, into.Unread);
        if (!section.Exists()) into.Unread.Add($"{section.Path}: there is no such section in the configuration");
        Read(source, into);
        source.End();
    }

    /// <summary>Reads what is an endpoint's; the caller may ask for other keys, and ends the source.</summary>
    internal static void Read(ConfigurationSource source, FcpHostingOptions into)
    {
        into.DrainFor = source.Seconds("DrainSeconds", into.DrainFor);
        into.LogRefusalsEvery = source.Seconds("LogRefusalsEverySeconds", into.LogRefusalsEvery);
        into.LoggedPerMinuteMax = source.Number("LoggedPerMinuteMax", into.LoggedPerMinuteMax);
        string folder = source.Text("StateFolder", into.Endpoint.StateFolder) ?? "";
        FcpEndpointOptions options = source.Read("Profile", into.Endpoint with { StateFolder = folder }, "gateway or edge", (string text, out FcpEndpointOptions value) =>
        {
            bool isEdge = text.Equals("edge", StringComparison.OrdinalIgnoreCase);
            value = isEdge ? FcpEndpointOptions.Edge(folder) : FcpEndpointOptions.Gateway(folder);
            return isEdge || text.Equals("gateway", StringComparison.OrdinalIgnoreCase);
        });
        into.Endpoint = Limits(source, Ways(source, options));
    }

    /// <summary>Whose state, where it listens, who its peers are, what it takes and passes on.</summary>
    private static FcpEndpointOptions Ways(ConfigurationSource source, FcpEndpointOptions options) => options with
    {
        StateKey = StateKey(source, options.StateKey),
        IsArchive = source.Flag(nameof(options.IsArchive), options.IsArchive),
        Listen = source.Read(nameof(options.Listen), options.Listen, "ADDRESS:PORT", static (string text, out IPEndPoint value) => IPEndPoint.TryParse(text, out value!)),
        AcceptsSessions = source.Flag(nameof(options.AcceptsSessions), options.AcceptsSessions),
        Peers = source.Parts(nameof(options.Peers), options.Peers, Peer),
        ReceiveInto = source.Text(nameof(options.ReceiveInto), options.ReceiveInto),
        Overwrites = source.Flag(nameof(options.Overwrites), options.Overwrites),
        FileBytesMax = source.Number(nameof(options.FileBytesMax), options.FileBytesMax),
        Routes = source.Parts(nameof(options.Routes), options.Routes, Route),
        RelayBytesPerSecondMax = source.Number(nameof(options.RelayBytesPerSecondMax), options.RelayBytesPerSecondMax),
    };

    /// <summary>Engines, sizes and bounds.</summary>
    private static FcpEndpointOptions Limits(ConfigurationSource source, FcpEndpointOptions options) => options with
    {
        Offload = source.Name(nameof(options.Offload), options.Offload),
        Engine = source.Name(nameof(options.Engine), options.Engine),
        Suites = source.List<MacSuite>(nameof(options.Suites), options.Suites, "Blake3 or HmacSha256", ConfigurationSource.TryReadName),
        DatagramBytesMax = source.Number(nameof(options.DatagramBytesMax), options.DatagramBytesMax),
        WindowFrames = source.Number(nameof(options.WindowFrames), options.WindowFrames),
        HostGenerationFile = source.Text(nameof(options.HostGenerationFile), options.HostGenerationFile),
        RelayedReplay = source.Name(nameof(options.RelayedReplay), options.RelayedReplay),
        ReplayMode = source.Name(nameof(options.ReplayMode), options.ReplayMode),
        Witness = source.Text(nameof(options.Witness), options.Witness),
        Shards = source.Read(nameof(options.Shards), options.Shards, $"1 to {SessionSteering.ShardsMax}, or auto", TryReadShards),
        AssemblyBytes = source.Number(nameof(options.AssemblyBytes), options.AssemblyBytes),
        Source = source.Part(nameof(options.Source), options.Source, static (part, before) => new FileSourceOptions(
            part.Number(nameof(before.SegmentBytes), before.SegmentBytes), part.Number(nameof(before.ChunkBytes), before.ChunkBytes),
            part.Number(nameof(before.Slots), before.Slots))),
        SessionsMax = source.Number(nameof(options.SessionsMax), options.SessionsMax),
        SubkeysMax = source.Number(nameof(options.SubkeysMax), options.SubkeysMax),
        SocketBufferBytes = source.Number(nameof(options.SocketBufferBytes), options.SocketBufferBytes),
        Admission = source.Part(nameof(options.Admission), options.Admission, static (part, before) => new AdmissionLimits(
            part.Number(nameof(before.BytesPerMinute), before.BytesPerMinute), part.Number(nameof(before.SymbolsPerMinute), before.SymbolsPerMinute),
            part.Number(nameof(before.FailedAuthenticationsPerMinute), before.FailedAuthenticationsPerMinute),
            part.Flag(nameof(before.RequiresAuthentication), before.RequiresAuthentication))),
        RekeyAfter = source.Read("RekeyAfterSeconds", options.RekeyAfter, $"1 to {SecondsMax}", static (string text, out SequencerLimits value) =>
        {
            bool isRead = int.TryParse(text, out int seconds) && seconds is >= 1 and <= SecondsMax;
            value = SequencerLimits.Default with { SoftTicks = seconds * Instant.TicksPerSecond };
            return isRead;
        }),
    };

    /// <summary>A number, or as many as this machine has cores; the bounds are for <see cref="FcpEndpointOptions.Faults"/>.</summary>
    private static bool TryReadShards(string text, out int value)
    {
        if (!text.Equals("auto", StringComparison.OrdinalIgnoreCase)) return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        value = FcpEndpointOptions.ShardsOfThisMachine;
        return true;
    }

    private static FcpPeer? Peer(ConfigurationSource source, FcpPeer? none)
    {
        NodeId node = source.Read<NodeId>("Node", default, "a node id", TryReadNode);
        IPEndPoint? address = source.Read<IPEndPoint?>("Address", null, "ADDRESS:PORT", IPEndPoint.TryParse);
        source.Require("Node", "Address");
        return node.IsEmpty || address is null ? none : new FcpPeer(node, address);
    }

    private static RelayRoute? Route(ConfigurationSource source, RelayRoute? none)
    {
        ZoneId zone = source.Read<ZoneId>("Zone", default, "a zone id", static (string text, out ZoneId value) => ZoneId.Parse(text, out value) == FcpStatus.Accepted);
        NodeId from = source.Read<NodeId>("From", default, "a node id", TryReadNode);
        IReadOnlyList<NodeId> to = source.List<NodeId>("To", [], "a node id", TryReadNode);
        source.Require("Zone", "From", "To");
        return zone.IsEmpty || from.IsEmpty || to.Count == 0 ? none : new RelayRoute(zone, from, to);
    }

    private static bool TryReadNode(string text, out NodeId value) => NodeId.Parse(text, out value) == FcpStatus.Accepted;

    /// <summary>A configuration names the file that holds a secret, never the secret.</summary>
    private static StoreKeySource StateKey(ConfigurationSource source, StoreKeySource otherwise)
    {
        StoreKeySource key = source.Read("StateKeyFile", otherwise, "a path", static (string text, out StoreKeySource value) =>
        {
            value = new StoreKeySource.KeyFile(text);
            return text.Length > 0;
        });
        return source.Read("PassphraseFile", key, $"a readable file whose first line is a passphrase of 1 to {PassphraseFile.BytesMax} bytes", static (string text, out StoreKeySource value) =>
        {
            value = new StoreKeySource.KeyFile();
            try
            {
                value = new StoreKeySource.Passphrase([.. PassphraseFile.Read(text)]);
                return true;
            }
            catch (Exception e) when (e is StateStoreException or ArgumentException)
            {
                return false;
            }
        });
    }
}
