using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace FcpFast.Interop.Linux;

/// <summary>Gives the pages of program files back to the system: most of what a start reads of them is never needed again.</summary>
/// <remarks>
/// Shape:   only mappings of files that this process cannot write, and of which it has no page of its own: those come again from the file when
///          they are touched, with the same bytes.
/// Errors:  none; where the system does not list its mappings, or refuses, pages stay.
/// Threads: any, while others run.
/// Cost:    some hundred microseconds, and afterwards a page fault for each 64 KiB that is needed again.
/// Source:  [Linux proc_pid_smaps(5)], [Linux madvise(2)].
/// </remarks>
public static class ProgramPages
{
    private const string Mappings = "/proc/self/smaps";

    /// <summary>Gives back what can be.</summary>
    /// <returns>Bytes that were resident in the mappings given back; 0 if there is nothing of the kind here.</returns>
    public static long GiveBack()
    {
        if (LinuxGate.Fault is not null || !File.Exists(Mappings)) return 0;
        long bytes = 0;
        try
        {
            foreach (Mapping mapping in Read(File.ReadLines(Mappings)))
            {
                if (mapping.IsOfFileOnly && Libc.madvise(mapping.Start, mapping.End - mapping.Start, Libc.MADV_DONTNEED) == 0) bytes += mapping.ResidentBytes;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // a system that hides its mappings: their pages stay
        }

        return bytes;
    }

    /// <summary>What the system lists: for each mapping a line with its place, then one a property.</summary>
    internal static IEnumerable<Mapping> Read(IEnumerable<string> lines)
    {
        Mapping? mapping = null;
        foreach (string line in lines)
        {
            if (Mapping.Parse(line) is { } next)
            {
                if (mapping is not null) yield return mapping;
                mapping = next;
            }
            else if (mapping is not null && Kibibytes(line, "Rss:") is { } resident)
            {
                mapping = mapping with { ResidentBytes = resident * 1024 };
            }
            else if (mapping is not null && Kibibytes(line, "Anonymous:") is { } own)
            {
                mapping = mapping with { OwnBytes = own * 1024 };
            }
        }

        if (mapping is not null) yield return mapping;
    }

    private static long? Kibibytes(string line, string name) =>
        line.StartsWith(name, StringComparison.Ordinal) && line.EndsWith(" kB", StringComparison.Ordinal)
            && long.TryParse(line.AsSpan(name.Length, line.Length - name.Length - 3), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out long number)
            ? number
            : null;

    /// <summary>A range of addresses.</summary>
    /// <param name="Start">Its first address.</param>
    /// <param name="End">The address behind it.</param>
    /// <param name="IsReadOnlyFile">True if it shows a file, privately, and cannot be written.</param>
    internal sealed record Mapping(nuint Start, nuint End, bool IsReadOnlyFile)
    {
        public long ResidentBytes { get; init; }

        /// <summary>Bytes of pages that are not the file's; unknown counts as some.</summary>
        public long OwnBytes { get; init; } = -1;

        public bool IsOfFileOnly => IsReadOnlyFile && OwnBytes == 0;

        /// <summary>Reads such as <c>55d0c0a00000-55d0c0c00000 r-xp 00021000 fe:00 1234    /usr/bin/fcpfast</c>; null for another line.</summary>
        public static Mapping? Parse(string line)
        {
            string[] parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length < 5 || parts[1].Length != 4) return null;
            string[] places = parts[0].Split('-');
            bool isPlace = places.Length == 2
                & nuint.TryParse(places[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out nuint start)
                & nuint.TryParse(places[^1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out nuint end);
            return isPlace && start < end ? new Mapping(start, end, parts[1][0] == 'r' && parts[1][1] == '-' && parts[1][3] == 'p' && parts.Length > 5 && parts[5][0] == '/') : null;
        }
    }
}
