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
}
