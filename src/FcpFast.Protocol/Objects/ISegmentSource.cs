using System;

namespace FcpFast.Protocol.Objects;

/// <summary>Where files that go out are read and hashed: asked from the shard's thread, working on its own.</summary>
/// <remarks>
/// Shape:   a segment is read into one slot of the source's memory, chunk after chunk, each padded with zeroes to whole symbols; every
///          request is answered by one <see cref="PreparedSegment"/>.
/// Threads: requests and <see cref="TryTake"/> come from one thread and do not block. A slot is left alone until it is given back.
/// </remarks>
public interface ISegmentSource
{
    /// <summary>The memory of all slots; pinned.</summary>
    ReadOnlySpan<byte> Memory { get; }

    /// <summary>Reads a segment and makes its manifest, if a slot is free.</summary>
    /// <param name="file">The file.</param>
    /// <param name="index">The segment.</param>
    /// <param name="symbolBytes">The symbols that it will be cut into.</param>
    /// <returns>False if no slot is free now.</returns>
    bool TryPrepare(OutgoingFile file, ulong index, int symbolBytes);

    /// <summary>Takes the next answer.</summary>
    bool TryTake(out PreparedSegment prepared);

    /// <summary>Gives a slot back.</summary>
    void Return(int slot);
}
