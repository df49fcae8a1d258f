namespace FcpFast.Control.Manifests;

/// <summary>What became of an offered manifest.</summary>
public enum ManifestOutcomeKind : byte
{
    /// <summary>No decision was taken: a defect if it is ever seen.</summary>
    Undecided = 0,

    /// <summary>Refused; the history may still hold new evidence.</summary>
    Refused,

    /// <summary>Accepted before; nothing changes.</summary>
    Unchanged,

    /// <summary>Now current, but it brought no keys: nothing seals until a manifest does. [WIRE §11.5]</summary>
    Linked,

    /// <summary>Now current, with its keys opened.</summary>
    Activated,
}
