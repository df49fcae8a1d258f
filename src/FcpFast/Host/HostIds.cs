using System;
using System.IO;

namespace FcpFast.Host;

/// <summary>What the platform tells of the machine's own life.</summary>
internal static class HostIds
{
    private const string BootIdPath = "/proc/sys/kernel/random/boot_id";

    /// <summary>Which start of the machine this is; empty where the platform does not tell.</summary>
    public static string BootId()
    {
        try
        {
            return OperatingSystem.IsLinux() ? File.ReadAllText(BootIdPath).Trim() : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // 32 random bytes go into every instance anyway
        }
    }
}
