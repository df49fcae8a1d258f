using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;

namespace FcpFast.Tests.Secrets;

/// <summary>Collects the secrets that lie in guarded memory, and looks for them everywhere in a process and in files.</summary>
/// <remarks>
/// Shape:  a secret is known by its first 16 bytes, kept under a mask, so that the search finds nothing of its own. Guarded memory is what is
///         left out of dumps; whatever lies in it in slots of 32 bytes is a secret, named or not: session keys, subkeys, zone keys, seeds.
/// Source: [REPLAY §5.1].
/// </remarks>
/// <param name="process">The process's number, or <c>self</c>. Another one's memory may only be read by who may trace it.</param>
internal sealed class SecretScan(string process = "self") : IDisposable
{
    private const int ChunkBytes = 64 * 1024;
    private const int KnownBytes = 16;
    private const int SlotBytes = 32;
    private const ulong Mask = 0x5a3c_96e1_0f78_d2b4;

    private readonly SafeFileHandle _memory = File.OpenHandle($"/proc/{process}/mem");
    private readonly byte[] _chunk = GC.AllocateArray<byte>(ChunkBytes + KnownBytes, pinned: true);

    /// <summary>A secret's first 16 bytes, under the mask.</summary>
    internal readonly record struct Known(ulong First, ulong Second);

    public void Dispose() => _memory.Dispose();

    /// <summary>What lies in guarded memory now, and whether all of it is locked.</summary>
    public HashSet<Known> Harvest(out bool isAllLocked)
    {
        isAllLocked = true;
        var found = new HashSet<Known>();
        foreach (MemoryRegion region in MemoryRegion.ReadAll(process).Where(static region => region is { IsReadable: true, IsLeftOutOfDumps: true }))
        {
            bool any = false;
            for (ulong at = region.Start; at < region.End; at += ChunkBytes)
            {
                int bytes = Read(at, (int)Math.Min(ChunkBytes, region.End - at));
                for (int slot = 0; slot + SlotBytes <= bytes; slot += SlotBytes)
                {
                    if (IsSecret(_chunk.AsSpan(slot, SlotBytes)))
                    {
                        found.Add(KnownAt(slot));
                        any = true;
                    }
                }
            }

            isAllLocked &= !any || region.IsLocked;
        }

        _chunk.AsSpan().Clear();
        return found;
    }

    /// <summary>Where secrets lie, outside of regions that do not count: how many in each.</summary>
    public List<string> Find(IReadOnlySet<Known> secrets, Func<MemoryRegion, bool> counts)
    {
        bool[] heads = HeadsOf(secrets);
        var found = new List<string>();
        foreach (MemoryRegion region in MemoryRegion.ReadAll(process).Where(region => region.IsReadable && region.Name != "[vvar]" && region.Name != "[vsyscall]" && counts(region)))
        {
            int hits = 0;
            for (ulong at = region.Start; at < region.End; at += ChunkBytes)
            {
                int bytes = Read(at, (int)Math.Min(ChunkBytes + KnownBytes, region.End - at)); // chunks overlap by a secret
                hits += Count(bytes, secrets, heads);
            }

            if (hits > 0) found.Add($"{hits} at {region}");
        }

        _chunk.AsSpan().Clear();
        return found;
    }

    /// <summary>Which files below a folder hold secrets.</summary>
    public List<string> FindInFiles(string folder, IReadOnlySet<Known> secrets)
    {
        bool[] heads = HeadsOf(secrets);
        var found = new List<string>();
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            byte[] bytes = File.ReadAllBytes(file);
            for (int at = 0; at < bytes.Length; at += ChunkBytes)
            {
                int part = Math.Min(_chunk.Length, bytes.Length - at);
                bytes.AsSpan(at, part).CopyTo(_chunk);
                if (Count(part, secrets, heads) > 0) found.Add(file);
            }
        }

        _chunk.AsSpan().Clear();
        return found;
    }

    private static bool[] HeadsOf(IReadOnlySet<Known> secrets)
    {
        bool[] heads = new bool[1 << 16];
        foreach (Known known in secrets) heads[(int)(known.First & ushort.MaxValue)] = true;
        return heads;
    }

    /// <summary>Neither zero, nor the filling of memory that was never used, nor a few bytes of anything.</summary>
    private static bool IsSecret(ReadOnlySpan<byte> slot)
    {
        int different = 0;
        Span<bool> seen = stackalloc bool[256];
        foreach (byte value in slot[..KnownBytes])
        {
            if (!seen[value]) different++;
            seen[value] = true;
        }

        return different > KnownBytes / 2;
    }

    /// <summary>Reads memory of the process; the chunk is empty before, so that reading it finds nothing from before.</summary>
    private int Read(ulong address, int bytes)
    {
        _chunk.AsSpan().Clear();
        try
        {
            return RandomAccess.Read(_memory, _chunk.AsSpan(0, bytes), (long)address);
        }
        catch (IOException)
        {
            return 0; // it is gone, or nothing stands behind it
        }
    }

    private Known KnownAt(int at) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(_chunk.AsSpan(at)) ^ Mask, BinaryPrimitives.ReadUInt64LittleEndian(_chunk.AsSpan(at + sizeof(ulong))) ^ Mask);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Count(int bytes, IReadOnlySet<Known> secrets, bool[] heads)
    {
        int hits = 0;
        ReadOnlySpan<byte> chunk = _chunk;
        for (int at = 0; at + KnownBytes <= bytes && at < ChunkBytes; at++)
        {
            ushort head = (ushort)((chunk[at] | (chunk[at + 1] << 8)) ^ (ushort)(Mask & ushort.MaxValue));
            if (heads[head] && secrets.Contains(KnownAt(at))) hits++;
        }

        return hits;
    }
}
