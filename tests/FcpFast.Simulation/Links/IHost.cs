using FcpFast.Protocol.Wire;

namespace FcpFast.Simulation.Links;

/// <summary>Something with an address.</summary>
public interface IHost
{
    /// <summary>What it is called in traces.</summary>
    string Name { get; }

    /// <summary>Where it is.</summary>
    NetAddress Address { get; }

    /// <summary>True if it takes datagrams and answers.</summary>
    bool IsUp { get; }

    /// <summary>True if it takes connections.</summary>
    bool IsListening { get; }

    /// <summary>A datagram has arrived; the packet is the host's.</summary>
    void TakeDatagram(Packet packet);

    /// <summary>A connection is up: one that it asked for, or one that came in.</summary>
    void TakeConnection(StreamEnd end);

    /// <summary>A connection that it asked for could not be made.</summary>
    /// <param name="tag">As it was given with the request.</param>
    void TakeRefusal(object tag);

    /// <summary>A whole message has arrived; the bytes are the host's.</summary>
    void TakeMessage(StreamEnd end, bool isHandshake, byte[] message);

    /// <summary>The other side, or the network, has ended a connection.</summary>
    void TakeClose(StreamEnd end);
}
