using System;
using System.Collections.Generic;

namespace FcpFast.Mls;

/// <summary>What a commit is to do. An empty plan heals: it gives the committer fresh keys.</summary>
public sealed record MlsCommitPlan
{
    /// <summary>Key packages, as messages, of those who are to join.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Add { get; init; } = [];

    /// <summary>Leaves of those who are to leave.</summary>
    public IReadOnlyList<uint> Remove { get; init; } = [];

    /// <summary>Ids of external pre-shared keys that go into the next epoch.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Psks { get; init; } = [];

    /// <summary>What goes beside the commit, authenticated and readable by everyone on the way.</summary>
    public ReadOnlyMemory<byte> AuthenticatedData { get; init; }

    /// <summary>False leaves the proposals of others aside, to be proposed again.</summary>
    public bool TakesProposals { get; init; } = true;

    /// <summary>True leaves out the path where the protocol allows it: cheaper, and heals nothing.</summary>
    public bool OmitsPath { get; init; }

    /// <summary>True sends a commit that is signed and not encrypted.</summary>
    public bool IsPublic { get; init; }
}
