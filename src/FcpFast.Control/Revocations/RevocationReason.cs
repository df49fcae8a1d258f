namespace FcpFast.Control.Revocations;

/// <summary>Why a key was revoked; for people, nothing is decided by it.</summary>
public enum RevocationReason : byte
{
    /// <summary>Not said; never on the wire.</summary>
    Unset = 0,

    /// <summary>Somebody else has the key.</summary>
    Compromised,

    /// <summary>Nobody knows where the key is.</summary>
    Lost,

    /// <summary>The node has been made anew, with other keys.</summary>
    Replaced,

    /// <summary>The node is no more.</summary>
    Retired,
}
