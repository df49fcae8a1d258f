using System;
using System.Buffers;
using System.IO;
using System.IO.Pipelines;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Objects;

namespace FcpFast.Doors;

/// <summary>Objects that came in through the door, each in a folder of its own until it has arrived.</summary>
/// <remarks>Shape: what an earlier process left is removed at the start: its sends ended with it.</remarks>
internal sealed class DoorSpool : IDisposable
{
    private const string FolderName = "spool";

    private readonly string _folder;

    public DoorSpool(string stateFolder)
    {
        _folder = Path.Combine(stateFolder, FolderName);
        Remove(_folder);
    }

    public void Dispose() => Remove(_folder);

    /// <summary>Takes an object's bytes; null, and why, if it cannot be. Bytes that were announced are always taken from the reader.</summary>
    public async Task<(string? Path, string? Fault)> TakeAsync(string name, long bytes, PipeReader reader, CancellationToken cancellation)
    {
        if (bytes is < 0 or > (long)ObjectLimits.TotalBytesMax) return (null, "bytes: 0 to 2^48");
        FcpStatus status = FileName.Check(Encoding.UTF8.GetBytes(name));
        if (status != FcpStatus.Accepted)
        {
            await CopyAsync(Stream.Null, bytes, reader, cancellation).ConfigureAwait(false);
            return (null, $"name: {FcpStatusNames.NameOf(status)}");
        }

        string folder = Path.Combine(_folder, Guid.NewGuid().ToString("N"));
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            string path = Path.Combine(folder, name);
            var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
            await using (file.ConfigureAwait(false)) await CopyAsync(file, bytes, reader, cancellation).ConfigureAwait(false);
            return (path, null);
        }
        catch
        {
            Remove(folder);
            throw;
        }
    }

    /// <summary>Removes an object that is needed no more.</summary>
    public static void Free(string? path)
    {
        if (path is not null) Remove(Path.GetDirectoryName(path)!);
    }

    private static async Task CopyAsync(Stream destination, long bytes, PipeReader reader, CancellationToken cancellation)
    {
        while (bytes > 0)
        {
            ReadResult read = await reader.ReadAsync(cancellation).ConfigureAwait(false);
            ReadOnlySequence<byte> taken = read.Buffer.Slice(0, Math.Min(bytes, read.Buffer.Length));
            foreach (ReadOnlyMemory<byte> part in taken) await destination.WriteAsync(part, cancellation).ConfigureAwait(false);
            bytes -= taken.Length;
            reader.AdvanceTo(taken.End);
            if (read.IsCompleted && bytes > 0) throw new IOException("the object ended early");
        }
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // not there; or it is tried again with the next start
        }
    }
}
