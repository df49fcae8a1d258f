namespace FcpFast.Control.Nodes;

/// <summary>What an operator must hear of.</summary>
public enum NodeAlarmKind : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Two manifests or two lists of revocations of one owner contradict each other. [WIRE §12.2]</summary>
    Equivocation,

    /// <summary>A peer has a later statement of this node than this node itself: its disk was put back. [REPLAY §5.5]</summary>
    StateRolledBack,

    /// <summary>This node's own key was revoked, or its name was attested for other keys.</summary>
    OwnKeysReplaced,

    /// <summary>A zone's key is older than its profile allows. [WIRE §14]</summary>
    KeyTooOld,

    /// <summary>This node's attestation ends soon, or has ended. [WIRE §15]</summary>
    AttestationEnds,

    /// <summary>The encryption key has been in use for too long: boxes sealed to it still open. [WIRE §13.3]</summary>
    EncryptionKeyTooOld,

    /// <summary>The list of revocations is older than the owner allows.</summary>
    RevocationsStale,

    /// <summary>This node seals nothing for a zone: the manifest in force brought it no key.</summary>
    ZoneWithoutKey,

    /// <summary>A change could not be stored; it is not used, and is tried again when it comes again.</summary>
    StoreFailed,

    /// <summary>Messages of a zone's group are missing here, and nobody has sent them for minutes: the owner is to remove this node and to add it anew. [WIRE §14]</summary>
    GroupBehind,

    /// <summary>A node that the owner wants added has not offered a key package, so its grant waits, or has lapsed. [WIRE §14]</summary>
    GrantWaits,

    /// <summary>The wall clock stepped ahead of the machine's own; what it would erase is only refused until it has lasted. [WIRE §13.3]</summary>
    ClockStepped,

    /// <summary>The control plane has done nothing for so long that a revocation would not have been honoured: all sessions were ended until it works again.</summary>
    ControlSilent,

    /// <summary>This process or its machine may have a twin, or was put back to a snapshot: all sessions and streams were ended. [REPLAY §5.4]</summary>
    HostCloneSuspected,
}
