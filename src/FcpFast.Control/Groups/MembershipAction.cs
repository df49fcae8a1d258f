namespace FcpFast.Control.Groups;

/// <summary>What an owner's grant allows.</summary>
public enum MembershipAction
{
    /// <summary>Nothing; never valid.</summary>
    Unset = 0,

    /// <summary>Adding a node.</summary>
    Add,

    /// <summary>Removing a node.</summary>
    Remove,
}
