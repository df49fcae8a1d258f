using System;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Protocol.Tests.Support;

/// <summary>The seams bound to libsodium, with a generator that can be repeated and a vault that remembers what it held.</summary>
internal sealed class RealCrypto : IRandomSource
{
    private static readonly CryptoProvider Libsodium = LibsodiumGate.Open();

    private readonly Random _random;

    public RealCrypto(int seed = 1)
        : this(new Random(seed))
    {
    }

    public RealCrypto(Random random)
    {
        _random = random;
        Provider = Libsodium with { Random = this, Vault = Vault };
    }

    public CryptoProvider Provider { get; }

    public RecordingVault Vault { get; } = new();

    public void Fill(Span<byte> bytes) => _random.NextBytes(bytes);
}
