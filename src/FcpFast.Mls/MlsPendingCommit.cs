using System;
using FcpFast.Mls.Groups;

namespace FcpFast.Mls;

/// <summary>A commit that this member has made and that waits to be ordered.</summary>
/// <remarks>Shape: belongs to its group, which merges or drops it.</remarks>
public sealed class MlsPendingCommit
{
    internal MlsPendingCommit(byte[] message, byte[] welcome, GroupState next)
    {
        Message = message;
        Welcome = welcome;
        Next = next;
    }

    /// <summary>The commit, for every member.</summary>
    public ReadOnlyMemory<byte> Message { get; }

    /// <summary>The Welcome for those who join; empty if nobody does.</summary>
    public ReadOnlyMemory<byte> Welcome { get; }

    /// <summary>The epoch that it begins.</summary>
    public ulong Epoch => Next.Context.Epoch;

    internal GroupState Next { get; }
}
