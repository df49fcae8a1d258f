using System;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Interop.Tests.Crypto;

/// <summary>[WIRE §10]: one box for one node; every failure looks alike and leaves nothing.</summary>
public sealed class SealedBoxTests
{
    private static readonly CryptoProvider Crypto = LibsodiumGate.Open();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(32)]
    [InlineData(4048)]
    public void Open_WhatWasSealed_GivesThePlaintext(int plaintextBytes)
    {
        byte[] plaintext = new byte[plaintextBytes], box = new byte[plaintextBytes + 48], opened = new byte[plaintextBytes];
        Crypto.Random.Fill(plaintext);
        Assert.Equal(FcpStatus.Accepted, SealedBox.Seal(Crypto, Rfc9180.RecipientPublic, "for"u8, plaintext, box));
        Assert.Equal(FcpStatus.Accepted, SealedBox.Open(Crypto, Rfc9180.RecipientSecret, "for"u8, box, opened));
        Assert.Equal(plaintext, opened);
    }

    [Fact]
    public void Seal_Twice_GivesTwoBoxes()
    {
        byte[] left = new byte[80], right = new byte[80];
        SealedBox.Seal(Crypto, Rfc9180.RecipientPublic, [], new byte[32], left);
        SealedBox.Seal(Crypto, Rfc9180.RecipientPublic, [], new byte[32], right);
        Assert.NotEqual(left.AsSpan(0, 32).ToArray(), right.AsSpan(0, 32).ToArray());
        Assert.NotEqual(left.AsSpan(32).ToArray(), right.AsSpan(32).ToArray());
    }

    [Fact]
    public void Open_AnyBitFlipped_FailsAndErases()
    {
        byte[] box = new byte[80];
        SealedBox.Seal(Crypto, Rfc9180.RecipientPublic, "for"u8, new byte[32], box);
        for (int bit = 0; bit < 8 * box.Length; bit++)
        {
            byte[] flipped = (byte[])box.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            AssertFails(Rfc9180.RecipientSecret, "for"u8, flipped);
        }
    }

    [Fact]
    public void Open_WithAnotherContextOrKey_Fails()
    {
        byte[] box = new byte[80];
        SealedBox.Seal(Crypto, Rfc9180.RecipientPublic, "for"u8, new byte[32], box);
        AssertFails(Rfc9180.RecipientSecret, "fo"u8, box);
        AssertFails(Rfc9180.RecipientSecret, "fox"u8, box);
        AssertFails(Rfc9180.EphemeralSecret, "for"u8, box);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(32)]
    [InlineData(47)]
    [InlineData(4097)]
    public void Open_OfAnIllegalLength_Fails(int boxBytes) =>
        Assert.Equal(FcpStatus.HpkeFailed, SealedBox.Open(Crypto, Rfc9180.RecipientSecret, [], new byte[boxBytes], []));

    [Fact]
    public void Seal_MoreThanABoxHolds_Fails() => Assert.Equal(
        FcpStatus.HpkeFailed, SealedBox.Seal(Crypto, Rfc9180.RecipientPublic, [], new byte[4049], new byte[4097]));

    [Fact]
    public void Seal_SpanOfAnotherLength_Throws() => Assert.Throws<ArgumentException>(
        () => SealedBox.Seal(Crypto, Rfc9180.RecipientPublic, [], new byte[32], new byte[79]));

    [Theory]
    [MemberData(nameof(HpkeTests.PointsOfSmallOrder), MemberType = typeof(HpkeTests))]
    public void SealAndOpen_PointOfSmallOrder_FailAndErase(string point)
    {
        byte[] box = new byte[80];
        Array.Fill(box, (byte)0xA5);
        Assert.Equal(FcpStatus.HpkeFailed, SealedBox.Seal(Crypto, Rfc9180.Hex(point), [], new byte[32], box));
        Assert.False(box.AsSpan().ContainsAnyExcept((byte)0));
        Rfc9180.Hex(point).CopyTo(box, 0);
        AssertFails(Rfc9180.RecipientSecret, [], box);
    }

    private static void AssertFails(byte[] secret, ReadOnlySpan<byte> associatedData, byte[] box)
    {
        byte[] opened = new byte[box.Length - 48];
        Array.Fill(opened, (byte)0xA5);
        Assert.Equal(FcpStatus.HpkeFailed, SealedBox.Open(Crypto, secret, associatedData, box, opened));
        Assert.False(opened.AsSpan().ContainsAnyExcept((byte)0));
    }
}
