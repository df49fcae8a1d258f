using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Keys;

/// <summary>[WIRE §12.1], [WIRE §13.3]: a ring as it is stored, handed over and followed.</summary>
public sealed class ZoneKeyRingImageTests : IDisposable
{
    private const ulong Now = 1_700_000_000, Epoch = Now / 300;

    private readonly TestCrypto _crypto = new();
    private readonly ZoneKeyRing _ring = new(Zone), _other = new(Zone);

    public void Dispose()
    {
        _ring.Dispose();
        _other.Dispose();
    }

    [Fact]
    public void Adopt_IntoAnEmptyRing_HoldsTheSame()
    {
        Install(1, Now);
        InstallRatcheting(2, Now);
        Tick(_ring, Now);
        Adopt(_other);
        Assert.Equal(Describe(_ring), Describe(_other));
        Assert.Equal(SecretOf(_ring, 1, Epoch), SecretOf(_other, 1, Epoch));
        Assert.Equal(SecretOf(_ring, 2, Epoch + 1), SecretOf(_other, 2, Epoch + 1));
        Assert.Equal(KeyId(2), _other.Active?.Id);
        Tick(_ring, Now + 3000);
        Tick(_other, Now + 3000);
        Assert.Equal(SecretOf(_ring, 2, Epoch + 10), SecretOf(_other, 2, Epoch + 10)); // the copy's chain goes on by itself
    }

    [Fact]
    public void Adopt_IntoARingThatHoldsSome_KeepsTheirObjectsAndDropsTheRest()
    {
        Install(1, Now);
        Install(2, Now, objectKey: 2);
        Tick(_ring, Now);
        Adopt(_other);
        ZoneKey kept = _other.Find(KeyId(2))!;
        Install(3, Now + 5, objectKey: 3);
        _ring.Drop(KeyId(1));
        _ring.Drop(ObjectKeyId(1));
        Assert.Equal([KeyId(1)], Adopt(_other));
        Assert.Same(kept, _other.Find(KeyId(2)));
        Assert.Equal(Describe(_ring), Describe(_other));
        Assert.Equal(KeyId(2), _other.Active?.Id);
        Tick(_other, Now + 5);
        Assert.Equal(KeyId(3), _other.Active?.Id);
    }

    [Fact]
    public void Adopt_OfARingThatMayNotSeal_StopsSealing()
    {
        Install(1, Now);
        Tick(_ring, Now);
        Adopt(_other);
        _ring.StopSealing(null, Now + 300);
        Adopt(_other);
        Assert.Null(_other.Active);
        Tick(_other, Now + 1);
        Assert.Null(_other.Active);
        Assert.Equal([KeyId(1)], Tick(_other, Now + 300));
    }

    [Fact]
    public void Adopt_AnOlderImage_NeverLowersTheHighestEpochNorBringsItsKeysBack()
    {
        InstallRatcheting(1, Now);
        using ZoneKeyRingImage image = _ring.ToImage(_crypto.Vault);
        Tick(_other, Now + 30_000);
        _other.Adopt(image, _crypto.Provider, []);
        Assert.Equal(Epoch + 100, _other.HighEpoch.Value);
        Assert.Equal(FcpStatus.EpochErased, _other.JudgeEpoch(KeyId(1), new EpochId(Epoch)));
        Assert.Equal(Epoch + 98, _other.Find(KeyId(1))!.FirstKeptEpoch.Value);
    }

    [Fact]
    public void Image_WhateverBecomesOfIt_LeavesNoSecretBehind()
    {
        Install(1, Now);
        InstallRatcheting(2, Now);
        _ring.ToImage(_crypto.Vault).Dispose();
        Adopt(_other);
        Adopt(_other); // holds all of it already
        _ring.Dispose();
        _other.Dispose();
        Assert.Empty(_crypto.Vault.Live);
    }

    [Fact]
    public void Tick_AWallClockAheadOfTheSettledOne_NarrowsAndErasesNothing()
    {
        InstallRatcheting(1, Now);
        Install(2, Now, objectKey: 1);
        Tick(_ring, Now);
        _ring.Tick(Now + 3000, Now, []);
        Assert.Equal(Epoch, _ring.HighEpoch.Value);
        Assert.Equal(FcpStatus.EpochErased, _ring.JudgeEpoch(KeyId(1), new EpochId(Epoch))); // would be erased by now
        Assert.Equal(FcpStatus.EpochOutOfRange, _ring.JudgeEpoch(KeyId(1), new EpochId(Epoch + 10))); // its key is not derived yet
        Assert.Equal(FcpStatus.Accepted, _ring.JudgeEpoch(KeyId(2), new EpochId(Epoch + 10))); // without the ratchet nothing is lost by following
        Assert.NotNull(_ring.Find(KeyId(1)));
        _ring.Tick(Now + 5, Now + 5, []);
        Assert.Equal(FcpStatus.Accepted, _ring.JudgeEpoch(KeyId(1), new EpochId(Epoch))); // the clock was put right in time
        Assert.Equal([KeyId(1)], Tick(_ring, Now + 3000));
    }

    private static ZoneId Zone { get; } = ZoneId.Parse("z:work", out ZoneId zone) == FcpStatus.Accepted ? zone : default;

    private static ZoneKeyId KeyId(ulong number) => new(new Bytes8(number));

    private static ObjectIdKeyId ObjectKeyId(ulong number) => new(new Bytes8(number));

    private static string Describe(ZoneKeyRing ring) =>
        string.Join(' ', ring.ZoneKeys.Select(static key => $"{key.Id} {key.Algorithm} {key.SealsFromUnixSeconds} {key.ErasedAtUnixSeconds} {key.FirstKeptEpoch}"))
        + $" / {ring.ActiveObjectIdKey!.Id} {ring.RetainEpochs} {ring.MaySeal} {ring.HighEpoch}";

    private static byte[] SecretOf(ZoneKeyRing ring, ulong number, ulong epoch)
    {
        Assert.Equal(FcpStatus.Accepted, ring.Find(KeyId(number))!.TryGet(new EpochId(epoch), out SecretKey? key, out _));
        using KeyLease lease = key!.Lease();
        return lease.Bytes.ToArray();
    }

    private static List<ZoneKeyId> Tick(ZoneKeyRing ring, ulong now)
    {
        List<ZoneKeyId> erased = [];
        ring.Tick(now, erased);
        return erased;
    }

    private List<ZoneKeyId> Adopt(ZoneKeyRing ring)
    {
        List<ZoneKeyId> erased = [];
        ring.Adopt(_ring.ToImage(_crypto.Vault), _crypto.Provider, erased);
        return erased;
    }

    private void Install(ulong number, ulong sealsFrom, ulong objectKey = 1) => _ring.Install(
        new ZoneKey(KeyId(number), AeadAlgorithm.ChaCha20Poly1305, _crypto.Vault.Import(BitConverter.GetBytes(number)), sealsFrom),
        new ObjectIdKey(ObjectKeyId(objectKey), _crypto.Vault.Import(new byte[32])), 300, 2, Now);

    private void InstallRatcheting(ulong number, ulong validFrom)
    {
        var chain = new EpochKeyChain(_crypto.Provider, KeyId(number), new byte[32], _ring.ZoneHash, validFrom, 2, new EpochId(Epoch));
        _ring.Install(
            new ZoneKey(KeyId(number), AeadAlgorithm.XChaCha20Poly1305, chain, validFrom),
            new ObjectIdKey(ObjectKeyId(1), _crypto.Vault.Import(new byte[32])), 300, 2, Now);
    }
}
