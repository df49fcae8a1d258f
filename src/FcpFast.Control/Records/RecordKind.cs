namespace FcpFast.Control.Records;

/// <summary>What a record is, by its schema.</summary>
public enum RecordKind : byte
{
    /// <summary>None that is known.</summary>
    Unknown = 0,

    /// <summary>An owner's public keys; in files only.</summary>
    OwnerCard,

    /// <summary>A node's request to be attested; in files only.</summary>
    EnrolmentRequest,

    /// <summary>An attestation.</summary>
    Attestation,

    /// <summary>A list of revocations.</summary>
    Revocations,

    /// <summary>A zone's security profile.</summary>
    Profile,

    /// <summary>A zone's manifest.</summary>
    Manifest,

    /// <summary>A statement of a node's generation; over FCPC only.</summary>
    Generation,

    /// <summary>Evidence of manifests that contradict each other; in files only.</summary>
    Evidence,

    /// <summary>A message of a zone's group. [WIRE §14]</summary>
    GroupMessage,

    /// <summary>The owner's leave to change a group's members. [WIRE §14]</summary>
    MembershipGrant,

    /// <summary>An operator's order to a node to heal, laid into its own inbox; never taken from a peer.</summary>
    HealOrder,
}
