using System;

namespace FcpFast.Protocol.Crypto;

/// <summary>Memory for keys: locked, fenced by guard pages, left out of dumps, erased when a key is disposed.</summary>
/// <remarks>
/// Threads: synchronised; meant for the control path, a few thousand calls a second.
/// Source:  [REPLAY §5.1].
/// </remarks>
public interface IKeyVault
{
    /// <summary>Copies a secret into the vault. The caller erases its own copy.</summary>
    /// <param name="secret">1 to 512 bytes.</param>
    SecretKey Import(ReadOnlySpan<byte> secret);
}
