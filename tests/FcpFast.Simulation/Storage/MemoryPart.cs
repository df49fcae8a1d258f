using System.Collections.Generic;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;

namespace FcpFast.Simulation.Storage;

/// <summary>A file that is not whole yet, and the list of its complete segments with their hashes.</summary>
internal sealed record MemoryPart(string Name, FileShape Shape, byte[] Bytes)
{
    public List<(ulong Index, Bytes32 Hash)> Journal { get; } = [];

    public bool Is(IncomingFile file) => Name == file.Name && Shape == file.Shape;
}
