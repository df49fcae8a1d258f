using System;
using System.Collections.Generic;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Session;

namespace FcpFast.Simulation.Fleets;

/// <summary>What a process knows when it starts.</summary>
/// <param name="Crypto">The seams, with a generator of the process's own.</param>
/// <param name="Self">Who it is.</param>
/// <param name="Peers">The identities on file.</param>
/// <param name="Zones">Its zones, with the keys of their manifests.</param>
public sealed record NodeIdentity(CryptoProvider Crypto, LocalIdentity Self, PeerDirectory Peers, ZoneTable Zones) : IDisposable
{
    private readonly IReadOnlyList<ZoneBook> _books = [];

    internal NodeIdentity(CryptoProvider crypto, LocalIdentity self, PeerDirectory peers, ZoneTable zones, IReadOnlyList<ZoneBook> books)
        : this(crypto, self, peers, zones) => _books = books;

    /// <summary>Takes a manifest; the zone that it changed, or null if it is refused.</summary>
    internal ZoneBook? Take(byte[] manifest, ulong nowUnixSeconds)
    {
        foreach (ZoneBook book in _books)
        {
            if (book.Take(manifest, nowUnixSeconds) != FcpStatus.ZoneIdMismatch) return book;
        }

        return null;
    }

    /// <summary>The keys of a zone.</summary>
    public ZoneKeyRing RingOf(string zone)
    {
        foreach (ZoneEntry entry in Zones.Zones)
        {
            if (entry.Ring.Zone == Fleet.ZoneOf(zone)) return entry.Ring;
        }

        throw new ArgumentException($"{Self.NodeId} has no keys of {zone}", nameof(zone));
    }

    /// <summary>Erases the keys of the zones.</summary>
    public void Dispose()
    {
        foreach (ZoneEntry entry in Zones.Zones) entry.Ring.Dispose();
        foreach (ZoneBook book in _books) book.Dispose();
    }
}
