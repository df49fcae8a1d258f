using System.Collections.Immutable;
using FcpFast.Control.Identities;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Control.Store;

/// <summary>From what the key of a store comes. The store's own key is random and lies in it, sealed under a key that follows from this.</summary>
/// <remarks>Source: [DESIGN §3] (state); README.md of this project.</remarks>
public abstract record StoreKeySource
{
    private StoreKeySource()
    {
    }

    /// <summary>A file of 32 random bytes: the choice of unattended and constrained nodes.</summary>
    /// <param name="Path">The file; null for <c>store.key</c> in the directory itself.</param>
    public sealed record KeyFile(string? Path = null) : StoreKeySource;

    /// <summary>A passphrase, made slow by Argon2id.</summary>
    /// <param name="Utf8">The passphrase.</param>
    /// <param name="Cost">What a guess shall cost, when the store is made; null for the default. An existing store keeps its own.</param>
    public sealed record Passphrase(ImmutableArray<byte> Utf8, PasswordCost? Cost = null) : StoreKeySource;

    /// <summary>The owner's key, for the owner's own store.</summary>
    /// <param name="Key">The opened key.</param>
    public sealed record Owner(OwnerKey Key) : StoreKeySource;
}
