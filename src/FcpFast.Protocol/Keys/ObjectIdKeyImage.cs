using System;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Keys;

/// <summary>An object-id key as it is stored or handed over.</summary>
/// <param name="Id">Its id.</param>
/// <param name="ErasedAtUnixSeconds">When it stops to serve; null while it is the newest.</param>
/// <param name="Key">A copy of the key.</param>
public sealed record ObjectIdKeyImage(ObjectIdKeyId Id, ulong? ErasedAtUnixSeconds, SecretKey Key) : IDisposable
{
    /// <summary>Erases the copy.</summary>
    public void Dispose() => Key.Dispose();
}
