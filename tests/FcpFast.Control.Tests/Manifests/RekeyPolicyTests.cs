using System;
using FcpFast.Control.Manifests;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Control.Tests.Manifests;

/// <summary>[WIRE §11.3]: presence, defaults and bounds.</summary>
public sealed class RekeyPolicyTests
{
    [Fact]
    public void Default_WithoutNumbers_HasTheDefaults()
    {
        Assert.False(RekeyPolicy.Default.EpochRatchet);
        Assert.Equal(300ul, RekeyPolicy.Default.OverlapSeconds);
        Assert.Equal(2u, RekeyPolicy.Default.EpochsRetained);
        Assert.True(RekeyPolicy.Default.IsValid);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(0ul, 0u)]
    [InlineData(86_400ul, 4096u)]
    [InlineData(600ul, null)]
    [InlineData(null, 5u)]
    public void Parse_WhatWasWritten_IsTheSame(ulong? overlap, uint? retained)
    {
        var policy = new RekeyPolicy
        {
            EpochRatchet = true,
            OverlapWindowSeconds = overlap,
            RetainEpochs = retained,
            RotateObjectIdKeyOnMembershipChange = true,
        };
        Assert.Equal(FcpStatus.Accepted, RekeyPolicy.Parse(Write(policy), out RekeyPolicy? parsed));
        Assert.Equal(policy, parsed);
    }

    [Theory]
    [InlineData(86_401ul, null)]
    [InlineData(ulong.MaxValue, null)]
    [InlineData(null, 4097u)]
    [InlineData(null, uint.MaxValue)]
    public void Parse_BeyondABound_IsInvalid(ulong? overlap, uint? retained) => Assert.Equal(
        FcpStatus.InvalidRekeyPolicy,
        RekeyPolicy.Parse(Write(new RekeyPolicy { OverlapWindowSeconds = overlap, RetainEpochs = retained }), out _));

    [Fact]
    public void Parse_RetainEpochsOfMoreThan32Bits_IsNotTheShape()
    {
        byte[] bytes = Write(new RekeyPolicy { RetainEpochs = uint.MaxValue });
        int at = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x1a, 0xff, 0xff, 0xff, 0xff]);
        byte[] wider = [.. bytes[..at], 0x1b, 0, 0, 0, 1, 0, 0, 0, 0, .. bytes[(at + 5)..]];
        Assert.Equal(FcpStatus.CborDeserialize, RekeyPolicy.Parse(wider, out _));
    }

    private static byte[] Write(RekeyPolicy policy)
    {
        var writer = new CborWriter();
        policy.Write(writer);
        return writer.ToArray();
    }
}
