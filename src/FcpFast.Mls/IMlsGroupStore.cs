using System;

namespace FcpFast.Mls;

/// <summary>Where a group's one record lies: its epoch, and the commit that waits.</summary>
/// <remarks>
/// Shape:   a write replaces the whole record at once, durably: after a crash the old one is there or the new one, never a mixture.
///          An empty record replaces the last one when this member was removed: its secrets are then to be erased like any replaced record's.
/// Errors:  false if nothing was written; the group then stays as it was.
/// Threads: called on the thread that uses the group.
/// </remarks>
public interface IMlsGroupStore
{
    /// <summary>Replaces the record. It holds secrets in the clear: seal it before it leaves memory; the span is erased on return.</summary>
    bool Write(ReadOnlySpan<byte> record);
}
