namespace FcpFast.Mls.Messages;

/// <summary>[RFC 9420 §17.3]; those up to <see cref="DefaultMax"/> are everyone's and listed nowhere.</summary>
internal static class ExtensionTypes
{
    public const ushort ApplicationId = 1;
    public const ushort RatchetTree = 2;
    public const ushort RequiredCapabilities = 3;
    public const ushort ExternalPub = 4;
    public const ushort ExternalSenders = 5;
    public const ushort DefaultMax = 5;

    public static bool IsDefault(ushort type) => type is > 0 and <= DefaultMax;
}
