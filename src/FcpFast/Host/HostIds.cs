using System;
using System.Globalization;
using System.IO;

namespace FcpFast.Host;

/// <summary>What the platform tells of the machine's own life.</summary>
/// <remarks>Errors: what cannot be read is empty, and is then the same at every look. Source: [REPLAY §5.4].</remarks>
internal static class HostIds
{
    private const string BootIdPath = "/proc/sys/kernel/random/boot_id";
    private const string XenGenerationPath = "/sys/hypervisor/uuid"; // the one id of a copy that Linux lets programs read
    private const string ProcessPath = "/proc/self/stat";
    private const string UptimePath = "/proc/uptime";
    private const int StartTimeField = 19; // of those behind the name, which is in parentheses and may hold anything

    /// <summary>Everything that is watched, as it is now.</summary>
    /// <param name="time">The wall clock, and the boot clock where it is not the system's.</param>
    /// <param name="generationFile">A file whose content an orchestrator changes when it restores or clones the machine; null for the platform's own.</param>
    public static HostSigns Look(TimeProvider time, string? generationFile) =>
        new(Process(), Read(BootIdPath), Read(generationFile ?? XenGenerationPath), SinceBoot(time), time.GetUtcNow());

    /// <summary>The process's id and start, asked of the kernel: a copy of what the runtime remembers would be wrong in a twin.</summary>
    private static string Process()
    {
        string stat = Read(ProcessPath);
        int nameEnd = stat.LastIndexOf(')');
        if (nameEnd < 0) return "";
        string[] fields = stat[(nameEnd + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > StartTimeField ? $"{stat[..stat.IndexOf(' ', StringComparison.Ordinal)]}/{fields[StartTimeField]}" : "";
    }

    /// <summary>Time since the start of the machine, sleep included, where the platform tells.</summary>
    private static TimeSpan SinceBoot(TimeProvider time)
    {
        string uptime = time == TimeProvider.System ? Read(UptimePath) : "";
        bool isKnown = double.TryParse(uptime.AsSpan(0, Math.Max(0, uptime.IndexOf(' ', StringComparison.Ordinal))), CultureInfo.InvariantCulture, out double seconds);
        return isKnown ? TimeSpan.FromSeconds(seconds) : time.GetElapsedTime(0);
    }

    private static string Read(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path).Trim() : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // 32 random bytes go into every instance anyway
        }
    }
}
