using System;
using System.IO;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace FcpFast.Interop.Linux;

/// <summary>Makes the system write a large file while it still grows, and drop what is written from its cache.</summary>
/// <remarks>
/// Shape:   what was written since the last step is handed to the disk without waiting; of the step before, the end is waited for, and its
///          pages are given back. So the file's last flush finds little to do, a file larger than memory pushes nothing else out, and the same
///          few pages are used again: fresh ones cost several times as much as the copy into them.
/// Errors:  <see cref="IOException"/> if the disk failed: the system tells that once, so a later flush would not. Where the system cannot
///          write ranges, the file is written when it is flushed, as ever.
/// Threads: the file's owner.
/// Cost:    two or three system calls a step; waits for the disk where it is the slowest part, which bounds what is dirty.
/// Source:  [Linux sync_file_range(2)], [Linux posix_fadvise(2)].
/// </remarks>
public sealed class WriteBehind
{
    /// <summary>Bytes between two steps.</summary>
    public const int StepBytes = 8 * 1024 * 1024;

    private readonly SafeFileHandle _file;
    private Range _begun;
    private Range _written;
    private bool _isRefused = LinuxGate.Fault is not null;

    /// <summary>Follows a file, which stays the caller's.</summary>
    public WriteBehind(SafeFileHandle file)
    {
        ArgumentNullException.ThrowIfNull(file);
        _file = file;
        _written = Range.Empty;
        _begun = Range.Empty;
    }

    /// <summary>Ranges that were handed to the disk so far.</summary>
    public int Steps { get; private set; }

    /// <summary>Bytes were written at a place; any order, though it helps that they lie close to each other.</summary>
    public void Wrote(long offset, int bytes)
    {
        if (_isRefused) return;
        _written = _written.With(offset, bytes);
        if (_written.WrittenBytes < StepBytes) return;
        using var lease = new HandleLease(_file);
        Sync(lease.Descriptor, _written, Libc.SYNC_FILE_RANGE_WRITE);
        if (_begun.WrittenBytes > 0) GiveBack(lease.Descriptor, _begun);
        (_begun, _written) = (_written, Range.Empty);
        Steps++;
    }

    private void GiveBack(int descriptor, in Range range)
    {
        Sync(descriptor, range, Libc.SYNC_FILE_RANGE_WAIT_BEFORE | Libc.SYNC_FILE_RANGE_WRITE | Libc.SYNC_FILE_RANGE_WAIT_AFTER);
        _ = Libc.posix_fadvise(descriptor, range.Start, range.End - range.Start, Libc.POSIX_FADV_DONTNEED);
    }

    private void Sync(int descriptor, in Range range, uint flags)
    {
        if (Libc.sync_file_range(descriptor, range.Start, range.End - range.Start, flags) == 0) return;
        int error = Marshal.GetLastPInvokeError();
        _isRefused = error is Libc.EINVAL or Libc.ESPIPE or Libc.ENOSYS or Libc.EOPNOTSUPP;
        if (!_isRefused && error != Libc.EINTR) throw new IOException($"the disk did not take what was written (error {error})");
    }

    /// <summary>The smallest range around what was written, and how much that was.</summary>
    private readonly record struct Range(long Start, long End, long WrittenBytes)
    {
        public static Range Empty => new(long.MaxValue, 0, 0);

        public Range With(long offset, int bytes) => new(Math.Min(Start, offset), Math.Max(End, offset + bytes), WrittenBytes + bytes);
    }
}
