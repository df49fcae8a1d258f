using System;
using System.Text;
using FcpFast.Control.Identities;
using FcpFast.Control.Tests.Support;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Control.Tests.Identities;

/// <summary>An owner's key under a passphrase.</summary>
public sealed class OwnerKeyFileTests : IDisposable
{
    private static readonly PasswordCost Cheap = new(3, 8);
    private static readonly byte[] Passphrase = Encoding.UTF8.GetBytes("correct horse");

    private readonly RecordingVault _vault = new();
    private readonly CryptoProvider _crypto;
    private readonly OwnerKey _owner;

    public OwnerKeyFileTests()
    {
        _crypto = LibsodiumGate.Open() with { Vault = _vault };
        _owner = OwnerKey.Generate(_crypto);
    }

    public void Dispose() => _owner.Dispose();

    [Fact]
    public void Open_WithThePassphrase_IsTheSameKey()
    {
        OwnerKeyFile file = Parse(Write());
        Assert.Equal(_owner.PublicKey, file.Owner);
        using OwnerKey? opened = file.Open(Passphrase, _crypto);
        Assert.Equal(_owner.PublicKey, opened!.PublicKey);
        Assert.Equal(_owner.AgreementKey, opened.AgreementKey);
    }

    [Fact]
    public void Open_WithAnotherPassphrase_IsNothing()
    {
        int live = _vault.LiveCount;
        Assert.Null(Parse(Write()).Open(Encoding.UTF8.GetBytes("correct horsf"), _crypto));
        Assert.Null(Parse(Write()).Open([], _crypto));
        Assert.Equal(live, _vault.LiveCount);
    }

    [Fact]
    public void Write_Twice_SharesNoByteOfSaltOrSeal() => Assert.False(Write().AsSpan().SequenceEqual(Write()));

    [Fact]
    public void Open_WhateverByteIsChanged_IsNothing()
    {
        byte[] written = Write();
        for (int i = 0; i < written.Length; i++)
        {
            byte[] changed = (byte[])written.Clone();
            changed[i] ^= 1;
            if (OwnerKeyFile.Parse(changed, out OwnerKeyFile? file) != FcpStatus.Accepted) continue;
            using OwnerKey? opened = file!.Open(Passphrase, _crypto);
            Assert.True(opened is null, $"byte {i}");
        }
    }

    [Fact]
    public void Open_ACostThatWouldTakeAllMemory_IsNothing()
    {
        byte[] written = Write(), costly = new byte[written.Length + 4]; // memory_kib, the last field: 8 becomes a u32
        written.CopyTo(costly, 0);
        costly[written.Length - 1] = 0x1a;
        costly.AsSpan(written.Length).Fill(0xff);
        Assert.Equal(FcpStatus.Accepted, OwnerKeyFile.Parse(costly, out OwnerKeyFile? file));
        Assert.Null(file!.Open(Passphrase, _crypto));
    }

    [Fact]
    public void Parse_AnotherFormat_IsNamed()
    {
        byte[] written = Write();
        int at = written.AsSpan().IndexOf("owner_key.v1"u8);
        written[at + 11] = (byte)'2';
        Assert.Equal(FcpStatus.UnsupportedVersion, OwnerKeyFile.Parse(written, out _));
        Assert.Equal(FcpStatus.PayloadTooLarge, OwnerKeyFile.Parse(new byte[1025], out _));
        Assert.Equal(FcpStatus.Accepted, CanonicalCbor.Validate(written, 1024));
    }

    private static OwnerKeyFile Parse(byte[] bytes)
    {
        Assert.Equal(FcpStatus.Accepted, OwnerKeyFile.Parse(bytes, out OwnerKeyFile? file));
        return file!;
    }

    private byte[] Write() => OwnerKeyFile.Write(_owner, Passphrase, Cheap, _crypto);
}
