using System;
using System.Globalization;
using System.IO;
using System.Linq;

namespace FcpFast.Control.Tests.Support;

/// <summary>Looks for secrets in this process's memory. They are given masked, so that the search finds nothing of its own.</summary>
internal static class MemorySearch
{
    public static byte[] Masked(byte[] bytes, byte[] mask) => [.. bytes.Zip(mask, static (b, m) => (byte)(b ^ m))];

    /// <summary>Looks through every writable page of this process for bytes that are given masked; its own buffer is left out.</summary>
    public static bool Finds(byte[] masked, byte[] mask)
    {
        byte[] buffer = GC.AllocateArray<byte>(1 << 20, pinned: true);
        using FileStream memory = new("/proc/self/mem", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        foreach (string line in File.ReadAllLines("/proc/self/maps"))
        {
            string[] parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (!parts[1].StartsWith("rw", StringComparison.Ordinal)) continue;
            string[] range = parts[0].Split('-');
            long from = long.Parse(range[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture), to = long.Parse(range[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            for (long at = from; at < to; at += buffer.Length - mask.Length)
            {
                int read;
                try
                {
                    memory.Position = at;
                    read = memory.Read(buffer, 0, (int)Math.Min(buffer.Length, to - at));
                }
                catch (IOException)
                {
                    break; // a guard page
                }

                bool found = Contains(buffer.AsSpan(0, read), masked, mask);
                buffer.AsSpan().Clear(); // or the next search would find it here
                if (found) return true;
            }
        }

        return false;
    }

    private static bool Contains(ReadOnlySpan<byte> bytes, byte[] masked, byte[] mask)
    {
        byte first = (byte)(masked[0] ^ mask[0]);
        for (int at = bytes.IndexOf(first); at >= 0 && at + mask.Length <= bytes.Length;)
        {
            int i = 1;
            while (i < mask.Length && bytes[at + i] == (byte)(masked[i] ^ mask[i])) i++;
            if (i == mask.Length) return true;
            int next = bytes[(at + 1)..].IndexOf(first);
            if (next < 0) return false;
            at += 1 + next;
        }

        return false;
    }
}
