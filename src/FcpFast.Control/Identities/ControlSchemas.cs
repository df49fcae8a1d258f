using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Identities;

/// <summary>The schemas of records that WIRE.md does not define: FcpFast's own, in a namespace of their own.</summary>
/// <remarks>Source: README.md of this project.</remarks>
public static class ControlSchemas
{
    /// <summary>The owner's public keys.</summary>
    public static SchemaId OwnerCard { get; } = new("fcpfast", "OwnerCard", "1.0.0");

    /// <summary>A node's request to be attested.</summary>
    public static SchemaId EnrolmentRequest { get; } = new("fcpfast", "EnrolmentRequest", "1.0.0");

    /// <summary>An attestation as it travels. [WIRE §15]</summary>
    public static SchemaId NodeKeyAttestation { get; } = new("fcpfast", "NodeKeyAttestation", "1.0.0");

    /// <summary>The owner's list of revoked keys.</summary>
    public static SchemaId RevocationList { get; } = new("fcpfast", "RevocationList", "1.0.0");

    /// <summary>What a node says of its own start.</summary>
    public static SchemaId Generation { get; } = new("fcpfast", "Generation", "1.0.0");

    /// <summary>Manifests that contradict each other.</summary>
    public static SchemaId EquivocationEvidence { get; } = new("fcpfast", "EquivocationEvidence", "1.0.0");

    /// <summary>The owner's leave to add a node to a zone's group or to remove it, on its way to whoever commits. [WIRE §14]</summary>
    public static SchemaId MembershipGrant { get; } = new("fcpfast", "MembershipGrant", "1.0.0");

    /// <summary>Asks a node to give itself fresh keys in a zone's group.</summary>
    public static SchemaId HealOrder { get; } = new("fcpfast", "HealOrder", "1.0.0");

    /// <summary>Asks for attestations and revocations.</summary>
    public static SchemaId RecordRequest { get; } = new("fcpfast", "RecordRequest", "1.0.0");
}
