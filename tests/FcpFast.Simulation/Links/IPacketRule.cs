namespace FcpFast.Simulation.Links;

/// <summary>Something that a network does to packets. A link has an ordered list of rules; each gets what the one before hands on.</summary>
public interface IPacketRule
{
    /// <summary>Decides what becomes of a packet: handed on or not, now or later, once or more often, changed or not.</summary>
    void Take(Packet packet, Hop next);
}
