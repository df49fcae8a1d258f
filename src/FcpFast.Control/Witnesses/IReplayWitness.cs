using System;
using FcpFast.Control.Store;

namespace FcpFast.Control.Witnesses;

/// <summary>Knows how far a node's store had come, from somewhere that is not put back together with the store's disk.</summary>
/// <remarks>
/// Shape:   what was written is what is read afterwards, also after a crash; the later of two writes if it was told.
/// Errors:  <see cref="StateStoreException"/>.
/// Threads: one user at a time.
/// Source:  [REPLAY §5.5].
/// </remarks>
public interface IReplayWitness : IDisposable
{
    /// <summary>The mark written last; null if there is none.</summary>
    StoreMark? Read();

    /// <summary>Writes a mark durably, before anything that it covers is used.</summary>
    void Write(StoreMark mark);
}
