using System;
using System.Buffers;
using FcpFast.Files;

namespace FcpFast.Objects;

/// <summary>An object in memory that is sent; its memory is the application's.</summary>
internal sealed class MemoryContent(string name, ReadOnlySequence<byte> bytes, ulong madeUnixNanoseconds) : OutgoingContent
{
    public override string Where => $"object '{name}'";

    public override ulong SizeBytes => (ulong)bytes.Length;

    public override ulong ModifiedUnixNanoseconds => madeUnixNanoseconds;

    public override void RequireUnchanged()
    {
        // the application has promised it, and every chunk goes out under the id of the bytes that were read
    }

    public override void Read(Span<byte> into, ulong offset) => bytes.Slice((long)offset, into.Length).CopyTo(into);

    public override void Dispose()
    {
        // the application's
    }
}
