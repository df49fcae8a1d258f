namespace FcpFast.Control.Groups;

/// <summary>What a message of a zone's group is.</summary>
/// <remarks>Source: [WIRE §14].</remarks>
public enum GroupMessageKind
{
    /// <summary>Not read; never valid.</summary>
    Unset = 0,

    /// <summary>Offers a node for adding.</summary>
    KeyPackage,

    /// <summary>Asks for a change.</summary>
    Proposal,

    /// <summary>Ends an epoch.</summary>
    Commit,

    /// <summary>Lets a node into the epoch that a commit begins.</summary>
    Welcome,
}
