using System;

namespace FcpFast.Mls;

/// <summary>The authentication service: says whose a credential is.</summary>
/// <remarks>
/// Errors:  must not throw, whatever the bytes are: they are a stranger's.
/// Threads: called on the thread that uses the group.
/// Source:  [RFC 9420 §5.3.1].
/// </remarks>
public interface IMlsCredentials
{
    /// <summary>True if the identity of a basic credential is rightly bound to this signature key now.</summary>
    /// <param name="identity">The credential's content.</param>
    /// <param name="signatureKey">The leaf's Ed25519 key.</param>
    bool Vouches(ReadOnlySpan<byte> identity, ReadOnlySpan<byte> signatureKey);

    /// <summary>The name of the client that an identity is of: two identities with one name are one client's, and no group has a client twice.</summary>
    ReadOnlyMemory<byte> ClientOf(ReadOnlyMemory<byte> identity);
}
