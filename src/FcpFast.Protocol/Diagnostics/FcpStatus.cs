namespace FcpFast.Protocol.Diagnostics;

/// <summary>What became of an input: accepted, or the one name under which it was refused.</summary>
/// <remarks>
/// Shape:   one enumeration for the whole protocol, so that a name means the same in a counter, a vector, a log and an error code.
/// Errors:  the default value is never success.
/// Source:  [WIRE §2] to [WIRE §19], [REPLAY §3]; the members are named exactly as there.
/// </remarks>
public enum FcpStatus
{
    /// <summary>No decision was taken: a defect if it is ever seen.</summary>
    Undecided = 0,

    /// <summary>Everything that was to be checked has passed.</summary>
    Accepted,

    // WIRE §2: identifiers

    /// <summary>The text is empty, or names nothing.</summary>
    Empty,

    /// <summary>The text is longer than its kind allows.</summary>
    TooLong,

    /// <summary>The text holds a character outside ASCII.</summary>
    NonAscii,

    /// <summary>A canonical identifier holds a capital letter.</summary>
    UppercaseNotAllowed,

    /// <summary>A canonical identifier starts with a character that may not start one.</summary>
    InvalidStartChar,

    /// <summary>The text holds a character that its kind does not allow.</summary>
    InvalidChar,

    /// <summary>A node id is not 1 to 128 bytes of printable ASCII.</summary>
    InvalidNodeId,

    /// <summary>A zone id does not start with <c>z:</c>.</summary>
    MissingPrefix,

    /// <summary>A tag does not start with <c>tag:fcp-</c>.</summary>
    InvalidTailscaleTagPrefix,

    /// <summary>A schema id is not <c>namespace:name@version</c>.</summary>
    InvalidSchemaId,

    /// <summary>An object id in text is not 64 lowercase hex digits.</summary>
    InvalidObjectId,

    // WIRE §3: canonical CBOR

    /// <summary>The input is longer than its limit.</summary>
    PayloadTooLarge,

    /// <summary>The input is not CBOR, is cut short, or has not the shape asked for.</summary>
    CborDeserialize,

    /// <summary>The input is CBOR, but not the one canonical encoding of its value.</summary>
    NonCanonicalEncoding,

    /// <summary>A map key stands twice.</summary>
    DuplicateMapKey,

    /// <summary>A float, tag, undefined or other simple value.</summary>
    UnsupportedItem,

    /// <summary>A map key is not text.</summary>
    NonTextKey,

    /// <summary>More than 16 containers are nested.</summary>
    TooDeep,

    /// <summary>Bytes follow the item.</summary>
    TrailingBytes,

    /// <summary>A schema-prefixed payload is shorter than its prefix.</summary>
    MissingSchemaHashPrefix,

    /// <summary>The schema is not the one expected.</summary>
    SchemaMismatch,

    // WIRE §4: FCPS frame

    /// <summary>The frame is longer than its limit.</summary>
    ExceedsMtu,

    /// <summary>The input is shorter than its fixed part.</summary>
    TooShort,

    /// <summary>The first four bytes are not the magic.</summary>
    InvalidMagic,

    /// <summary>The version is not 1.</summary>
    UnsupportedVersion,

    /// <summary>A reserved flag bit is set.</summary>
    UnknownFlags,

    /// <summary>The symbol size is 0.</summary>
    InvalidSymbolSize,

    /// <summary>A declared length is not the one that follows from the other fields.</summary>
    LengthMismatch,

    /// <summary>The frame's length is not the header plus the declared payload.</summary>
    FrameSizeMismatch,

    /// <summary>An ESI stands twice in one frame.</summary>
    DuplicateEsi,

    /// <summary>More symbols than the policy allows.</summary>
    TooManySymbols,

    /// <summary>The symbol size is outside the policy's range, or not usable for this object.</summary>
    SymbolSizeOutOfRange,

    /// <summary>The frame carries no symbol.</summary>
    NoSymbols,

    /// <summary>The flag ENCRYPTED is missing.</summary>
    NotEncrypted,

    /// <summary>An ESI is 2^24 or more.</summary>
    InvalidEsi,

    /// <summary>K is 0, differs within the frame, or does not follow from the object.</summary>
    InvalidK,

    /// <summary>The flag COMPRESSED is set.</summary>
    CompressionUnsupported,

    // WIRE §5: symbol AEAD

    /// <summary>Sealing failed.</summary>
    EncryptFailed,

    /// <summary>A tag does not verify.</summary>
    DecryptFailed,

    /// <summary>The key at hand has another id than the one named.</summary>
    ZoneKeyIdMismatch,

    /// <summary>No proof yet which node this sender instance belongs to.</summary>
    UnknownSource,

    // WIRE §6: datagram

    /// <summary>Shorter than a datagram header.</summary>
    DatagramTooShort,

    /// <summary>Longer than the negotiated limit.</summary>
    DatagramTooLarge,

    /// <summary>A MAC or signature does not verify.</summary>
    InvalidSignature,

    /// <summary>The datagram's number is not the frame's.</summary>
    SeqMismatch,

    // WIRE §7: handshake

    /// <summary>A suite number is unknown.</summary>
    InvalidSuiteId,

    /// <summary>The two ends share no suite.</summary>
    NoMutualSuite,

    /// <summary>A message that must be signed is not.</summary>
    MissingSignature,

    /// <summary>The cookie is missing or does not verify.</summary>
    InvalidCookie,

    /// <summary>The cookie is not 32 bytes.</summary>
    InvalidCookieLength,

    /// <summary>An attestation is malformed or of another owner.</summary>
    InvalidAttestation,

    /// <summary>An attestation has expired.</summary>
    AttestationExpired,

    /// <summary>No attestation is on file for the node that the message claims.</summary>
    AttestationNodeMismatch,

    /// <summary>A signature of an attestation does not verify.</summary>
    AttestationVerifyFailed,

    /// <summary>A MAC key is not 32 bytes.</summary>
    InvalidMacKeyLength,

    /// <summary>A timestamp is further from the clock than the skew allows.</summary>
    TimestampSkew,

    /// <summary>The Ack does not come from the node asked, or is not for this node.</summary>
    AckPeerMismatch,

    /// <summary>The Ack selects a suite that was not offered.</summary>
    SuiteNotOffered,

    /// <summary>The suite is below the zone's or node's floor.</summary>
    SuiteBelowFloor,

    /// <summary>This Hello was accepted before.</summary>
    HelloReplayed,

    /// <summary>The Ack names a session id that is known already.</summary>
    DuplicateSessionId,

    /// <summary>The message is for another node.</summary>
    WrongRecipient,

    /// <summary>A node greets itself.</summary>
    SelfHandshake,

    /// <summary>The list of suites is empty, too long, or repeats.</summary>
    InvalidSuites,

    /// <summary>The datagram limit is from 1 to 575.</summary>
    InvalidTransportLimits,

    /// <summary>A key exchange with this public key gives nothing secret.</summary>
    InvalidPublicKey,

    // WIRE §9: FCPC

    /// <summary>No such session, or it is closed.</summary>
    UnknownSession,

    /// <summary>The number is not above the last one of the stream.</summary>
    ReplayRejected,

    /// <summary>The tag of a control message does not verify.</summary>
    AeadDecryptFailed,

    // WIRE §10 to §12: sealed boxes and manifests

    /// <summary>A sealed box does not open, or is malformed.</summary>
    HpkeFailed,

    /// <summary>A bound of the rekey policy is broken.</summary>
    InvalidRekeyPolicy,

    /// <summary>The manifest names a security profile that this node does not hold.</summary>
    ProfileMissing,

    /// <summary>The zone is not the one expected.</summary>
    ZoneIdMismatch,

    /// <summary>A recipient stands twice in one list.</summary>
    DuplicateRecipient,

    /// <summary>The validity is empty, or changes where it may not.</summary>
    InvalidValidity,

    /// <summary>The manifest is for later.</summary>
    NotYetValid,

    /// <summary>The manifest's time is over.</summary>
    ManifestExpired,

    /// <summary>Weaker than what is in force.</summary>
    Downgrade,

    /// <summary>Older than the manifest in force.</summary>
    ManifestRollback,

    /// <summary>Two manifests signed for one slot.</summary>
    ManifestEquivocation,

    /// <summary>A manifest between the one in force and this one is missing.</summary>
    ManifestGap,

    /// <summary>No zone key is wrapped for this node.</summary>
    MissingWrappedZoneKey,

    /// <summary>No object-id key is wrapped for this node.</summary>
    MissingWrappedObjectIdKey,

    /// <summary>A wrapped key is not 32 bytes.</summary>
    InvalidKeyLength,

    /// <summary>A key id is in the ring with another key.</summary>
    KeyIdReuse,

    /// <summary>The key ring holds no key of this id.</summary>
    UnknownZoneKey,

    // WIRE §13 and §14: epochs and profiles

    /// <summary>The epoch is outside what this node accepts now.</summary>
    EpochOutOfRange,

    /// <summary>The epoch's key has been erased.</summary>
    EpochErased,

    /// <summary>The profile asks for what its mode cannot give, or breaks a bound.</summary>
    InvalidProfile,

    /// <summary>Older than the profile held.</summary>
    ProfileRollback,

    /// <summary>Two profiles signed for one revision.</summary>
    ProfileEquivocation,

    // WIRE §16: control messages and transfers

    /// <summary>More than 100 entries in a hint.</summary>
    HintTooLarge,

    /// <summary>An unauthenticated request asks for too much.</summary>
    BoundsExceeded,

    /// <summary>A request's fields make no sense together.</summary>
    InvalidRequest,

    /// <summary>The request must be signed by a session peer or an attested member.</summary>
    AuthenticationRequired,

    /// <summary>The object is not here.</summary>
    ObjectNotFound,

    /// <summary>A control message's signature does not verify.</summary>
    SignatureInvalid,

    /// <summary>The object is complete already.</summary>
    AlreadyComplete,

    /// <summary>Text is not UTF-8.</summary>
    InvalidUtf8,

    /// <summary>The source is this node itself or no member of the zone.</summary>
    NotMember,

    /// <summary>A file name is not one safe path component.</summary>
    InvalidName,

    /// <summary>A file's size or segment size is out of bounds.</summary>
    InvalidFile,

    /// <summary>A transfer status is malformed.</summary>
    InvalidStatus,

    /// <summary>The transfer is not known here.</summary>
    UnknownTransfer,

    /// <summary>No one here reads payloads of this schema.</summary>
    UnknownSchema,

    // WIRE §17: chunked objects

    /// <summary>The chunk list does not fit the length.</summary>
    ChunkCountMismatch,

    /// <summary>The bytes are not those that the object id names.</summary>
    ObjectIdMismatch,

    /// <summary>The payload hash is another.</summary>
    HashMismatch,

    /// <summary>Symbols of an object that was not announced.</summary>
    UnknownObject,

    /// <summary>A symbol whose slot is filled already.</summary>
    SlotFilled,

    /// <summary>The memory for objects in assembly is used up.</summary>
    NoRoom,

    /// <summary>Files are not taken here, or the store could not open, write or finish one.</summary>
    StorageFailed,

    // REPLAY §3: sub-codes of FCP_ERR_REPLAY

    /// <summary>The sequence number is 0.</summary>
    ReplayZero,

    /// <summary>The sequence number was accepted before.</summary>
    ReplayDuplicate,

    /// <summary>The sequence number is left of the window or of the fence.</summary>
    ReplayTooOld,

    /// <summary>The sender instance is retired.</summary>
    ReplayRetired,

    /// <summary>The sender instance came by another ingress peer first.</summary>
    ReplayInstanceTaken,

    /// <summary>There is no room for another sender instance.</summary>
    ReplayLaneLimit,

    /// <summary>An epoch in which a process of this node before its last start may have opened the frame.</summary>
    ReplayFenced,

    /// <summary>It opened, but a crash could still make this node forget so: it counts when it comes again.</summary>
    ReplayNotDurable,

    // REPLAY §4.5: the sender's own stops

    /// <summary>The stream or session is used up; a new one is needed.</summary>
    MustRekey,

    // WIRE §19: admission

    /// <summary>Code 6001.</summary>
    ByteBudgetExceeded,

    /// <summary>Code 6002.</summary>
    SymbolBudgetExceeded,

    /// <summary>Code 6003.</summary>
    AuthFailureBudgetExceeded,

    /// <summary>Code 6004.</summary>
    DecodeCapacityExceeded,

    /// <summary>Code 6005.</summary>
    DecodeCpuBudgetExceeded,

    /// <summary>Code 6010. A name of the wire; this node gives no answer that could earn it.</summary>
    AmplificationViolation,

    /// <summary>Code 6012. A name of the wire; this node answers within bounds instead.</summary>
    ProofOfNeedRequired,

    /// <summary>No room to track another unauthenticated peer.</summary>
    PeerTableFull,

    // WIRE §8 and DESIGN §1: what this project does where no name is given

    /// <summary>Both ends greeted at once, and this node's own Hello goes first.</summary>
    HelloCrossed,

    /// <summary>More Hellos than this node looks at, in all or from one peer.</summary>
    HelloBudgetExceeded,

    /// <summary>A relay has no route for the zone from that peer, or the peer beyond cannot be reached now.</summary>
    NoRoute,

    /// <summary>An ingress peer has used up what a relay passes on for it.</summary>
    RelayBudgetExceeded,

    // What WIRE.md leaves to this project; the README of the control plane defines them

    /// <summary>The owner has revoked the key that an attestation names.</summary>
    AttestationRevoked,

    /// <summary>An enrolment request is for another owner, or keeps not to its rules.</summary>
    InvalidEnrolment,

    /// <summary>An enrolment request is too old.</summary>
    EnrolmentExpired,

    /// <summary>A request does not prove that its sender holds every key that it names.</summary>
    ProofOfPossessionFailed,

    /// <summary>A list of revocations keeps not to its bounds.</summary>
    InvalidRevocation,

    /// <summary>A list of revocations is older than the one held.</summary>
    RevocationRollback,

    /// <summary>Two lists of revocations bear one serial; both count until a higher one comes.</summary>
    RevocationEquivocation,

    /// <summary>The list of revocations is older than the owner allows, and nobody is taken in until a newer one comes.</summary>
    RevocationStale,

    /// <summary>Manifests that are shown as contradicting each other do not.</summary>
    InvalidEvidence,

    /// <summary>A statement of a node's generation is not that node's.</summary>
    InvalidGeneration,

    /// <summary>Too many records of one sender were refused of late, or too many wait to be judged.</summary>
    RecordBudgetExceeded,

    /// <summary>A record counts but could not be made durable, so it is not used.</summary>
    NotDurable,

    /// <summary>A message of a zone's group that no group of the zone would take.</summary>
    InvalidGroupMessage,

    /// <summary>A grant bears the serial of another one.</summary>
    GrantReused,
}
