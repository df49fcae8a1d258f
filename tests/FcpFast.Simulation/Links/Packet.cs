using FcpFast.Protocol.Wire;

namespace FcpFast.Simulation.Links;

/// <summary>A datagram, or a message of a connection, on its way.</summary>
/// <param name="number">Its number in the world; a copy has that of its original.</param>
/// <param name="from">Where it says that it comes from.</param>
/// <param name="to">Where it goes.</param>
/// <param name="bytes">Its content; owned by the packet.</param>
public sealed class Packet(long number, NetAddress from, NetAddress to, byte[] bytes)
{
    /// <summary>Its number in the world; a copy has that of its original.</summary>
    public long Number { get; } = number;

    /// <summary>Where it says that it comes from.</summary>
    public NetAddress From { get; init; } = from;

    /// <summary>Where it goes.</summary>
    public NetAddress To { get; init; } = to;

    /// <summary>Its content; owned by the packet, so that a rule may change it.</summary>
    public byte[] Bytes { get; set; } = bytes;

    /// <summary>What it takes longer than the link's latency.</summary>
    public long DelayTicks { get; set; }

    /// <summary>True if a rule has made it from another one.</summary>
    public bool IsCopy { get; set; }

    /// <summary>True if a rule has changed its content.</summary>
    public bool IsCorrupted { get; set; }

    /// <summary>True if it was put onto the link by an actor and not by its sender.</summary>
    public bool IsInjected { get; init; }

    /// <summary>True for a handshake message of a connection.</summary>
    public bool IsHandshake => Item == StreamItem.Handshake;

    /// <summary>True for a control frame of a connection.</summary>
    public bool IsControl => Item == StreamItem.Control;

    /// <summary>The connection, by the number of the end that takes it; 0 for a datagram.</summary>
    public long Connection => Stream?.Number ?? 0;

    /// <summary>For a message of a connection, the end that takes it; null for a datagram.</summary>
    internal StreamEnd? Stream { get; init; }

    /// <summary>For a message of a connection, what it is.</summary>
    internal StreamItem Item { get; init; }

    /// <summary>A second packet of the same content.</summary>
    public Packet Copy() => CopyFrom(From);

    /// <summary>A second packet of the same content that says it comes from elsewhere.</summary>
    public Packet CopyFrom(NetAddress from) => new(Number, from, To, (byte[])Bytes.Clone())
    {
        DelayTicks = DelayTicks,
        IsCopy = true,
        IsCorrupted = IsCorrupted,
        IsInjected = IsInjected,
        Stream = Stream,
        Item = Item,
    };
}
