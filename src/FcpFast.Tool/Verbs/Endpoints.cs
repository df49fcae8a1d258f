using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using FcpFast.Control.Store;
using FcpFast.Doors;
using FcpFast.Node;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Tool.Reports;
using FcpFast.Transport.Udp;

namespace FcpFast.Tool.Verbs;

/// <summary>Opens endpoints and puts what they tell into words.</summary>
internal static class Endpoints
{
    /// <summary>Opens an endpoint, or says why not.</summary>
    public static async Task<FcpEndpoint> OpenAsync(FcpEndpointOptions options, ToolStreams streams)
    {
        FcpEndpoint endpoint = Open(options);
        foreach (string fault in endpoint.Faults) await streams.SayAsync($"fcpfast: refused: {fault}");
        foreach (string fault in endpoint.EngineFaults) await streams.SayAsync($"fcpfast: {fault}");
        if (endpoint.LockedMemoryFault is { } unlocked) await streams.SayAsync($"fcpfast: WARNING: {unlocked}");
        if (endpoint.SessionsResumed > 0) await streams.SayAsync($"fcpfast: goes on with {endpoint.SessionsResumed} session(s) of the process before");
        bool isUnasked = !endpoint.Offload.IsOn && options.Offload == OffloadChoice.Auto;
        if (isUnasked) await streams.SayAsync($"fcpfast: UDP offload is off: {endpoint.Offload.Explanation}");
        return endpoint;
    }

    /// <summary>Opens the local door of a node; null, and said why, where there can be none: the node runs all the same.</summary>
    public static async Task<FcpDoor?> OpenDoorAsync(FcpEndpoint endpoint, ToolStreams streams)
    {
        FcpDoor? door = OpenDoor(endpoint, null, out string fault);
        if (door is null) await streams.SayAsync($"fcpfast: no local door, so no 'fcpfast status' of this node: {fault}");
        return door;
    }

    /// <summary>Opens the local door of a node; null, and why, where there can be none.</summary>
    public static FcpDoor? OpenDoor(FcpEndpoint endpoint, Func<Task<JsonObject>>? reload, out string fault)
    {
        fault = $"{FcpDoor.PathOf(endpoint.Options.StateFolder)} is no path for a Unix-domain socket here";
        try
        {
            return FcpDoor.Open(endpoint, reload);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SocketException)
        {
            fault = e.Message;
            return null;
        }
    }

    /// <summary>Why an endpoint could not be opened, in words; null for a defect.</summary>
    /// <param name="fault">What <see cref="FcpEndpoint.Open"/> has thrown.</param>
    /// <param name="listen">Where it was to listen.</param>
    /// <param name="setting">By what that is set.</param>
    public static ToolException? Explain(Exception fault, IPEndPoint listen, string setting) => fault switch
    {
        StateStoreException e => new ToolException(e.Message, e.Remedy, e),
        ArgumentException e => new ToolException($"these options cannot be used: {e.Message}", "give others, or bring what they need into the state folder", e),
        SocketException e => new ToolException($"cannot open {listen}: {e.Message}", $"choose another address or port with {setting}, or end the program that uses it", e),
        _ => null,
    };

    /// <summary>Opens a journal, if one is asked for.</summary>
    public static FrameJournal? OpenJournal(string? path)
    {
        try
        {
            return path is null ? null : new FrameJournal(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ToolException($"cannot write the journal {path}: {e.Message}", "name a file that may be written", e);
        }
    }

    /// <summary>An event in words; null if there is nothing to say.</summary>
    public static string? Describe(FcpEndpointEvent happened) => happened switch
    {
        FcpEndpointEvent.LinkChanged { State: LinkState.Established } link => $"session with {link.Peer}",
        FcpEndpointEvent.LinkChanged { State: LinkState.Down } link => $"lost {link.Peer}",
        FcpEndpointEvent.HandshakeFailed failed =>
            $"handshake with {failed.Peer} refused: {FcpStatusNames.NameOf(failed.Reason)} ({FcpStatusNames.CodeOf(failed.Reason)})",
        FcpEndpointEvent.FileOpened { File.IsResumed: true } opened => $"'{opened.File.Name}' goes on at {opened.File.CompleteBytes} of {opened.File.Shape.SizeBytes} bytes",
        FcpEndpointEvent.FileOpened opened => $"'{opened.File.Name}', {opened.File.Shape.SizeBytes} bytes, from {opened.File.Source}",
        FcpEndpointEvent.FileReceived received => $"'{received.File.Name}' is complete",
        FcpEndpointEvent.FileRefused refused => refused.File.FailureDetail,
        FcpEndpointEvent.ZoneChanged zone => zone.IsMember ? $"zone {zone.Zone} has key {zone.ZoneKey} now" : $"this node is no member of {zone.Zone} now",
        FcpEndpointEvent.StandingChanged { Standing: FcpStatus.Accepted } node => $"{node.Node} is attested",
        FcpEndpointEvent.StandingChanged node => $"the attestation of {node.Node} counts no more: {FcpStatusNames.NameOf(node.Standing)}",
        FcpEndpointEvent.AlarmRaised { Alarm: var alarm } => $"ALARM {alarm.Kind}: {alarm.Detail}",
        FcpEndpointEvent.RecordRefused record => $"refused: {record.What}: {FcpStatusNames.NameOf(record.Reason)}",
        _ => null,
    };

    private static FcpEndpoint Open(FcpEndpointOptions options)
    {
        try
        {
            return FcpEndpoint.Open(options);
        }
        catch (Exception e) when (Explain(e, options.Listen, "--listen") is { } reason)
        {
            throw reason;
        }
    }
}
