using System;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Threading;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Interop.Memory;

/// <summary>The slabs of a shard, all made at start.</summary>
/// <remarks>
/// Shape:   <see cref="Slabs"/> slabs of <see cref="PinnedSlab.SlabBytes"/>; when all are out, renting fails and nothing is added.
/// Errors:  <see cref="InvalidOperationException"/> for a slab that is returned twice or elsewhere; in Debug builds also for a slab that was
///          written to after its return, and on <see cref="Dispose"/> for slabs that are still out.
/// Threads: any.
/// Cost:    an uncontended lock a rent or return, which stands for up to 64 datagrams; no allocation.
/// </remarks>
public sealed class PinnedSlabPool : IDisposable
{
    /// <summary>The most slabs of one pool: 1 GiB.</summary>
    public const int SlabsMax = 16_384;

    private readonly Lock _gate = new();
    private readonly PinnedSlab[] _free;
    private int _available;

    /// <summary>Makes <paramref name="slabs"/> slabs.</summary>
    public PinnedSlabPool(int slabs)
    {
        if (slabs is < 1 or > SlabsMax) ThrowHelper.BadArgument(nameof(slabs), "a pool has 1 to 16,384 slabs");
        _free = new PinnedSlab[slabs];
        for (int i = 0; i < slabs; i++)
        {
            _free[i] = new PinnedSlab(this);
            SpoilInDebug(_free[i]);
        }

        _available = slabs;
    }

    /// <summary>How many there are.</summary>
    public int Slabs => _free.Length;

    /// <summary>How many are not rented.</summary>
    public int Available => Volatile.Read(ref _available);

    /// <summary>Takes a slab; false when all are out.</summary>
    /// <remarks>Shape: its content is undefined.</remarks>
    public bool TryRent([NotNullWhen(true)] out PinnedSlab? slab)
    {
        lock (_gate)
        {
            if (_available == 0)
            {
                slab = null;
                return false;
            }

            slab = _free[--_available];
            slab.IsRented = true;
        }

        RequireSpoiltInDebug(slab);
        return true;
    }

    /// <summary>Gives a slab back; its holder must not touch it again.</summary>
    public void Return(PinnedSlab slab)
    {
        ArgumentNullException.ThrowIfNull(slab);
        Invariant.Require(ReferenceEquals(slab.Pool, this), "a slab goes back to its own pool");
        lock (_gate)
        {
            Invariant.Require(slab.IsRented, "a slab is returned once");
            SpoilInDebug(slab); // before another thread can rent it
            slab.IsRented = false;
            _free[_available++] = slab;
        }
    }

    /// <summary>Ends the pool's use; in Debug builds this is where a leak shows.</summary>
    public void Dispose() => RequireAllBack();

    [Conditional("DEBUG")]
    private static void SpoilInDebug(PinnedSlab slab) => slab.Spoil();

    [Conditional("DEBUG")]
    private static void RequireSpoiltInDebug(PinnedSlab slab) => slab.RequireSpoilt();

    [Conditional("DEBUG")]
    private void RequireAllBack()
    {
        int missing = Slabs - Available;
        Invariant.Require(missing == 0, string.Create(CultureInfo.InvariantCulture, $"every slab is returned ({missing} of {Slabs} are not)"));
    }
}
