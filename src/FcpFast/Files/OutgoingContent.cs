using System;
using System.IO;

namespace FcpFast.Files;

/// <summary>The bytes of something that is sent.</summary>
/// <remarks>
/// Shape:   any part may be read again, because a receiver that starts anew asks for it again.
/// Errors:  <see cref="Read"/> and <see cref="RequireUnchanged"/> throw <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.
/// Threads: read by the source's thread, one after the other.
/// </remarks>
public abstract class OutgoingContent : IDisposable
{
    /// <summary>Where it is, in words.</summary>
    public abstract string Where { get; }

    /// <summary>How long it is; does not change.</summary>
    public abstract ulong SizeBytes { get; }

    /// <summary>When it was changed last; with name and size it tells one transfer from another.</summary>
    public abstract ulong ModifiedUnixNanoseconds { get; }

    /// <summary>The mode bits of a file; null if there are none.</summary>
    public virtual ulong? Mode => null;

    /// <summary>Throws if it is no longer what was announced.</summary>
    public abstract void RequireUnchanged();

    /// <summary>Fills the bytes from this place of the content on.</summary>
    public abstract void Read(Span<byte> bytes, ulong offset);

    /// <summary>Lets go of it.</summary>
    public abstract void Dispose();
}
