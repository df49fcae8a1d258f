using System;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Keys;

/// <summary>The key of a zone's object ids.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Key">Its 32 bytes.</param>
/// <remarks>Source: [WIRE §2.5], [WIRE §12.1].</remarks>
public sealed record ObjectIdKey(ObjectIdKeyId Id, SecretKey Key) : IDisposable
{
    /// <summary>When it stops to serve running transfers; null while it is the newest.</summary>
    public ulong? ErasedAtUnixSeconds { get; internal set; }

    /// <summary>Erases the key.</summary>
    public void Dispose() => Key.Dispose();
}
