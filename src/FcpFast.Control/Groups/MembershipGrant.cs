using System;
using FcpFast.Control.Identities;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Groups;

/// <summary>The owner's leave to add one node to a zone's group, or to remove it. It lies in the authenticated data of the commit that does so.</summary>
/// <remarks>
/// Shape:  its serial is above every one used in the zone before, so that it counts once.
/// Source: [WIRE §14].
/// </remarks>
public sealed class MembershipGrant
{
    private const int BytesMax = 1024;

    private MembershipGrant(ZoneId zone, MembershipAction action, NodeId node, ulong serial, OwnerSignature signature, byte[] encoded)
    {
        Zone = zone;
        Action = action;
        Node = node;
        Serial = serial;
        Signature = signature;
        Encoded = encoded;
    }

    /// <summary>The zone.</summary>
    public ZoneId Zone { get; }

    /// <summary>What it allows.</summary>
    public MembershipAction Action { get; }

    /// <summary>The node.</summary>
    public NodeId Node { get; }

    /// <summary>Its number.</summary>
    public ulong Serial { get; }

    /// <summary>The signature map.</summary>
    public OwnerSignature Signature { get; }

    /// <summary>The canonical CBOR.</summary>
    public ReadOnlyMemory<byte> Encoded { get; }

    /// <summary>Makes and signs a grant.</summary>
    /// <param name="zone">The zone.</param>
    /// <param name="action">Add or remove.</param>
    /// <param name="node">Whom.</param>
    /// <param name="serial">Above every one used before.</param>
    /// <param name="owner">The owner's key.</param>
    /// <param name="signer">Who signs, for display.</param>
    /// <param name="signedAtUnixSeconds">When, for display.</param>
    public static MembershipGrant Issue(
        ZoneId zone, MembershipAction action, NodeId node, ulong serial, OwnerKey owner, NodeId signer, ulong signedAtUnixSeconds)
    {
        ArgumentNullException.ThrowIfNull(owner);
        bool isRight = !zone.IsEmpty && !node.IsEmpty && !signer.IsEmpty && action is MembershipAction.Add or MembershipAction.Remove;
        if (!isRight) ThrowHelper.BadArgument(nameof(node), "a grant names a zone, an action, a node and a signer");
        var writer = new CborWriter();
        Write(writer, zone, action, node, serial, null);
        byte[] signature = new byte[CryptoSizes.SignatureBytes];
        owner.Sign(SigningId.MembershipGrant, writer.Written, signature);
        var signatureMap = new OwnerSignature(signer, signature, signedAtUnixSeconds);
        Write(writer.Reset(), zone, action, node, serial, signatureMap);
        return new MembershipGrant(zone, action, node, serial, signatureMap, writer.ToArray());
    }

    /// <summary>Reads a grant; its signature is not verified yet.</summary>
    /// <remarks>Errors: those of section 3; <c>CborDeserialize</c> for another action, <c>ZoneIdMismatch</c>, <c>InvalidNodeId</c>.</remarks>
    public static FcpStatus Parse(ReadOnlySpan<byte> bytes, out MembershipGrant? grant)
    {
        grant = null;
        FcpStatus status = CanonicalCbor.Validate(bytes, BytesMax);
        if (status != FcpStatus.Accepted) return status;
        CborMapReader map = CborMapReader.Open(bytes);
        ReadOnlySpan<byte> actionText = map.Text("action"u8);
        MembershipAction action = actionText.SequenceEqual("add"u8) ? MembershipAction.Add
            : actionText.SequenceEqual("remove"u8) ? MembershipAction.Remove : MembershipAction.Unset;
        if (action == MembershipAction.Unset) map.Fail(FcpStatus.CborDeserialize);
        ulong serial = map.Unsigned("serial"u8);
        FcpStatus nodeStatus = NodeId.Parse(map.Text("node_id"u8), out NodeId node);
        FcpStatus zoneStatus = ZoneId.Parse(map.Text("zone_id"u8), out ZoneId zone);
        OwnerSignature signature = OwnerSignature.Read(ref map);
        status = map.End();
        if (status != FcpStatus.Accepted) return status;
        if (zoneStatus != FcpStatus.Accepted) return FcpStatus.ZoneIdMismatch;
        if (nodeStatus != FcpStatus.Accepted || signature.Signer.IsEmpty) return FcpStatus.InvalidNodeId;
        grant = new MembershipGrant(zone, action, node, serial, signature, bytes.ToArray());
        return FcpStatus.Accepted;
    }

    /// <summary>True if the owner signed it.</summary>
    public bool IsOf(PublicKey owner, ISignatures signatures)
    {
        ArgumentNullException.ThrowIfNull(signatures);
        byte[] signed = SigningId.MembershipGrant.SigningBytes(CborMapCut.Without(Encoded.Span, OwnerSignature.Field));
        return Signature.Verifies(signatures, owner, signed);
    }

    private static void Write(
        CborWriter writer, ZoneId zone, MembershipAction action, NodeId node, ulong serial, OwnerSignature? signature)
    {
        writer.BeginMap(signature is null ? 4 : 5);
        writer.Key("action"u8);
        writer.Text(action == MembershipAction.Add ? "add"u8 : "remove"u8);
        writer.Key("serial"u8);
        writer.Unsigned(serial);
        writer.Key("node_id"u8);
        writer.Text(node.ToString());
        writer.Key("zone_id"u8);
        writer.Text(zone.ToString());
        signature?.Write(writer);
    }
}
