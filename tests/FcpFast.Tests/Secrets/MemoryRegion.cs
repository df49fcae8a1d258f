using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace FcpFast.Tests.Secrets;

/// <summary>One region of a process's memory map.</summary>
/// <param name="Start">Its first address.</param>
/// <param name="End">The address behind it.</param>
/// <param name="IsReadable">Whether it can be read.</param>
/// <param name="Name">The file or use, if the kernel tells.</param>
/// <param name="Flags">VmFlags: <c>lo</c> for locked, <c>dd</c> for left out of dumps.</param>
internal sealed record MemoryRegion(ulong Start, ulong End, bool IsReadable, string Name, string[] Flags)
{
    /// <summary>Never swapped out, and in no core dump.</summary>
    public bool IsProtected => IsLocked && IsLeftOutOfDumps;

    public bool IsLocked => Flags.Contains("lo");

    public bool IsLeftOutOfDumps => Flags.Contains("dd");

    /// <summary>The map of a process, as it is now.</summary>
    /// <param name="process">Its number, or <c>self</c>.</param>
    public static List<MemoryRegion> ReadAll(string process)
    {
        var regions = new List<MemoryRegion>();
        MemoryRegion? open = null;
        foreach (string line in File.ReadLines($"/proc/{process}/smaps"))
        {
            string[] words = line.Split(' ', System.StringSplitOptions.RemoveEmptyEntries);
            string[] range = words[0].Split('-');
            if (range.Length == 2 && ulong.TryParse(range[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong start))
            {
                ulong end = ulong.Parse(range[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                open = new MemoryRegion(start, end, words[1][0] == 'r', words.Length > 5 ? words[5] : "", []);
            }
            else if (words[0] == "VmFlags:" && open is not null)
            {
                regions.Add(open with { Flags = words[1..] });
                open = null;
            }
        }

        return regions;
    }

    public override string ToString() => $"{Start:x}-{End:x} {(Name.Length == 0 ? "anonymous" : Name)} [{string.Join(' ', Flags)}]";
}
