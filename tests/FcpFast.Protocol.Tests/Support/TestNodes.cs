using System;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Wire;

namespace FcpFast.Protocol.Tests.Support;

/// <summary>Nodes, zones and sessions as they are once the control plane has done its work.</summary>
internal static class TestNodes
{
    /// <summary>The time at which tests of rooms begin; a minute into an epoch.</summary>
    public static readonly Instant Start = new(3_600 * Instant.TicksPerSecond, (5_666_666 * 300) + 60);

    public static NodeId Node(string name)
    {
        if (NodeId.Parse(name, out NodeId id) != FcpStatus.Accepted) throw new ArgumentException("no node id", nameof(name));
        return id;
    }

    public static Instant After(this Instant now, double seconds) =>
        new(now.Ticks + (long)(seconds * Instant.TicksPerSecond), now.UnixSeconds + (ulong)seconds);

    /// <summary>Both ends of one session under random keys, confirmed.</summary>
    public static (PeerSession Initiator, PeerSession Responder) Sessions(
        CryptoProvider crypto, NodeId initiator, NodeId responder, MacSuite suite = MacSuite.Blake3, int lanesMax = ReplayRules.LanesMax,
        SequencerLimits? limits = null, int datagramBytesMax = WireLimits.DatagramBytesMax)
    {
        Span<byte> keys = stackalloc byte[96];
        Span<byte> id = stackalloc byte[16];
        crypto.Random.Fill(keys);
        crypto.Random.Fill(id);
        var sessionId = new SessionId(Bytes16.Read(id));
        SequencerLimits bounds = limits ?? SequencerLimits.Default;
        var here = new PeerSession(
            crypto, new SessionParameters(sessionId, responder, true, suite, datagramBytesMax), keys, new LaneTable(lanesMax), bounds, Start);
        var there = new PeerSession(
            crypto, new SessionParameters(sessionId, initiator, false, suite, datagramBytesMax), keys, new LaneTable(lanesMax), bounds, Start);
        there.Confirm();
        return (here, there);
    }

    /// <summary>A zone with one active key.</summary>
    public static ZoneEntry Zone(
        CryptoProvider crypto, string name, ulong keyId, NodeId[] members, AeadAlgorithm algorithm = AeadAlgorithm.ChaCha20Poly1305,
        bool isRatcheting = false, MacSuite minSuite = MacSuite.HmacSha256)
    {
        ZoneId.Parse(name, out ZoneId zone);
        var ring = new ZoneKeyRing(zone);
        Install(crypto, ring, keyId, algorithm, isRatcheting);
        return new ZoneEntry(ring, minSuite, new System.Collections.Generic.HashSet<NodeId>(members));
    }

    /// <summary>Adds a random key to a ring; it is the one that seals from now on.</summary>
    public static void Install(
        CryptoProvider crypto, ZoneKeyRing ring, ulong keyId, AeadAlgorithm algorithm = AeadAlgorithm.ChaCha20Poly1305, bool isRatcheting = false)
    {
        Span<byte> key = stackalloc byte[32];
        Span<byte> objectIdKey = stackalloc byte[32];
        crypto.Random.Fill(key);
        crypto.Random.Fill(objectIdKey);
        var id = new ZoneKeyId(new Bytes8(keyId));
        ZoneKey zoneKey = isRatcheting
            ? new ZoneKey(id, algorithm, new EpochKeyChain(crypto, id, key, ring.ZoneHash, Start.UnixSeconds - 3_000, 2, EpochSchedule.NumberAt(Start.UnixSeconds)), 0)
            : new ZoneKey(id, algorithm, crypto.Vault.Import(key), 0);
        ring.Install(zoneKey, new ObjectIdKey(new ObjectIdKeyId(new Bytes8(keyId)), crypto.Vault.Import(objectIdKey)), 300, 2, Start.UnixSeconds);
        ring.Tick(Start.UnixSeconds, []);
    }
}
