namespace FcpFast.Mls.Messages;

/// <summary>[RFC 9420 §7.2].</summary>
internal enum LeafNodeSource : byte
{
    Unset = 0,
    KeyPackage = 1,
    Update = 2,
    Commit = 3,
}
