using System;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Keys;

/// <summary>What a sealed box is bound to: its associated data.</summary>
/// <param name="Zone">The zone; its text is bound, not its hash.</param>
/// <param name="Recipient">The node that may open it.</param>
/// <param name="Purpose">What it holds.</param>
/// <param name="IssuedAtUnixSeconds">When it was made.</param>
/// <remarks>Source: [WIRE §10].</remarks>
public readonly record struct BoxContext(ZoneId Zone, NodeId Recipient, BoxPurpose Purpose, ulong IssuedAtUnixSeconds)
{
    /// <summary>The canonical CBOR that is authenticated with the box; allocates.</summary>
    public byte[] ToAssociatedData()
    {
        Span<byte> text = stackalloc byte[Math.Max(ZoneId.MaxBytes, NodeId.MaxBytes)];
        var writer = new CborWriter();
        writer.BeginMap(4);
        writer.Key("purpose"u8);
        writer.Bytes(PurposeText(Purpose));
        writer.Key("zone_id"u8);
        writer.Bytes(text[..Zone.Write(text)]);
        writer.Key("issued_at"u8);
        writer.Unsigned(IssuedAtUnixSeconds);
        writer.Key("recipient_node_id"u8);
        writer.Bytes(text[..Recipient.Write(text)]);
        return writer.ToArray();
    }

    /// <summary>The purpose of a text; false for any other text.</summary>
    public static bool TryParsePurpose(ReadOnlySpan<byte> text, out BoxPurpose purpose)
    {
        for (BoxPurpose known = BoxPurpose.ZoneKey; known <= BoxPurpose.SecretShare; known++)
        {
            if (!text.SequenceEqual(PurposeText(known))) continue;
            purpose = known;
            return true;
        }

        purpose = BoxPurpose.Unset;
        return false;
    }

    private static ReadOnlySpan<byte> PurposeText(BoxPurpose purpose)
    {
        switch (purpose)
        {
            case BoxPurpose.ZoneKey: return "FCP2-ZONE-KEY"u8;
            case BoxPurpose.ObjectIdKey: return "FCP2-OBJECTID-KEY"u8;
            case BoxPurpose.OwnerShare: return "FCP2-OWNER-SHARE"u8;
            case BoxPurpose.SecretShare: return "FCP2-SECRET-SHARE"u8;
            default:
                ThrowHelper.BadArgument(nameof(purpose), "a box has a purpose");
                return default;
        }
    }
}
