using System;
using System.Buffers;
using FcpFast.Objects;
using FcpFast.Protocol.Ids;

namespace FcpFast;

/// <summary>An object that has come in whole, each of its chunks verified.</summary>
/// <remarks>
/// Shape:   its memory comes from a pool and counts towards <see cref="FcpObjectOptions.MemoryBytesMax"/> until it is disposed of.
/// Threads: one at a time.
/// </remarks>
public sealed class FcpObject : IDisposable
{
    private ObjectMemory? _memory;

    internal FcpObject(ObjectMemory memory)
    {
        _memory = memory;
        Name = memory.File.Name;
        Source = memory.File.Source;
        Zone = memory.File.Zone.Zone;
        Id = memory.File.Id;
        Content = memory.ToSequence();
    }

    /// <summary>What its source calls it: one path component, chosen by a member of the zone and by nobody else judged.</summary>
    public string Name { get; }

    /// <summary>The member that sealed it.</summary>
    public NodeId Source { get; }

    /// <summary>The zone whose key sealed it.</summary>
    public ZoneId Zone { get; }

    /// <summary>Its transfer, unique at the source.</summary>
    public TransferId Id { get; }

    /// <summary>Its bytes, valid until it is disposed of; <c>PipeReader.Create(Content)</c> reads them as a pipe.</summary>
    public ReadOnlySequence<byte> Content { get; private set; }

    /// <summary>Erases the bytes and gives their memory back.</summary>
    public void Dispose()
    {
        Content = default;
        _memory?.Dispose();
        _memory = null;
    }
}
