namespace FcpFast.Control.Store;

/// <summary>Whose state a directory holds.</summary>
public enum StoreRole : byte
{
    /// <summary>Not said; never stored.</summary>
    Unset = 0,

    /// <summary>A node's.</summary>
    Node,

    /// <summary>An owner's.</summary>
    Owner,
}
