namespace FcpFast.Protocol.Crypto;

/// <summary>What one guess at a passphrase costs; stored beside what it protects.</summary>
/// <param name="Passes">How often the memory is gone over.</param>
/// <param name="MemoryKibibytes">How much memory it takes.</param>
/// <remarks>Source: [RFC 9106 §4].</remarks>
public readonly record struct PasswordCost(uint Passes, uint MemoryKibibytes)
{
    /// <summary>For keys that are opened by a person: 256 MiB, three passes, about a second.</summary>
    public static PasswordCost Default => new(3, 256 * 1024);

    /// <summary>True if a stored cost may be believed: a damaged or hostile file must not take all memory or all time.</summary>
    public bool IsWithinBounds => Passes is >= 3 and <= 64 && MemoryKibibytes is >= 8 and <= 1024 * 1024;
}
