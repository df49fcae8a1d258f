using System;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Protocol.Tests.Support;

/// <summary>A crypto provider without native code: derivations and a recorded vault; what this room never needs throws.</summary>
internal sealed class TestCrypto : IRandomSource, IKeyExchange, ISignatures, IPasswordKdf
{
    public TestCrypto() => Provider = new CryptoProvider(this, Kdf, this, this, Vault, new ReferenceAead(), default(PortableMac), this);

    public ManagedKdf Kdf { get; } = new();

    public RecordingVault Vault { get; } = new();

    public CryptoProvider Provider { get; }

    /// <summary>Where random bytes come from; none by default.</summary>
    public Random? Random { get; set; }

    /// <summary>True for a generator that gives nothing but zeroes, as a broken one or a twin's may.</summary>
    public bool IsRandomStuck { get; init; }

    public void Fill(Span<byte> bytes)
    {
        if (IsRandomStuck) bytes.Clear();
        else (Random ?? throw new NotSupportedException()).NextBytes(bytes);
    }

    void IKeyExchange.DerivePublicKey(ReadOnlySpan<byte> secret, Span<byte> publicKey) => throw new NotSupportedException();

    public bool TryAgree(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> peerPublicKey, Span<byte> sharedSecret) => throw new NotSupportedException();

    void ISignatures.DerivePublicKey(ReadOnlySpan<byte> seed, Span<byte> publicKey) => throw new NotSupportedException();

    public void Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message, Span<byte> signature) => throw new NotSupportedException();

    public bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => throw new NotSupportedException();

    void IPasswordKdf.Derive(ReadOnlySpan<byte> passphrase, ReadOnlySpan<byte> salt, PasswordCost cost, Span<byte> key) => throw new NotSupportedException();
}
