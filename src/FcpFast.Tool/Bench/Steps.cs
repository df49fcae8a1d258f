namespace FcpFast.Tool.Bench;

/// <summary>The rungs of the ladder, by the names that rows carry.</summary>
/// <remarks>Source: DESIGN §5.</remarks>
internal static class Steps
{
    /// <summary>Symbols copied to their places in a slab: what any design pays.</summary>
    public const string Copy = "copy";

    /// <summary>The AEAD alone, sealing.</summary>
    public const string Seal = "seal";

    /// <summary>The AEAD alone, opening.</summary>
    public const string Open = "open";

    /// <summary>The session MAC alone.</summary>
    public const string Mac = "mac";

    /// <summary>The id of an object of 64 KiB.</summary>
    public const string ObjectId = "object-id";

    /// <summary>A replay window alone, check and commit.</summary>
    public const string Window = "window";

    /// <summary>A Hello parsed.</summary>
    public const string Cbor = "cbor";

    /// <summary>A whole handshake, both ends.</summary>
    public const string Handshake = "handshake";

    /// <summary>Frames sealed into a slab: numbers, headers, AEAD, envelopes, MACs.</summary>
    public const string SealFrames = "seal-frames";

    /// <summary>Frames verified, as a relay does: parsing, replay window, MACs.</summary>
    public const string VerifyFrames = "verify-frames";

    /// <summary>Frames verified and opened: both replay windows, MACs, AEAD.</summary>
    public const string OpenFrames = "open-frames";

    /// <summary>Frames sealed, then verified and opened, by one core in memory.</summary>
    public const string Memory = "memory";

    /// <summary>A member joins an MLS group of 1,000 and checks everything in it.</summary>
    public const string MlsJoin = "mls-join";

    /// <summary>A member of such a group follows another's commit.</summary>
    public const string MlsCommit = "mls-commit";

    /// <summary>A member of a group of 128 makes a commit with fresh keys, encrypted to everybody.</summary>
    public const string MlsCommitPath = "mls-commit-path";

    /// <summary>Frames between two processes over UDP on loopback.</summary>
    public const string UdpFrames = "udp-frames";

    /// <summary>The same with objects whose ids are computed by the sender and verified by the receiver.</summary>
    public const string UdpObjects = "udp-objects";

    /// <summary>File to file between two nodes, the demo.</summary>
    public const string File = "file";

    /// <summary>The same with a relay in the middle.</summary>
    public const string Relay = "relay";

    /// <summary><see cref="Memory"/> by one thread and by two at once, each with keys, windows and memory of its own.</summary>
    public const string ShardsMemory = "shards-memory";

    /// <summary>One process that receives a file from each of two others, with one shard and with two.</summary>
    public const string Shards = "shards";

    /// <summary>The steps that one process takes alone, in the order of the ladder.</summary>
    public static string[] InMemory { get; } = [Copy, Seal, Open, Mac, SealFrames, VerifyFrames, OpenFrames, Memory, ObjectId, Window, Cbor, Handshake];

    /// <summary>What zones of MLS cost: the control plane's steps, of single operations.</summary>
    public static string[] Groups { get; } = [MlsJoin, MlsCommit, MlsCommitPath];

    /// <summary>All steps, in the order of the ladder.</summary>
    public static string[] All { get; } = [.. InMemory, .. Groups, UdpFrames, UdpObjects, File, Relay, ShardsMemory, Shards];
}
