using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Wire;
using FcpFast.Simulation.Links;

namespace FcpFast.Simulation.Actors;

/// <summary>A host that does what a test says: a stranger with an address, who holds no key.</summary>
public class Actor : IHost
{
    private readonly List<StreamEnd> _connections = [];

    /// <summary>Puts a stranger into a world.</summary>
    public Actor(World world, string name)
    {
        ArgumentNullException.ThrowIfNull(world);
        World = world;
        Name = name;
        Address = world.Mesh.NewAddress();
        world.Mesh.Attach(this, Address);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public NetAddress Address { get; }

    /// <inheritdoc/>
    public bool IsUp => true;

    /// <inheritdoc/>
    public bool IsListening { get; set; }

    /// <summary>Datagrams that have arrived.</summary>
    public List<Packet> Datagrams { get; } = [];

    /// <summary>Messages that have arrived on connections, in order.</summary>
    public List<(bool IsHandshake, byte[] Message)> Messages { get; } = [];

    /// <summary>The connection that is open, asked for or accepted last; null if none is.</summary>
    public StreamEnd? Connection => _connections.FindLast(static end => end.IsOpen);

    /// <summary>Connections that came up.</summary>
    public int ConnectionCount => _connections.Count;

    /// <summary>Connections that were refused.</summary>
    public int RefusalCount { get; private set; }

    /// <summary>The world.</summary>
    protected World World { get; }

    /// <summary>Asks for a connection.</summary>
    public void Connect(IHost to)
    {
        ArgumentNullException.ThrowIfNull(to);
        World.Mesh.Connect(this, to.Address, this);
    }

    /// <summary>Sends a datagram from its own address.</summary>
    public void SendDatagram(IHost to, ReadOnlySpan<byte> datagram)
    {
        ArgumentNullException.ThrowIfNull(to);
        World.Mesh.SendDatagram(this, to.Address, datagram);
    }

    /// <summary>Sends a datagram that says it comes from another host.</summary>
    public void Spoof(IHost claimed, IHost to, ReadOnlySpan<byte> datagram)
    {
        ArgumentNullException.ThrowIfNull(claimed);
        ArgumentNullException.ThrowIfNull(to);
        World.Mesh.InjectDatagram(World.Mesh.Datagrams(this, to), claimed.Address, to.Address, datagram);
    }

    /// <inheritdoc/>
    public virtual void TakeDatagram(Packet packet) => Datagrams.Add(packet);

    /// <inheritdoc/>
    public virtual void TakeConnection(StreamEnd end) => _connections.Add(end);

    /// <inheritdoc/>
    public void TakeRefusal(object tag) => RefusalCount++;

    /// <inheritdoc/>
    public virtual void TakeMessage(StreamEnd end, bool isHandshake, byte[] message) => Messages.Add((isHandshake, message));

    /// <inheritdoc/>
    public virtual void TakeClose(StreamEnd end)
    {
        // Connection tells
    }

    /// <summary>Closes every connection.</summary>
    public void Close()
    {
        foreach (StreamEnd end in _connections.Where(static end => end.IsOpen)) end.Close();
    }
}
