namespace FcpFast.Mls;

/// <summary>What became of an input of MLS: accepted, or the one name under which it was refused.</summary>
/// <remarks>
/// Errors:  the default value is never success.
/// Source:  [RFC 9420 §7.3], [RFC 9420 §12.2], [RFC 9420 §12.4].
/// </remarks>
public enum MlsStatus
{
    /// <summary>No decision was taken: a defect if it is ever seen.</summary>
    Undecided = 0,

    /// <summary>Everything that was to be checked has passed.</summary>
    Accepted,

    /// <summary>The bytes are no such structure: cut short, followed by others, not minimal, or with a value that the structure does not have.</summary>
    Malformed,

    /// <summary>Longer, larger or further ahead than the named maximum.</summary>
    TooLarge,

    /// <summary>Another protocol version.</summary>
    UnsupportedVersion,

    /// <summary>A cipher suite that is not spoken here, or not the group's.</summary>
    CipherSuiteMismatch,

    /// <summary>A proposal type that is not spoken here, or not by every member.</summary>
    UnsupportedProposal,

    /// <summary>A credential type that is not spoken here, or not by every member.</summary>
    UnsupportedCredential,

    /// <summary>An extension that the leaf does not list among its capabilities, or that the group needs and it has not.</summary>
    UnsupportedExtension,

    /// <summary>Reinitialization of a group: decoded, and not spoken here.</summary>
    ReInitUnsupported,

    /// <summary>Joining by external commit: decoded, and not spoken here.</summary>
    ExternalCommitUnsupported,

    /// <summary>Branching of a group, or another use of a resumption key: decoded, and not spoken here.</summary>
    ResumptionUnsupported,

    /// <summary>A sender outside the group.</summary>
    ExternalSenderUnsupported,

    /// <summary>The message is for another group.</summary>
    WrongGroup,

    /// <summary>The message is of another epoch.</summary>
    WrongEpoch,

    /// <summary>The group's member list has no such leaf, or it is blank.</summary>
    UnknownLeaf,

    /// <summary>The message is this member's own.</summary>
    OwnMessage,

    /// <summary>The message is of another kind than the one asked for.</summary>
    WrongContent,

    /// <summary>A membership tag does not verify.</summary>
    InvalidMembershipTag,

    /// <summary>A message's signature does not verify.</summary>
    InvalidSignature,

    /// <summary>A confirmation tag does not verify, or is missing.</summary>
    InvalidConfirmationTag,

    /// <summary>An encrypted part does not open.</summary>
    DecryptFailed,

    /// <summary>The generation's key was used or given up.</summary>
    GenerationUsed,

    /// <summary>Padding that is not zero.</summary>
    InvalidPadding,

    /// <summary>A leaf's signature does not verify.</summary>
    InvalidLeafSignature,

    /// <summary>A leaf came to the tree in another way than it says.</summary>
    InvalidLeafSource,

    /// <summary>A leaf's lifetime is over, has not begun, or is longer than allowed.</summary>
    InvalidLifetime,

    /// <summary>A leaf does not list what it uses, or what the group requires.</summary>
    InvalidCapabilities,

    /// <summary>The authentication service does not vouch for a credential.</summary>
    CredentialRefused,

    /// <summary>A key stands twice in the tree, or was to be replaced and was not.</summary>
    DuplicateKey,

    /// <summary>A client that is in the group already, or twice.</summary>
    DuplicateClient,

    /// <summary>A leaf that is to replace another is of another client.</summary>
    NoSuccessor,

    /// <summary>A public key with which no secret can be agreed.</summary>
    InvalidPublicKey,

    /// <summary>A key package's signature does not verify.</summary>
    InvalidKeyPackageSignature,

    /// <summary>The init key is the leaf's encryption key.</summary>
    InitKeyReused,

    /// <summary>No entry of the Welcome is for this key package.</summary>
    NotInvited,

    /// <summary>The leaf of the key package is not in the tree.</summary>
    LeafNotInTree,

    /// <summary>A ratchet tree was neither sent along nor given.</summary>
    TreeMissing,

    /// <summary>The tree's shape is broken: a blank last node, a leaf where a parent belongs.</summary>
    InvalidTree,

    /// <summary>The tree hash is another.</summary>
    TreeHashMismatch,

    /// <summary>A parent hash does not verify, or a parent node has no leaf that vouches for it.</summary>
    InvalidParentHash,

    /// <summary>A list of unmerged leaves names one that is not below, is blank, or is missing in between.</summary>
    InvalidUnmergedLeaves,

    /// <summary>A path has not the nodes or ciphertexts that follow from the tree.</summary>
    InvalidPath,

    /// <summary>A path secret does not lead to the public key in the tree.</summary>
    PathKeyMismatch,

    /// <summary>A path is needed and missing.</summary>
    PathRequired,

    /// <summary>A GroupInfo's signature does not verify.</summary>
    InvalidGroupInfoSignature,

    /// <summary>A proposal that the commit refers to was not received.</summary>
    UnknownProposal,

    /// <summary>Two proposals contradict each other, or one may not be in this list.</summary>
    InvalidProposalList,

    /// <summary>A pre-shared key is not at hand.</summary>
    UnknownPsk,

    /// <summary>A pre-shared key's id or nonce breaks a rule.</summary>
    InvalidPsk,

    /// <summary>The commit removes this member: the group's secrets are erased here.</summary>
    Removed,

    /// <summary>A commit of this member waits for its order; it is merged or given up first.</summary>
    CommitPending,

    /// <summary>No commit waits.</summary>
    NoCommitPending,

    /// <summary>The group was left or closed.</summary>
    Closed,

    /// <summary>The record could not be written; nothing has changed.</summary>
    StorageFailed,

    /// <summary>A rule of the application forbids it.</summary>
    PolicyRefused,
}
