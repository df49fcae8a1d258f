using System;

namespace FcpFast.Protocol.Crypto;

/// <summary>Seals and opens batches with the AEADs of <see cref="AeadAlgorithm"/>.</summary>
/// <remarks>
/// Shape:   a struct type parameter on the hot path; a batch of one is the simple case.
/// Threads: engines hold no state that a call changes; any number of calls may run side by side.
/// Source:  [WIRE §5], [RFC 8439 §2.8].
/// </remarks>
public interface IAeadEngine
{
    /// <summary>Seals every item.</summary>
    /// <param name="key">32 bytes.</param>
    /// <param name="batch">The messages; made with <c>sealing</c> true.</param>
    void Seal(ReadOnlySpan<byte> key, scoped in AeadBatch batch);

    /// <summary>Opens every item whose tag verifies.</summary>
    /// <param name="key">32 bytes.</param>
    /// <param name="batch">The messages; made with <c>sealing</c> false.</param>
    /// <param name="opened">One entry an item: true if its tag verified. No plaintext of an item is visible before; that of a failed one is zeroed.</param>
    /// <returns>How many items opened.</returns>
    int Open(ReadOnlySpan<byte> key, scoped in AeadBatch batch, Span<bool> opened);
}
