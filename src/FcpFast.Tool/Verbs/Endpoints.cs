using System;
using System.IO;
using System.Net.Sockets;
using FcpFast.Node;
using FcpFast.Protocol.Diagnostics;
using FcpFast.State;

namespace FcpFast.Tool.Verbs;

/// <summary>Opens endpoints and puts what they tell into words.</summary>
internal static class Endpoints
{
    /// <summary>Opens an endpoint, or says why not.</summary>
    public static FcpEndpoint Open(FcpEndpointOptions options, TextWriter errors)
    {
        try
        {
            FcpEndpoint endpoint = FcpEndpoint.Open(options);
            foreach (string fault in endpoint.Faults) errors.WriteLine($"fcpfast: refused: {fault}");
            if (!endpoint.Offload.IsOn) errors.WriteLine($"fcpfast: UDP offload is off: {endpoint.Offload.Explanation}");
            return endpoint;
        }
        catch (NodeFolderException e)
        {
            throw new ToolException(e.Message, e.Remedy, e);
        }
        catch (ArgumentException e)
        {
            throw new ToolException($"the options do not fit together: {e.Message}", "see --help", e);
        }
        catch (SocketException e)
        {
            throw new ToolException(
                $"cannot open {options.Listen}: {e.Message}", "choose another address or port with --listen, or end the program that uses it", e);
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
        _ => null,
    };
}
