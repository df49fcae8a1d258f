using System;
using System.IO;
using System.Security.Cryptography;

namespace FcpFast.Control.Store;

/// <summary>A file whose first line is a passphrase.</summary>
public static class PassphraseFile
{
    /// <summary>The longest passphrase.</summary>
    public const int BytesMax = 4096;

    /// <summary>Reads the first line, as it stands but for its end and a byte-order mark.</summary>
    /// <param name="path">The file.</param>
    /// <returns>1 to <see cref="BytesMax"/> bytes; the caller's to erase.</returns>
    /// <exception cref="StateStoreException">It cannot be read, or has no passphrase in its first line.</exception>
    public static byte[] Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[] read = new byte[BytesMax + 8];
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            ReadOnlySpan<byte> line = read.AsSpan(0, file.ReadAtLeast(read, read.Length, throwOnEndOfStream: false));
            if (line.StartsWith("\uFEFF"u8)) line = line[3..];
            int end = line.IndexOf((byte)'\n');
            if (end >= 0) line = line[..end];
            line = line.TrimEnd((byte)'\r');
            if (line.Length is 0 or > BytesMax) throw new StateStoreException(path, "there is no passphrase in its first line", $"put it there, 1 to {BytesMax} bytes");
            return line.ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new StateStoreException(path, $"the passphrase cannot be read: {e.Message}", "name a file that this user may read", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(read);
        }
    }
}
