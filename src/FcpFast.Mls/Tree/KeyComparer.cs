using System;
using System.Collections.Generic;

namespace FcpFast.Mls.Tree;

/// <summary>Compares public byte strings by content; not for secrets.</summary>
internal sealed class KeyComparer : IEqualityComparer<byte[]>
{
    public static KeyComparer Instance { get; } = new();

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(byte[] obj)
    {
        HashCode hash = default;
        hash.AddBytes(obj);
        return hash.ToHashCode();
    }
}
