using System;
using System.Collections.Generic;

namespace FcpFast.Mls;

/// <summary>What a commit would do, for the application's judgement; the protocol's rules have passed, secrets are not yet derived.</summary>
/// <param name="Epoch">The epoch that it ends.</param>
/// <param name="Committer">Who made it, as before.</param>
/// <param name="AuthenticatedData">What the application put beside it.</param>
/// <param name="HasPath">False for a commit that heals nothing.</param>
/// <param name="Added">Those who join, at their new places.</param>
/// <param name="Removed">Those who leave, at their old places.</param>
/// <param name="Updated">Those whose leaf is replaced, the committer's by its path among them, with the new content.</param>
/// <param name="ChangesExtensions">True if the group's extensions change.</param>
public sealed record MlsCommitSummary(
    ulong Epoch, MlsMember Committer, ReadOnlyMemory<byte> AuthenticatedData, bool HasPath, IReadOnlyList<MlsMember> Added,
    IReadOnlyList<MlsMember> Removed, IReadOnlyList<MlsMember> Updated, bool ChangesExtensions);
