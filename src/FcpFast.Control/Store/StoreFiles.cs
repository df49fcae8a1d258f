using System;
using System.IO;

namespace FcpFast.Control.Store;

/// <summary>The files of a state directory: their names, and that nobody else may use them.</summary>
/// <remarks>
/// <code>
/// state.db (and -wal, -shm beside it while it is open)   everything; secrets sealed
/// store.key                                              32 random bytes, unless the key lies elsewhere or is a passphrase
/// lock                                                   held by the process that may write
/// lock.holder                                            the id of that process, for words
/// inbox/                                                 record files that a running node takes in
/// </code>
/// </remarks>
internal static class StoreFiles
{
    public const string Database = "state.db";
    public const string KeyFile = "store.key";
    public const string Lock = "lock";
    public const string Holder = "lock.holder";
    public const string Inbox = "inbox";

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes a directory that only its owner may use.</summary>
    public static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, Private | UnixFileMode.UserExecute);
    }

    /// <summary>How to make a new file that only its owner may use.</summary>
    public static FileStreamOptions NewPrivate()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = Private;
        return options;
    }

    /// <summary>Writes a new private file whole, flushed to the disk.</summary>
    public static void WriteNew(string path, ReadOnlySpan<byte> bytes)
    {
        using var file = new FileStream(path, NewPrivate());
        file.Write(bytes);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Refuses a file that others than its owner may use.</summary>
    public static void RequirePrivate(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        UnixFileMode others = File.GetUnixFileMode(path) & ~(Private | UnixFileMode.UserExecute);
        if (others == 0) return;
        throw new StateStoreException(
            path, $"others may use this file ({others})", $"chmod 600 '{path}'; if a stranger may have read it, make the identity anew");
    }
}
