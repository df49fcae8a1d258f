using System;
using System.Runtime.InteropServices;
using FcpFast.Protocol.Batch;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Interop.Memory;

/// <summary>64 KiB that the garbage collector never moves: what one system call fills or empties.</summary>
/// <remarks>
/// Shape:   as long as the longest run of datagrams that the kernel hands over or takes at once, and a little more.
/// Threads: one holder at a time.
/// Cost:    made at start on the pinned object heap; no <c>fixed</c> and no handle when it is used.
/// </remarks>
public sealed class PinnedSlab
{
    /// <summary>Bytes of a slab.</summary>
    public const int SlabBytes = BatchLimits.SlabBytes;

    private const byte Poison = 0xDD;

    private readonly byte[] _bytes = GC.AllocateArray<byte>(SlabBytes, pinned: true); // zeroed: a slab never shows what lay there before

    internal PinnedSlab(PinnedSlabPool pool) => Pool = pool;

    /// <summary>All of it.</summary>
    public Span<byte> Span => _bytes;

    /// <summary>All of it.</summary>
    public Memory<byte> Memory => _bytes;

    internal PinnedSlabPool Pool { get; }

    /// <summary>True between <see cref="PinnedSlabPool.TryRent"/> and <see cref="PinnedSlabPool.Return"/>; the pool's own mark.</summary>
    internal bool IsRented { get; set; }

    /// <summary>Where it lies, for as long as this object is reachable.</summary>
    internal nint Address => Marshal.UnsafeAddrOfPinnedArrayElement(_bytes, 0);

    /// <summary>Debug: makes a use after the return visible.</summary>
    internal void Spoil() => _bytes.AsSpan().Fill(Poison);

    /// <summary>Debug: stops if somebody wrote to the slab after its return.</summary>
    internal void RequireSpoilt() => Invariant.Require(!_bytes.AsSpan().ContainsAnyExcept(Poison), "nobody writes to a slab after its return");
}
