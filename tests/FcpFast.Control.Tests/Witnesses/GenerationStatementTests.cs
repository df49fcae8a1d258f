using System;
using FcpFast.Control.Tests.Support;
using FcpFast.Control.Witnesses;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Control.Tests.Witnesses;

/// <summary>[REPLAY §5.5]: what a node says of its own start.</summary>
public sealed class GenerationStatementTests : IDisposable
{
    private readonly TestZone _zone = new();

    public void Dispose() => _zone.Dispose();

    [Fact]
    public void Parse_AsSigned_SaysTheSameAndVerifiesForThisNodeAlone()
    {
        GenerationStatement made = Make();
        Assert.Equal(FcpStatus.Accepted, GenerationStatement.Parse(made.Encoded.Span, out GenerationStatement? read));
        Assert.Equal((made.Node, 7ul, TestZone.Now, made.Nonce), (read!.Node, read.Generation, read.StartedAtUnixSeconds, read.Nonce));
        Assert.True(read.Verifies(_zone.Keys.Public.Signing, _zone.Crypto.Signatures));
        Assert.False(read.Verifies(_zone.OtherKeys.Public.Signing, _zone.Crypto.Signatures));
        Assert.NotEqual(made.Nonce, Make().Nonce);
    }

    [Fact]
    public void Verifies_AnyBitChanged_IsFalse()
    {
        foreach ((int position, byte[] flipped) in TestZone.Flips(Make().Encoded.ToArray()))
        {
            if (GenerationStatement.Parse(flipped, out GenerationStatement? read) != FcpStatus.Accepted) continue;
            Assert.False(read!.Verifies(_zone.Keys.Public.Signing, _zone.Crypto.Signatures), $"byte {position}");
        }
    }

    [Fact]
    public void Parse_GenerationZero_IsRefused() => Assert.Equal(
        FcpStatus.InvalidGeneration,
        GenerationStatement.Parse(GenerationStatement.Sign(_zone.Node, _zone.Keys, 0, TestZone.Now, _zone.Crypto).Encoded.Span, out _));

    private GenerationStatement Make() => GenerationStatement.Sign(_zone.Node, _zone.Keys, 7, TestZone.Now, _zone.Crypto);
}
