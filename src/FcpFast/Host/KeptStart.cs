using System;
using System.IO;
using FcpFast.Control.Store;
using FcpFast.Control.Witnesses;
using FcpFast.Protocol.Replay;

namespace FcpFast.Host;

/// <summary>The start of a node that keeps its sessions (mode M1): whether what the disk holds of them may be believed.</summary>
/// <remarks>Source: [REPLAY §5.5], [REPLAY §6.2].</remarks>
internal sealed class KeptStart : IDisposable
{
    private KeptStart(IReplayWitness witness, StoreMark stored)
    {
        Witness = witness;
        StoreMark? known = witness.Read();
        if (known is not { } mark) return; // nobody can tell how old this disk is: nothing of it is believed, this once
        IsRolledBack = stored.IsBehind(mark);
        IsBelieved = !IsRolledBack;
        Generation = mark.Generation;
    }

    /// <summary>The witness; told of every group of records from now on.</summary>
    public IReplayWitness Witness { get; }

    /// <summary>The generation that it knows; 0 for none.</summary>
    public ulong Generation { get; }

    /// <summary>True if the disk is in a state that is older than one the witness knows.</summary>
    public bool IsRolledBack { get; }

    /// <summary>True if the sessions on the disk may go on.</summary>
    public bool IsBelieved { get; }

    /// <summary>Asks the witness, before this start is marked; null in mode M0.</summary>
    /// <exception cref="StateStoreException">There is no witness that could be one.</exception>
    public static KeptStart? Open(FcpEndpointOptions options, StateStore store)
    {
        if (options.ReplayMode != ReplayMode.M1) return null;
        string path = Path.GetFullPath(options.Witness!);
        if (Mounts.Read() is { } mounts && mounts.AreTogether(path, options.StateFolder))
        {
            throw new StateStoreException(
                path, $"as a witness of {options.StateFolder} it has to lie on another file system: a disk that is put back would bring both back",
                "name a file on another one with --witness, such as /run/fcpfast/NODE.witness (a memory file system is one), or go on in mode m0");
        }

        var file = new WitnessFile(path);
        try
        {
            StoreMark stored = store.Mark;
            if (file.Read() is not { } mark || mark.StoreId == stored.StoreId) return new KeptStart(file, stored);
            throw new StateStoreException(path, "it is the witness of another store", "name a file of this node alone, or delete this one if that node is gone");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>This start is marked: the witness hears of it before anything is sent.</summary>
    public void Begun(StateStore store) => Witness.Write(store.Mark);

    public void Dispose() => Witness.Dispose();
}
