using System;
using System.Collections.Generic;
using FcpFast.Protocol.Wire;

namespace FcpFast.Simulation.Links;

/// <summary>The network: hosts by their addresses, and two links (datagrams, connections) for each ordered pair of hosts.</summary>
/// <remarks>Shape: a link is made when it is first used or asked for, with the mesh's latency and no rules.</remarks>
public sealed class Mesh
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10); // as a stream port's

    private readonly World _world;
    private readonly Dictionary<NetAddress, IHost> _hosts = [];
    private readonly Dictionary<(IHost From, IHost To), Link> _datagrams = [];
    private readonly Dictionary<(IHost From, IHost To), Link> _streams = [];
    private readonly List<StreamEnd> _ends = [];
    private long _packets;
    private long _connections;
    private byte _addresses;

    internal Mesh(World world) => _world = world;

    /// <summary>The latency of links that are made from now on.</summary>
    public TimeSpan Latency { get; set; } = TimeSpan.FromMilliseconds(1);

    /// <summary>An address that nobody has.</summary>
    public NetAddress NewAddress() => NetAddress.IPv4([10, 0, 0, ++_addresses], 7000);

    /// <summary>Lets a host have an address; it may have several.</summary>
    public void Attach(IHost host, NetAddress address) => _hosts[address] = host;

    /// <summary>Takes an address away.</summary>
    public void Detach(NetAddress address) => _hosts.Remove(address);

    /// <summary>The link of datagrams from one host to another.</summary>
    public Link Datagrams(IHost from, IHost to) => GetOrAdd(_datagrams, from, to, "datagrams", isOrdered: false);

    /// <summary>The link of connections from one host to another.</summary>
    public Link Streams(IHost from, IHost to) => GetOrAdd(_streams, from, to, "streams", isOrdered: true);

    /// <summary>Cuts datagrams and connections in both directions: datagrams are lost, messages wait.</summary>
    public void Part(IHost a, IHost b) => SetCut(a, b, isCut: true);

    /// <summary>Ends a cut.</summary>
    public void Heal(IHost a, IHost b) => SetCut(a, b, isCut: false);

    /// <summary>Breaks every connection between two hosts; both are told.</summary>
    public void Break(IHost a, IHost b)
    {
        foreach (StreamEnd end in _ends.ToArray())
        {
            if ((end.Host == a && end.Other!.Host == b) || (end.Host == b && end.Other!.Host == a)) end.Break();
        }

        Forget();
    }

    /// <summary>A host's process is gone: its connections end, and the other sides are told, as an operating system does.</summary>
    public void Abandon(IHost host)
    {
        foreach (StreamEnd end in _ends.ToArray())
        {
            if (end.Host != host || !end.IsOpen) continue;
            end.Vanish();
            Send(end, StreamItem.Close, default);
        }

        Forget();
    }

    /// <summary>Sends a datagram.</summary>
    public void SendDatagram(IHost from, NetAddress to, ReadOnlySpan<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(from);
        if (!_hosts.TryGetValue(to, out IHost? host)) return; // nobody is there
        Datagrams(from, host).Send(new Packet(++_packets, from.Address, to, bytes.ToArray()));
    }

    /// <summary>Puts a datagram onto a link as if it came from some address.</summary>
    public void InjectDatagram(Link link, NetAddress from, NetAddress to, ReadOnlySpan<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(link);
        link.Inject(new Packet(++_packets, from, to, bytes.ToArray()) { IsInjected = true });
    }

    /// <summary>Puts a message onto a connection as if the other end had sent it.</summary>
    /// <param name="to">The end that takes it.</param>
    /// <param name="isHandshake">What it claims to be.</param>
    /// <param name="message">The message.</param>
    public void InjectMessage(StreamEnd to, bool isHandshake, ReadOnlySpan<byte> message)
    {
        ArgumentNullException.ThrowIfNull(to);
        StreamItem item = isHandshake ? StreamItem.Handshake : StreamItem.Control;
        Streams(to.Other!.Host, to.Host).Inject(
            new Packet(++_packets, to.Remote, to.Host.Address, message.ToArray()) { IsInjected = true, Stream = to, Item = item });
    }

    /// <summary>Asks for a connection; the answer comes to the host.</summary>
    /// <param name="from">Who asks.</param>
    /// <param name="to">Where to.</param>
    /// <param name="tag">Comes back with the connection or the refusal.</param>
    public void Connect(IHost from, NetAddress to, object tag)
    {
        ArgumentNullException.ThrowIfNull(from);
        if (!_hosts.TryGetValue(to, out IHost? host) || Streams(from, host).IsCut || Streams(host, from).IsCut)
        {
            _world.After(ConnectTimeout, () => from.TakeRefusal(tag));
            return;
        }

        TimeSpan there = Streams(from, host).Latency, back = Streams(host, from).Latency;
        _world.After(there, () =>
        {
            if (host.IsUp && host.IsListening) Accept(from, host, to, tag, back);
            else _world.After(back, () => from.TakeRefusal(tag));
        });
    }

    internal void Send(StreamEnd from, StreamItem item, ReadOnlySpan<byte> message)
    {
        StreamEnd to = from.Other!;
        Streams(from.Host, to.Host).Send(new Packet(++_packets, to.Remote, from.Remote, message.ToArray()) { Stream = to, Item = item });
    }

    private void Accept(IHost from, IHost host, NetAddress to, object tag, TimeSpan back)
    {
        ushort port = (ushort)(40_000 + (_connections % 20_000)); // a client's port is not that of its datagrams
        var asked = new StreamEnd(this, ++_connections, from, to, tag);
        var accepted = new StreamEnd(this, ++_connections, host, from.Address with { Port = port }, null);
        (asked.Other, accepted.Other) = (accepted, asked);
        _ends.Add(asked);
        _ends.Add(accepted);
        _world.Trace.Add(_world.NowTicks, "accepted", host.Name, accepted.Number);
        host.TakeConnection(accepted);
        _world.After(back, () =>
        {
            if (asked.IsOpen) from.TakeConnection(asked);
            else from.TakeRefusal(tag);
        });
    }

    private Link GetOrAdd(Dictionary<(IHost From, IHost To), Link> links, IHost from, IHost to, string what, bool isOrdered)
    {
        if (links.TryGetValue((from, to), out Link? link)) return link;
        link = new Link(_world, $"{from.Name} > {to.Name} {what}", isOrdered, Latency, packet => Arrive(links[(from, to)], packet, to));
        links.Add((from, to), link);
        return link;
    }

    private static void Arrive(Link link, Packet packet, IHost host)
    {
        if (!host.IsUp)
        {
            link.Tally.Unreached++;
            return;
        }

        link.Tally.Arrived++;
        if (packet.IsCorrupted) link.Tally.ArrivedCorrupted++;
        if (packet.IsInjected) link.Tally.ArrivedInjected++;
        if (packet.Stream is { } end) end.Take(packet);
        else host.TakeDatagram(packet);
    }

    private void SetCut(IHost a, IHost b, bool isCut)
    {
        Datagrams(a, b).IsCut = isCut;
        Datagrams(b, a).IsCut = isCut;
        Streams(a, b).IsCut = isCut;
        Streams(b, a).IsCut = isCut;
    }

    private void Forget() => _ends.RemoveAll(static end => !end.IsOpen && !end.Other!.IsOpen);
}
