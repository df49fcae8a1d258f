using System.Collections.Generic;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Batch;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Session;

namespace FcpFast.Tool.Bench.Frames;

/// <summary>What both ends of a bench know without a handshake, made from fixed bytes. It protects nothing.</summary>
internal sealed class FrameSecrets
{
    /// <summary>Bytes of an object: as many as the demo's chunks have.</summary>
    public const int ObjectBytes = 64 * 1024;

    private const ulong UnixSeconds = 1_700_000_000; // the same epoch at both ends, whenever each was started
    private readonly byte[] _sessionKeys = BenchData.Make(BenchData.MacKeySeed, SessionKeySchedule.KeysBytes);
    private readonly byte[] _zoneKey = BenchData.Make(BenchData.KeySeed, CryptoSizes.KeyBytes);

    /// <summary>Opens the seams and binds the MAC engine that is measured.</summary>
    public FrameSecrets(MacSuite suite, IMacEngine mac)
    {
        Crypto = LibsodiumGate.Open() with { Mac = mac };
        Suite = suite;
        Invariant.Require(NodeId.Parse("bench-sender", out NodeId sender) == FcpStatus.Accepted, "a node id");
        Invariant.Require(ZoneId.Parse("z:bench", out ZoneId zone) == FcpStatus.Accepted, "a zone id");
        Sender = sender;
        Zone = zone;
    }

    public CryptoProvider Crypto { get; }

    public MacSuite Suite { get; }

    /// <summary>The sealing node.</summary>
    public NodeId Sender { get; }

    public ZoneId Zone { get; }

    /// <summary>The moment at which every bench takes place.</summary>
    public static Instant Now { get; } = new(Instant.TicksPerSecond, UnixSeconds);

    /// <summary>The key of object ids.</summary>
    public byte[] ObjectIdKey { get; } = BenchData.Make(BenchData.NonceSeed, CryptoSizes.KeyBytes);

    /// <summary>A new session object at one end.</summary>
    public PeerSession NewSession(bool isSender)
    {
        var id = new SessionId(Bytes16.Read(_zoneKey));
        var session = new PeerSession(
            Crypto, new SessionParameters(id, Sender, isSender, Suite, FrameLimits.DatagramBytesMax), _sessionKeys, new LaneTable(), SequencerLimits.Default, Now);
        session.Confirm();
        return session;
    }

    /// <summary>A new ring with the zone's key, active.</summary>
    public ZoneKeyRing NewRing()
    {
        var ring = new ZoneKeyRing(Zone);
        var key = new ZoneKey(new ZoneKeyId(Bytes8.Read(_zoneKey)), AeadAlgorithm.ChaCha20Poly1305, Crypto.Vault.Import(_zoneKey), 0);
        ring.Install(key, new ObjectIdKey(new ObjectIdKeyId(Bytes8.Read(ObjectIdKey)), Crypto.Vault.Import(ObjectIdKey)), 60, 2, UnixSeconds);
        ring.Tick(UnixSeconds, new List<ZoneKeyId>());
        return ring;
    }

    /// <summary>A new sealing stream.</summary>
    public SealingStream NewStream(ZoneKeyRing ring) =>
        new(Crypto, ring, ring.Active!, Sender, new SenderInstanceId(UnixSeconds), SequencerLimits.Default, Now);
}
