using System;
using System.Globalization;
using System.IO;

namespace FcpFast.Host;

/// <summary>Whether the system lets this process lock its keys into memory.</summary>
/// <remarks>Source: [REPLAY §5.1]: keys that can be swapped out outlive their erasure.</remarks>
internal static class LockedMemory
{
    /// <summary>What some thousand sessions need.</summary>
    public const ulong WantedBytes = 1024 * 1024;

    private const string LimitsPath = "/proc/self/limits";
    private const string LimitName = "Max locked memory";

    /// <summary>What is wrong, in words; null if nothing is, or the platform does not tell.</summary>
    public static string? Fault()
    {
        try
        {
            return OperatingSystem.IsLinux() ? Judge(File.ReadAllText(LimitsPath)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    internal static string? Judge(string limits)
    {
        foreach (string line in limits.Split('\n'))
        {
            if (!line.StartsWith(LimitName, StringComparison.Ordinal)) continue;
            string soft = line[LimitName.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
            bool isEnough = !ulong.TryParse(soft, CultureInfo.InvariantCulture, out ulong bytes) || bytes >= WantedBytes; // else "unlimited"
            return isEnough ? null : string.Create(
                CultureInfo.InvariantCulture, $"keys may be swapped out to disk: this process may lock {bytes} bytes of memory, {WantedBytes} are wanted (ulimit -l, LimitMEMLOCK)");
        }

        return null;
    }
}
