namespace FcpFast.Mls.Messages;

/// <summary>[RFC 9420 §17.2].</summary>
internal enum WireFormat : ushort
{
    Unset = 0,
    PublicMessage = 1,
    PrivateMessage = 2,
    Welcome = 3,
    GroupInfo = 4,
    KeyPackage = 5,
}
