using System;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Protocol.Tests.Support;

/// <summary>A crypto provider without native code: derivations and a recorded vault; what this room never needs throws.</summary>
internal sealed class TestCrypto : IRandomSource, IKeyExchange, ISignatures
{
    public TestCrypto() => Provider = new CryptoProvider(this, Kdf, this, this, Vault, new ReferenceAead(), default(PortableMac));

    public ManagedKdf Kdf { get; } = new();

    public RecordingVault Vault { get; } = new();

    public CryptoProvider Provider { get; }

    public void Fill(Span<byte> bytes) => throw new NotSupportedException();

    void IKeyExchange.DerivePublicKey(ReadOnlySpan<byte> secret, Span<byte> publicKey) => throw new NotSupportedException();

    public bool TryAgree(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> peerPublicKey, Span<byte> sharedSecret) => throw new NotSupportedException();

    void ISignatures.DerivePublicKey(ReadOnlySpan<byte> seed, Span<byte> publicKey) => throw new NotSupportedException();

    public void Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message, Span<byte> signature) => throw new NotSupportedException();

    public bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => throw new NotSupportedException();
}
