using System;
using System.Text;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Revocations;

/// <summary>A signing key that counts no more, whatever attestation names it.</summary>
/// <param name="SigningKey">The key.</param>
/// <param name="Node">The node that had it, for people; empty if the text was no node id.</param>
/// <param name="Reason">Why.</param>
/// <param name="RevokedAtUnixSeconds">When.</param>
public sealed record RevokedKey(PublicKey SigningKey, NodeId Node, RevocationReason Reason, ulong RevokedAtUnixSeconds)
{
    /// <summary>The word of a reason.</summary>
    public static string ReasonText(RevocationReason reason) => Encoding.ASCII.GetString(Word(reason));

    /// <summary>The reason of a word; <c>CborDeserialize</c> for any other.</summary>
    public static FcpStatus ParseReason(ReadOnlySpan<byte> word, out RevocationReason reason)
    {
        reason = RevocationReason.Unset;
        for (RevocationReason known = RevocationReason.Compromised; known <= RevocationReason.Retired; known++)
        {
            if (word.SequenceEqual(Word(known))) reason = known;
        }

        return reason == RevocationReason.Unset ? FcpStatus.CborDeserialize : FcpStatus.Accepted;
    }

    /// <summary>Reads an entry; faults of its shape go to the status of <paramref name="map"/>.</summary>
    internal static RevokedKey Read(CborItem item, ref CborMapReader map)
    {
        if (!item.TryGetMap(out CborMapReader entry))
        {
            map.Fail(FcpStatus.CborDeserialize);
            return new RevokedKey(default, default, default, 0);
        }

        entry.Fail(ParseReason(entry.Text("reason"u8), out RevocationReason reason));
        NodeId.Parse(entry.Text("node_id"u8), out NodeId node);
        ulong revokedAt = entry.Unsigned("revoked_at"u8);
        Bytes32 signingKey = entry.Bytes32("signing_key"u8);
        map.Fail(entry.End());
        return new RevokedKey(new PublicKey(signingKey), node, reason, revokedAt);
    }

    /// <summary>Writes the entry.</summary>
    internal void Write(CborWriter writer)
    {
        writer.BeginMap(4);
        writer.Key("reason"u8);
        writer.Text(Word(Reason));
        writer.Key("node_id"u8);
        writer.Text(Node.ToString());
        writer.Key("revoked_at"u8);
        writer.Unsigned(RevokedAtUnixSeconds);
        writer.Key("signing_key"u8);
        writer.Bytes(SigningKey.Value);
    }

    private static ReadOnlySpan<byte> Word(RevocationReason reason) => reason switch
    {
        RevocationReason.Compromised => "compromised"u8,
        RevocationReason.Lost => "lost"u8,
        RevocationReason.Replaced => "replaced"u8,
        RevocationReason.Retired => "retired"u8,
        _ => ""u8,
    };
}
