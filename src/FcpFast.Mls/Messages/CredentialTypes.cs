namespace FcpFast.Mls.Messages;

/// <summary>[RFC 9420 §17.5].</summary>
internal static class CredentialTypes
{
    public const ushort Basic = 1;
    public const ushort X509 = 2;
}
