using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Identities;

/// <summary>What signatures of records that WIRE.md does not define are for.</summary>
/// <remarks>Source: [WIRE §2.7]; README.md of this project.</remarks>
public static class ControlSigningIds
{
    /// <summary>The owner's public keys, by the owner.</summary>
    public static SigningId OwnerCard => new("fcpfast.owner_card.v1");

    /// <summary>An enrolment request, by the node's signing key.</summary>
    public static SigningId Enrolment => new("fcpfast.enrolment.v1");

    /// <summary>An enrolment request, by the node's issuance key.</summary>
    public static SigningId EnrolmentIssuance => new("fcpfast.enrolment.issuance.v1");

    /// <summary>A list of revocations, by the owner.</summary>
    public static SigningId RevocationList => new("fcpfast.revocations.v1");

    /// <summary>A statement of a node's generation, by that node.</summary>
    public static SigningId Generation => new("fcpfast.generation.v1");
}
