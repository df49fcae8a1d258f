using System;

namespace FcpFast.Tool.Bench.Load;

/// <summary>What a load's receiver does with the slabs that arrive.</summary>
internal abstract class LoadTarget : IDisposable
{
    /// <summary>Frames that went through everything.</summary>
    public abstract long Frames { get; }

    /// <summary>Payload that was delivered.</summary>
    public abstract long PayloadBytes { get; }

    /// <summary>Frames that did not verify.</summary>
    public virtual long Forged => 0;

    /// <summary>When the first frame of the last slab was sealed, by the system's monotonic clock; 0 if that is not known.</summary>
    public virtual long SealedTimestamp => 0;

    /// <summary>Takes a slab; overwrites it.</summary>
    public abstract void Take(Span<byte> slab, int datagramBytes);

    /// <inheritdoc/>
    public void Dispose() => Release();

    /// <summary>Erases keys.</summary>
    protected abstract void Release();
}
