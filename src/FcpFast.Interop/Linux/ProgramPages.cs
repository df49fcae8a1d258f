using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace FcpFast.Interop.Linux;

/// <summary>Gives the pages of this program's file back to the system: most of what a start reads of a native program is never needed again.</summary>
/// <remarks>
/// Shape:   only mappings of the program itself, which are there from its beginning to its end, that cannot be written and hold no page but the
///          file's: neither a relocated one nor one that was swapped out. Such pages come again from the file when they are touched, with the same bytes.
/// Errors:  none; where the system does not list its mappings, or refuses, pages stay.
/// Threads: any, while others run.
/// Cost:    a millisecond, and afterwards a page fault for each 64 KiB that is needed again.
/// Source:  [Linux proc_pid_smaps(5)], [Linux madvise(2)].
/// </remarks>
public static class ProgramPages
{
    private const string Mappings = "/proc/self/smaps";

    /// <summary>Gives back what can be.</summary>
    /// <returns>Bytes that were resident in the mappings given back; 0 if there is nothing of the kind here.</returns>
    public static long GiveBack()
    {
        if (LinuxGate.Fault is not null || !File.Exists(Mappings) || Environment.ProcessPath is not { } program) return 0;
        long bytes = 0;
        try
        {
            foreach (Mapping mapping in Read(File.ReadLines(Mappings)))
            {
                // SAFETY: no loader moves the program's own mappings, so this range is still what was read; it cannot be written, and what it shows is the file's.
                if (mapping.IsOf(program) && Libc.madvise(mapping.Start, mapping.End - mapping.Start, Libc.MADV_DONTNEED) == 0) bytes += mapping.ResidentBytes;
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
            else if (mapping is not null && Bytes(line, "Rss:") is { } resident)
            {
                mapping = mapping with { ResidentBytes = resident };
            }
            else if (mapping is not null && Bytes(line, "Anonymous:") is { } own)
            {
                mapping = mapping with { OwnBytes = own };
            }
            else if (mapping is not null && Bytes(line, "Swap:") is { } swapped)
            {
                mapping = mapping with { SwappedBytes = swapped };
            }
        }

        if (mapping is not null) yield return mapping;
    }

    private static long? Bytes(string line, string name) =>
        line.StartsWith(name, StringComparison.Ordinal) && line.EndsWith(" kB", StringComparison.Ordinal)
            && long.TryParse(line.AsSpan(name.Length, line.Length - name.Length - 3), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out long kibibytes)
            ? kibibytes * 1024
            : null;

    /// <summary>A range of addresses.</summary>
    /// <param name="Start">Its first address.</param>
    /// <param name="End">The address behind it.</param>
    /// <param name="IsReadOnly">True if it is private and cannot be written.</param>
    /// <param name="File">What it shows; empty for memory without a file.</param>
    internal sealed record Mapping(nuint Start, nuint End, bool IsReadOnly, string File)
    {
        private const int PartsOfHead = 6; // addresses, rights, offset, device, inode, file

        public long ResidentBytes { get; init; }

        /// <summary>Bytes of resident pages that are not the file's; unknown counts as some.</summary>
        public long OwnBytes { get; init; } = -1;

        /// <summary>Bytes of pages that are not the file's and wait in swap; unknown counts as some.</summary>
        public long SwappedBytes { get; init; } = -1;

        /// <summary>True if it shows nothing but bytes of that file.</summary>
        public bool IsOf(string file) => IsReadOnly && OwnBytes == 0 && SwappedBytes == 0 && File == file;

        /// <summary>Reads such as <c>55d0c0a00000-55d0c0c00000 r-xp 00021000 fe:00 1234    /usr/bin/fcpfast</c>; null for another line.</summary>
        public static Mapping? Parse(string line)
        {
            if (line.Length == 0 || !char.IsAsciiHexDigitLower(line[0])) return null; // properties begin with a capital
            string[] parts = line.Split(' ', PartsOfHead, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (parts.Length < PartsOfHead - 1 || parts[1].Length != 4) return null;
            string[] places = parts[0].Split('-');
            bool isPlace = places.Length == 2
                & nuint.TryParse(places[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out nuint start)
                & nuint.TryParse(places[^1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out nuint end);
            return isPlace && start < end ? new Mapping(start, end, parts[1][0] == 'r' && parts[1][1] == '-' && parts[1][3] == 'p', parts.Length < PartsOfHead ? "" : parts[5]) : null;
        }
    }
}
