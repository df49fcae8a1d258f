using System;
using System.Text;
using FcpFast.Control.Identities;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;

namespace FcpFast.Control.Profiles;

/// <summary>The owner's statement of what a zone demands.</summary>
/// <remarks>
/// Shape:  keeps the bytes it came in; digest and signature are of those bytes.
/// Source: [WIRE §14].
/// </remarks>
public sealed class ZoneSecurityProfile
{
    private static ReadOnlySpan<byte> ManifestMode => "manifest_distributed"u8;

    private static ReadOnlySpan<byte> MlsMode => "mls_tree_kem"u8;

    private ZoneSecurityProfile(ProfileDraft draft, ObjectHeader header, OwnerSignature signature, ReadOnlyMemory<byte> encoded)
    {
        Draft = draft;
        Header = header;
        Signature = signature;
        Encoded = encoded;
        Digest = ManifestDigest.Of(encoded.Span);
    }

    /// <summary>The object header.</summary>
    public ObjectHeader Header { get; }

    /// <summary>The zone; empty if the text was no zone id.</summary>
    public ZoneId Zone => Draft.Zone;

    /// <summary>What the zone demands.</summary>
    public SecurityTerms Terms => Draft.Terms;

    /// <summary>Its number, from 1.</summary>
    public ulong Revision => Draft.Revision;

    /// <summary>The member that may turn MLS epochs, if there is one.</summary>
    public NodeId? Coordinator => Draft.Coordinator;

    /// <summary>The profile that this one may weaken.</summary>
    public ManifestDigest? DowngradeOf => Draft.DowngradeOf;

    /// <summary>The signature map.</summary>
    public OwnerSignature Signature { get; }

    /// <summary>The canonical CBOR.</summary>
    public ReadOnlyMemory<byte> Encoded { get; }

    /// <summary>The digest by which others name it.</summary>
    public ManifestDigest Digest { get; }

    private ProfileDraft Draft { get; }

    /// <summary>Reads a profile; its signature is not verified yet.</summary>
    /// <remarks>Errors: those of section 3, then <c>InvalidProfile</c>, <c>InvalidNodeId</c>. Source: [WIRE §3], [WIRE §14].</remarks>
    public static FcpStatus Parse(ReadOnlySpan<byte> bytes, out ZoneSecurityProfile? profile)
    {
        profile = null;
        FcpStatus status = CanonicalCbor.Validate(bytes, CborLimits.ManifestBytesMax);
        if (status != FcpStatus.Accepted) return status;
        CborMapReader map = CborMapReader.Open(bytes);
        map.Fail(ObjectHeader.Read(map.Map("header"u8), out ObjectHeader? header));
        ZoneId.Parse(map.Text("zone_id"u8), out ZoneId zone);
        KeyMode mode = ReadMode(ref map);
        ulong revision = map.Unsigned("revision"u8), minSuite = map.Unsigned("min_suite"u8);
        OwnerSignature signature = OwnerSignature.Read(ref map);
        NodeId? coordinator = ReadCoordinator(ref map);
        bool requirePcs = map.Boolean("require_pcs"u8);
        ReadOnlySpan<byte> downgradeOf = map.TryBytes("downgrade_of"u8, ManifestDigest.Length);
        ulong maxEpochSeconds = map.Unsigned("max_epoch_secs"u8);
        bool requireRatchet = map.Boolean("require_ratchet"u8);
        status = map.End();
        if (status != FcpStatus.Accepted) return status;
        var terms = new SecurityTerms(
            mode, requirePcs, maxEpochSeconds, minSuite is 1 or 2 ? (MacSuite)minSuite : MacSuite.Unset, requireRatchet);
        var draft = new ProfileDraft
        {
            Zone = zone,
            CreatedAtUnixSeconds = header!.CreatedAtUnixSeconds,
            Terms = terms,
            Revision = revision,
            Coordinator = coordinator,
            DowngradeOf = downgradeOf.IsEmpty ? null : new ManifestDigest(Bytes32.Read(downgradeOf)),
        };
        if (!draft.IsValid) return FcpStatus.InvalidProfile;
        if (signature.Signer.IsEmpty || coordinator is { IsEmpty: true }) return FcpStatus.InvalidNodeId;
        profile = new ZoneSecurityProfile(draft, header, signature, bytes.ToArray());
        return FcpStatus.Accepted;
    }

    /// <summary>Makes and signs a profile.</summary>
    /// <param name="draft">What it says.</param>
    /// <param name="owner">The owner's key.</param>
    /// <param name="signer">Who signs, for display.</param>
    /// <param name="signedAtUnixSeconds">When, for display.</param>
    /// <param name="profile">The profile.</param>
    /// <remarks>Errors: <c>InvalidProfile</c>.</remarks>
    public static FcpStatus Sign(
        ProfileDraft draft, OwnerKey owner, NodeId signer, ulong signedAtUnixSeconds, out ZoneSecurityProfile? profile)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(owner);
        profile = null;
        if (!draft.IsValid || draft.Zone.IsEmpty || signer.IsEmpty || draft.Coordinator is { IsEmpty: true }) return FcpStatus.InvalidProfile;
        var header = new ObjectHeader
        {
            Schema = Schemas.ZoneSecurityProfile,
            Zone = draft.Zone,
            CreatedAtUnixSeconds = draft.CreatedAtUnixSeconds,
        };
        var writer = new CborWriter();
        Write(writer, draft, header, null);
        byte[] signature = new byte[CryptoSizes.SignatureBytes];
        owner.Sign(SigningId.ZoneSecurityProfile, writer.Written, signature);
        var signatureMap = new OwnerSignature(signer, signature, signedAtUnixSeconds);
        Write(writer.Reset(), draft, header, signatureMap);
        profile = new ZoneSecurityProfile(draft, header, signatureMap, writer.ToArray());
        return FcpStatus.Accepted;
    }

    /// <summary>The bytes that the signature is over; allocates.</summary>
    public byte[] SigningBytes() => SigningId.ZoneSecurityProfile.SigningBytes(CborMapCut.Without(Encoded.Span, OwnerSignature.Field));

    /// <summary>The text of a mode.</summary>
    public static string ModeText(KeyMode mode) => Encoding.ASCII.GetString(ModeBytes(mode));

    /// <summary>The mode of a text; <c>CborDeserialize</c> for any other text.</summary>
    public static FcpStatus ParseMode(ReadOnlySpan<byte> text, out KeyMode mode)
    {
        mode = text.SequenceEqual(ManifestMode) ? KeyMode.ManifestDistributed : text.SequenceEqual(MlsMode) ? KeyMode.MlsTreeKem : KeyMode.Unset;
        return mode == KeyMode.Unset ? FcpStatus.CborDeserialize : FcpStatus.Accepted;
    }

    private static ReadOnlySpan<byte> ModeBytes(KeyMode mode) => mode == KeyMode.MlsTreeKem ? MlsMode : ManifestMode;

    private static KeyMode ReadMode(ref CborMapReader map)
    {
        map.Fail(ParseMode(map.Text("key_mode"u8), out KeyMode mode));
        return mode;
    }

    private static NodeId? ReadCoordinator(ref CborMapReader map)
    {
        if (!map.TryField("coordinator"u8, out CborItem item)) return null;
        if (!item.TryGetText(out ReadOnlySpan<byte> text)) map.Fail(FcpStatus.CborDeserialize);
        NodeId.Parse(text, out NodeId coordinator);
        return coordinator;
    }

    private static void Write(CborWriter writer, ProfileDraft draft, ObjectHeader header, OwnerSignature? signature)
    {
        int optional = (signature is null ? 0 : 1) + (draft.Coordinator is null ? 0 : 1) + (draft.DowngradeOf is null ? 0 : 1);
        writer.BeginMap(8 + optional);
        writer.Key("header"u8);
        header.Write(writer);
        writer.Key("zone_id"u8);
        writer.Text(draft.Zone.ToString());
        writer.Key("key_mode"u8);
        writer.Text(ModeBytes(draft.Terms.KeyMode));
        writer.Key("revision"u8);
        writer.Unsigned(draft.Revision);
        writer.Key("min_suite"u8);
        writer.Unsigned((ulong)draft.Terms.MinSuite);
        signature?.Write(writer);
        if (draft.Coordinator is { } coordinator)
        {
            writer.Key("coordinator"u8);
            writer.Text(coordinator.ToString());
        }

        writer.Key("require_pcs"u8);
        writer.Boolean(draft.Terms.RequirePcs);
        if (draft.DowngradeOf is { } downgradeOf)
        {
            writer.Key("downgrade_of"u8);
            writer.Bytes(downgradeOf.Value);
        }

        writer.Key("max_epoch_secs"u8);
        writer.Unsigned(draft.Terms.MaxEpochSeconds);
        writer.Key("require_ratchet"u8);
        writer.Boolean(draft.Terms.RequireRatchet);
    }
}
