using System;
using System.Globalization;
using System.IO;

namespace FcpFast.Control.Store;

/// <summary>Held by the one process that may write a state directory.</summary>
/// <remarks>Source: [REPLAY §5.2] (two processes never share a store).</remarks>
internal sealed class StoreLock : IDisposable
{
    private readonly FileStream _file;

    private StoreLock(FileStream file) => _file = file;

    /// <summary>Takes the lock, or tells who has it.</summary>
    public static StoreLock Take(string folder)
    {
        string path = Path.Combine(folder, StoreFiles.Lock);
        var options = StoreFiles.NewPrivate();
        options.Mode = FileMode.OpenOrCreate;
        try
        {
            var held = new StoreLock(new FileStream(path, options));
            File.WriteAllText(Path.Combine(folder, StoreFiles.Holder), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return held;
        }
        catch (IOException e)
        {
            string holder = HolderOf(Path.Combine(folder, StoreFiles.Holder));
            throw new StateStoreException(
                folder, holder.Length > 0 ? $"process {holder} uses this state directory" : $"the lock cannot be taken: {e.Message}",
                "end that process first, or name another state directory: each belongs to one process", e);
        }
    }

    /// <summary>True if another process has the lock.</summary>
    public static bool IsTaken(string folder)
    {
        try
        {
            Take(folder).Dispose();
            return false;
        }
        catch (StateStoreException)
        {
            return true;
        }
    }

    public void Dispose() => _file.Dispose();

    private static string HolderOf(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
