using System;
using System.Collections.Generic;
using System.IO;

namespace FcpFast.Host;

/// <summary>Which file system a path lies on, as the kernel tells it.</summary>
/// <remarks>Shape: of the mounts above a path the longest counts, of several at one place the last. Links are followed.</remarks>
internal sealed class Mounts
{
    private const string TablePath = "/proc/self/mountinfo";
    private const int DeviceField = 2;
    private const int PlaceField = 4;
    private const int LinksMax = 40; // as the kernel counts

    private readonly List<(string Place, string Device)> _mounts = [];

    /// <param name="table">The lines of a mountinfo file.</param>
    internal Mounts(IEnumerable<string> table)
    {
        foreach (string line in table)
        {
            string[] fields = line.Split(' ');
            if (fields.Length > PlaceField) _mounts.Add((Unescape(fields[PlaceField]), fields[DeviceField]));
        }
    }

    /// <summary>The mounts of this process; null where the platform does not tell.</summary>
    public static Mounts? Read()
    {
        try
        {
            return File.Exists(TablePath) ? new Mounts(File.ReadAllLines(TablePath)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>True if two paths lie on one file system.</summary>
    public bool AreTogether(string one, string other) => DeviceOf(Resolve(one)) == DeviceOf(Resolve(other));

    private string DeviceOf(string path)
    {
        (string place, string device) = ("", "");
        foreach ((string Place, string Device) mount in _mounts)
        {
            bool isAbove = mount.Place == "/" || path == mount.Place || path.StartsWith(mount.Place + "/", StringComparison.Ordinal);
            if (isAbove && mount.Place.Length >= place.Length) (place, device) = mount;
        }

        return device;
    }

    /// <summary>The path without links, as far as it exists and they do not go in circles.</summary>
    private static string Resolve(string path, int links = 0)
    {
        string resolved = "/";
        foreach (string part in Path.GetFullPath(path).Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            resolved = Path.Combine(resolved, part);
            if (new FileInfo(resolved).LinkTarget is not { } target || links >= LinksMax) continue;
            resolved = Resolve(Path.Combine(Path.GetDirectoryName(resolved)!, target), ++links);
        }

        return resolved;
    }

    /// <summary>Blanks and the like stand as three octal digits behind a backslash.</summary>
    private static string Unescape(string text)
    {
        for (int at = text.IndexOf('\\', StringComparison.Ordinal); at >= 0 && at + 3 < text.Length; at = text.IndexOf('\\', at + 1))
        {
            text = $"{text[..at]}{(char)Convert.ToInt32(text.Substring(at + 1, 3), 8)}{text[(at + 4)..]}";
        }

        return text;
    }
}
