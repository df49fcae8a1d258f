using System;
using System.Diagnostics.CodeAnalysis;
using FcpFast.Interop.Memory;
using Microsoft.Extensions.ObjectPool;

namespace FcpFast.Transport.Udp;

/// <summary>The slabs of a shard, for receiving and sending.</summary>
/// <remarks>
/// Shape:   a bounded <see cref="PinnedSlabPool"/> for the memory and an <see cref="ObjectPool{T}"/> for what is known of it, both filled at start.
/// Errors:  as <see cref="PinnedSlabPool"/>.
/// Threads: any.
/// Cost:    no allocation after the constructor.
/// </remarks>
public sealed class DatagramSlabPool : IDisposable
{
    private readonly PinnedSlabPool _memory;
    private readonly DefaultObjectPool<DatagramSlab> _objects;

    /// <summary>Makes <paramref name="slabs"/> slabs of 64 KiB.</summary>
    public DatagramSlabPool(int slabs)
    {
        _memory = new PinnedSlabPool(slabs);
        _objects = new DefaultObjectPool<DatagramSlab>(new Policy(this), slabs);
        var made = new DatagramSlab[slabs];
        for (int i = 0; i < slabs; i++) made[i] = _objects.Get();
        foreach (DatagramSlab slab in made) _objects.Return(slab);
    }

    /// <summary>How many slabs there are.</summary>
    public int Slabs => _memory.Slabs;

    /// <summary>How many are not rented.</summary>
    public int Available => _memory.Available;

    /// <summary>Takes an empty slab; false when all are out.</summary>
    public bool TryRent([NotNullWhen(true)] out DatagramSlab? slab)
    {
        slab = null;
        if (!_memory.TryRent(out PinnedSlab? memory)) return false;
        slab = _objects.Get();
        slab.Attach(memory);
        return true;
    }

    /// <summary>Ends the pool's use; in Debug builds this is where a leak shows.</summary>
    public void Dispose() => _memory.Dispose();

    internal void Return(DatagramSlab slab)
    {
        PinnedSlab memory = slab.Detach();
        _objects.Return(slab); // first the object: whoever gets the memory finds one
        _memory.Return(memory);
    }

    private sealed class Policy(DatagramSlabPool pool) : PooledObjectPolicy<DatagramSlab>
    {
        public override DatagramSlab Create() => new(pool);

        public override bool Return(DatagramSlab obj) => true;
    }
}
