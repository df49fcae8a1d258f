using System;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Objects;

/// <summary>A segment that was read and hashed.</summary>
/// <param name="File">Its file.</param>
/// <param name="Index">Its number.</param>
/// <param name="SymbolBytes">The symbols that it is laid out for.</param>
/// <param name="Slot">The slot that holds it; to be given back.</param>
/// <param name="Offset">Where its first chunk starts in the source's memory.</param>
/// <param name="KeyId">The key of its chunk ids.</param>
/// <param name="Manifest">Its manifest, as a bare map.</param>
/// <param name="FailureDetail">Null; or what went wrong and where, in words, and then nothing else counts but <paramref name="File"/>.</param>
public readonly record struct PreparedSegment(
    OutgoingFile File, ulong Index, int SymbolBytes, int Slot, int Offset, ObjectIdKeyId KeyId, ReadOnlyMemory<byte> Manifest,
    string? FailureDetail = null);
