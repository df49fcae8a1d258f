using System;

namespace FcpFast.Protocol.Crypto;

/// <summary>Argon2id: makes a key of a passphrase, slowly on purpose.</summary>
/// <remarks>
/// Threads: any; takes the memory that its cost says while it runs.
/// Source:  [RFC 9106 §3].
/// </remarks>
public interface IPasswordKdf
{
    /// <summary>Bytes of a salt.</summary>
    const int SaltBytes = 16;

    /// <summary>Derives a key of 32 bytes.</summary>
    /// <param name="passphrase">The passphrase, as UTF-8.</param>
    /// <param name="salt">16 bytes, drawn for this one protection.</param>
    /// <param name="cost">Within its bounds.</param>
    /// <param name="key">The key.</param>
    void Derive(ReadOnlySpan<byte> passphrase, ReadOnlySpan<byte> salt, PasswordCost cost, Span<byte> key);
}
