using System;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Control.Tests.Support;

/// <summary>The generator of the tests: seeded, so that every run makes the same keys.</summary>
internal sealed class SeededRandom(int seed) : IRandomSource
{
    private readonly Random _random = new(seed);

    public void Fill(Span<byte> bytes) => _random.NextBytes(bytes);
}
