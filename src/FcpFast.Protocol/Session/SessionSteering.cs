using System;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Session;

/// <summary>Which of a node's shards a datagram belongs to, by its first byte: that of its session's id, or of a bare Hello.</summary>
/// <param name="Shard">The shard, from 0.</param>
/// <param name="Shards">How many there are.</param>
/// <remarks>
/// Shape:   the responder draws an id that leads to the shard which owns the peer. With several shards no id begins as a Hello does, and Hellos
///          lead to shard 0. The kernel's filter decides by the same rule.
/// Threads: stateless.
/// Source:  [WIRE §7.6] (the responder draws), [WIRE §7] (a bare Hello is a CBOR map of six to nine fields).
/// </remarks>
public readonly record struct SessionSteering(int Shard, int Shards)
{
    /// <summary>The first byte of a Hello with the fewest fields.</summary>
    public const byte HelloFirst = 0xA6;

    /// <summary>The first byte of a Hello with the most fields.</summary>
    public const byte HelloLast = 0xA9;

    /// <summary>Shards that one node may have: each is led to by several first bytes.</summary>
    public const int ShardsMax = 32;

    /// <summary>One shard, to which everything leads.</summary>
    public static SessionSteering Single { get; } = new(0, 1);

    /// <summary>The shard that a first byte leads to.</summary>
    public static int ShardOf(byte first, int shards) => IsHello(first) ? 0 : first % shards;

    /// <summary>The shard that a session's id leads to.</summary>
    public static int ShardOf(SessionId id, int shards)
    {
        Span<byte> bytes = stackalloc byte[SessionId.Length];
        id.Value.Write(bytes);
        return ShardOf(bytes[0], shards);
    }

    /// <summary>True if a session whose id begins so may be this shard's; any may where there is but one.</summary>
    public bool Takes(byte first) => Shards == 1 || (!IsHello(first) && first % Shards == Shard);

    private static bool IsHello(byte first) => first is >= HelloFirst and <= HelloLast;
}
