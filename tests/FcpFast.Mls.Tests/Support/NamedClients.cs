using System;

namespace FcpFast.Mls.Tests.Support;

/// <summary>Vouches for every identity that begins with "client"; what follows a slash is a revision of it.</summary>
internal sealed class NamedClients : IMlsCredentials
{
    public bool Vouches(ReadOnlySpan<byte> identity, ReadOnlySpan<byte> signatureKey) => identity.StartsWith("client"u8);

    public ReadOnlyMemory<byte> ClientOf(ReadOnlyMemory<byte> identity)
    {
        int slash = identity.Span.IndexOf((byte)'/');
        return slash < 0 ? identity : identity[..slash];
    }
}
