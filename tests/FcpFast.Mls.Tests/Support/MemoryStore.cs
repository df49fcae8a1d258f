using System;

namespace FcpFast.Mls.Tests.Support;

/// <summary>A store that keeps its last record, and can die: then the writes after so many are lost, or the process stops behind one.</summary>
internal sealed class MemoryStore : IMlsGroupStore
{
    public byte[]? Record { get; private set; }

    public int Writes { get; private set; }

    /// <summary>Writes that succeed; after them every write says that nothing was written.</summary>
    public int WritesLeft { get; set; } = int.MaxValue;

    /// <summary>The process dies at this write, counted from 0: before it if the next is false, behind it if true. Negative: never.</summary>
    public int DiesAt { get; set; } = -1;

    public bool DiesBehind { get; set; }

    public bool Write(ReadOnlySpan<byte> record)
    {
        bool dies = Writes++ == DiesAt;
        if (dies && !DiesBehind) throw new ProcessDiedException();
        if (WritesLeft == 0) return false;
        WritesLeft--;
        Record = record.ToArray();
        if (dies) throw new ProcessDiedException();
        return true;
    }

    /// <summary>Stands for the end of a process: nothing in memory counts any more.</summary>
    internal sealed class ProcessDiedException : Exception;
}
