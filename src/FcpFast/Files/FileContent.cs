using System;
using System.IO;
using Microsoft.Win32.SafeHandles;

namespace FcpFast.Files;

/// <summary>A file that is sent.</summary>
internal sealed class FileContent : OutgoingContent
{
    private readonly SafeFileHandle _handle;

    private FileContent(string path, SafeFileHandle handle)
    {
        Where = path;
        _handle = handle;
        SizeBytes = (ulong)RandomAccess.GetLength(handle);
        ModifiedUnixNanoseconds = Modified(handle);
        Mode = OperatingSystem.IsWindows() ? null : (ulong)File.GetUnixFileMode(handle);
    }

    public override string Where { get; }

    public override ulong SizeBytes { get; }

    public override ulong ModifiedUnixNanoseconds { get; }

    public override ulong? Mode { get; }

    /// <summary>Opens a file.</summary>
    /// <remarks>Errors: throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> as the file system does.</remarks>
    public static FileContent Open(string path)
    {
        SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.SequentialScan);
        try
        {
            return new FileContent(path, handle);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    public override void RequireUnchanged()
    {
        if ((ulong)RandomAccess.GetLength(_handle) != SizeBytes || Modified(_handle) != ModifiedUnixNanoseconds) throw new IOException("it has changed while it was sent");
    }

    public override void Read(Span<byte> bytes, ulong offset)
    {
        while (!bytes.IsEmpty)
        {
            int read = RandomAccess.Read(_handle, bytes, (long)offset);
            if (read == 0) throw new EndOfStreamException("it has become shorter while it was sent");
            bytes = bytes[read..];
            offset += (ulong)read;
        }
    }

    public override void Dispose() => _handle.Dispose();

    private static ulong Modified(SafeFileHandle handle) => (ulong)Math.Max(0, (File.GetLastWriteTimeUtc(handle) - DateTime.UnixEpoch).Ticks) * 100;
}
