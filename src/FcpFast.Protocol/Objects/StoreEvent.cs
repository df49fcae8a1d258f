using System;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Objects;

/// <summary>One answer of a store.</summary>
/// <param name="Kind">To what.</param>
/// <param name="Handle">The file's handle.</param>
/// <param name="Status"><c>Accepted</c>, or <c>StorageFailed</c>.</param>
/// <param name="Token">For <see cref="StoreEventKind.Written"/>, the token given; for <see cref="StoreEventKind.Inspected"/>, the segment.</param>
/// <param name="Done">For <see cref="StoreEventKind.Opened"/>, segments that are complete on disk, verified.</param>
/// <param name="Bitmap">For <see cref="StoreEventKind.Inspected"/>, the chunks that are on disk, verified.</param>
/// <param name="Detail">For a failure, what happened and where, in words.</param>
public readonly record struct StoreEvent(
    StoreEventKind Kind, long Handle, FcpStatus Status, ulong Token = 0, SegmentRange[]? Done = null, ReadOnlyMemory<byte> Bitmap = default,
    string? Detail = null);
