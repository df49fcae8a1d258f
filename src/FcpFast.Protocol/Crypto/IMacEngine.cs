using System;

namespace FcpFast.Protocol.Crypto;

/// <summary>Computes session MACs of batches of contiguous messages under one key.</summary>
/// <remarks>
/// Shape:   a struct type parameter on the hot path; lengths may differ, equal ones are fastest.
/// Threads: engines hold no state that a call changes.
/// Source:  [WIRE §6].
/// </remarks>
public interface IMacEngine
{
    /// <summary>Bytes that a key of <paramref name="suite"/> takes once prepared by this engine.</summary>
    int PreparedKeyBytes(MacSuite suite);

    /// <summary>Turns a session key into the form that <see cref="Compute"/> takes, once a session.</summary>
    /// <param name="suite">The suite that the key is for.</param>
    /// <param name="key">32 bytes.</param>
    /// <param name="prepared"><see cref="PreparedKeyBytes"/> bytes; as secret as the key.</param>
    void PrepareKey(MacSuite suite, ReadOnlySpan<byte> key, Span<byte> prepared);

    /// <summary>Writes the 16-byte MAC of every item, side by side.</summary>
    /// <param name="suite">The suite that the key was prepared for.</param>
    /// <param name="preparedKey">As made by <see cref="PrepareKey"/>.</param>
    /// <param name="data">The memory that the items point into.</param>
    /// <param name="items">Where the messages lie.</param>
    /// <param name="macs">16 bytes an item.</param>
    void Compute(MacSuite suite, ReadOnlySpan<byte> preparedKey, ReadOnlySpan<byte> data, ReadOnlySpan<MacItem> items, Span<byte> macs);
}
