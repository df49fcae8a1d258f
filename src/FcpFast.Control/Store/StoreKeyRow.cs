using FcpFast.Control.Identities;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Control.Store;

/// <summary>The store's own key as it stands in the store: sealed under the key of a source.</summary>
/// <param name="StoreId">16 random bytes.</param>
/// <param name="Kind">Of which kind the source is.</param>
/// <param name="Sealed">The key.</param>
/// <param name="Cost">What a guess at the passphrase costs; only with one.</param>
/// <param name="Salt">Of the passphrase; only with one.</param>
internal sealed record StoreKeyRow(byte[] StoreId, string Kind, byte[] Sealed, PasswordCost Cost = default, byte[]? Salt = null)
{
    public const string File = "file";
    public const string Passphrase = "passphrase";
    public const string Owner = "owner";

    public PassphraseBox Box => new(Cost, Salt ?? [], Sealed);
}
