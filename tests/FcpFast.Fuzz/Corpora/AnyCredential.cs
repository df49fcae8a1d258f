using System;
using FcpFast.Mls;

namespace FcpFast.Fuzz.Corpora;

/// <summary>Vouches for everyone: seeds need members, not an authority.</summary>
internal sealed class AnyCredential : IMlsCredentials
{
    public bool Vouches(ReadOnlySpan<byte> identity, ReadOnlySpan<byte> signatureKey) => true;

    public ReadOnlyMemory<byte> ClientOf(ReadOnlyMemory<byte> identity) => identity;
}
