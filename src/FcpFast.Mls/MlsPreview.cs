using System;
using FcpFast.Mls.Groups;

namespace FcpFast.Mls;

/// <summary>The epoch that a commit would begin, looked at and not entered. Disposing erases what it derived.</summary>
/// <remarks>Threads: one user at a time; no longer than the group stays in its epoch.</remarks>
public sealed class MlsPreview : IDisposable
{
    private readonly GroupState _next;
    private readonly GroupState? _present;

    internal MlsPreview(GroupState next, GroupState? present, uint committer)
    {
        _next = next;
        _present = present;
        Committer = committer;
    }

    /// <summary>The leaf that made the commit.</summary>
    public uint Committer { get; }

    /// <summary>The epoch.</summary>
    public ulong Epoch => _next.Context.Epoch;

    /// <summary>A secret of that epoch.</summary>
    /// <remarks>Source: [RFC 9420 §8.5].</remarks>
    public void Export(ReadOnlySpan<byte> label, ReadOnlySpan<byte> context, Span<byte> output) => _next.Export(label, context, output);

    /// <summary>Erases the epoch, unless it is that of the group's own waiting commit.</summary>
    public void Dispose()
    {
        if (_present is not null) _next.EraseAllBut(_present);
    }
}
