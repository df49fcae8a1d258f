using System;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Sockets;

namespace FcpFast.Tool.Verbs;

/// <summary>An address as it is written: 192.0.2.1:7070, [2001:db8::1]:7070, name:7070, or any of them without a port.</summary>
/// <param name="Host">A name or an address.</param>
/// <param name="Port">The port; <see cref="PortDefault"/> if none was written.</param>
internal sealed record HostAddress(string Host, int Port)
{
    public const int PortDefault = 7070;

    /// <summary>Reads one; null if it is none. A bare number is none: as an address it would mean something else than the port that is meant.</summary>
    public static HostAddress? Parse(string text)
    {
        if (text.All(char.IsAsciiDigit)) return null;
        bool isBracketed = text.StartsWith('['); // .NET reads [address]:port as an address and drops the port
        if (!isBracketed && IPAddress.TryParse(text, out IPAddress? alone)) return new HostAddress(alone.ToString(), PortDefault);
        int colon = isBracketed ? text.IndexOf("]:", StringComparison.Ordinal) + 1 : text.LastIndexOf(':');
        string host = colon <= 0 ? text : text[..colon];
        int port = PortDefault;
        bool hasPort = colon > 0;
        if (hasPort && !(int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= ushort.MaxValue)) return null;
        if (isBracketed) host = host.EndsWith(']') && IPAddress.TryParse(host[1..^1], out IPAddress? bare) ? bare.ToString() : "";
        else if (host.Contains(':', StringComparison.Ordinal)) return null; // an IPv6 address with a port needs brackets
        return Uri.CheckHostName(host) == UriHostNameType.Unknown ? null : new HostAddress(host, port);
    }

    /// <summary>Looks the name up; IPv4 first.</summary>
    public IPEndPoint Resolve()
    {
        try
        {
            IPAddress[] addresses = Dns.GetHostAddresses(Host);
            if (addresses.Length > 0) return new IPEndPoint(Array.Find(addresses, static a => a.AddressFamily == AddressFamily.InterNetwork) ?? addresses[0], Port);
        }
        catch (SocketException e)
        {
            throw new ToolException($"{Host} has no address: {e.Message}", "check the name, or give the address itself", e);
        }

        throw new ToolException($"{Host} has no address", "check the name, or give the address itself");
    }

    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
