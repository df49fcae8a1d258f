using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using FcpFast.Files;
using FcpFast.Node;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Session;

namespace FcpFast.Host;

/// <summary>One shard of an endpoint: its thread, and everything that only this thread touches.</summary>
/// <remarks>Threads: as each part says; <see cref="Sends"/> is the shard's thread's own.</remarks>
internal sealed class Shard : IDisposable
{
    /// <summary>Which one, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Its thread and sockets.</summary>
    public required NodeHost Host { get; init; }

    /// <summary>Its peers' connections.</summary>
    public required StreamHost Streams { get; init; }

    /// <summary>The zones, with keys of its own.</summary>
    public required ZoneTable Zones { get; init; }

    /// <summary>The identities on file.</summary>
    public required PeerDirectory Directory { get; init; }

    /// <summary>Where what comes in is written.</summary>
    public required ITransferStore Store { get; init; }

    /// <summary>Where what goes out is read.</summary>
    public required SegmentSource Source { get; init; }

    /// <summary>Its sessions, windows and streams.</summary>
    public required INodeCore Core { get; init; }

    /// <summary>What is being sent to its peers.</summary>
    public Dictionary<OutgoingFile, FcpFileSend> Sends { get; } = [];

    /// <summary>Ends once it is being drained and nothing is under way.</summary>
    public TaskCompletionSource Drained { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>True once no new file is taken.</summary>
    public bool IsDraining { get; set; }

    /// <summary>Ends <see cref="Drained"/> once nothing is under way; whenever a file ends or a link changes.</summary>
    public void CheckDrained()
    {
        if (IsDraining && Sends.Count == 0 && Core.IncomingCount == 0) Drained.TrySetResult();
    }

    /// <summary>Ends what works beside the thread, which has ended, and erases the keys.</summary>
    public void Dispose()
    {
        (Store as IDisposable)?.Dispose();
        Source.Dispose();
        foreach (ZoneEntry zone in Zones.Zones) zone.Ring.Dispose();
    }
}
