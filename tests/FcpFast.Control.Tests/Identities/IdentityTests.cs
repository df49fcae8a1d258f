using System;
using FcpFast.Control.Identities;
using FcpFast.Control.Tests.Support;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Tests.Identities;

/// <summary>[WIRE §2.6], [WIRE §15]: keys of owners and nodes, their public halves, and their end.</summary>
public sealed class IdentityTests
{
    private readonly RecordingVault _vault = new();
    private readonly CryptoProvider _crypto;

    public IdentityTests() => _crypto = LibsodiumGate.Open() with { Vault = _vault };

    [Fact]
    public void OwnerKey_FromAKnownSeed_HasItsPublicKeyAndKid()
    {
        using var owner = new OwnerKey(
            _crypto, _vault.Import(Convert.FromHexString("3dae6818a2658735f606ad8618a3426ed2d4b76b8261242d51820b814effc434")));
        Assert.Equal("b403e89be775d0427277f55a86f2aa3aa16c926e7d654a42be7de92c8caada1f", owner.PublicKey.ToString());
        Assert.Equal(KeyId.Of(Convert.FromHexString(owner.PublicKey.ToString())), owner.KeyId);
    }

    [Fact]
    public void OwnerKey_Signs_WhatItsPublicKeyVerifiesUnderTheSameIdOnly()
    {
        using OwnerKey owner = OwnerKey.Generate(_crypto);
        byte[] signature = new byte[64], publicKey = Convert.FromHexString(owner.PublicKey.ToString()), unsigned = [0xa0];
        owner.Sign(SigningId.ZoneKeyManifest, unsigned, signature);
        Assert.True(_crypto.Signatures.Verify(publicKey, SigningId.ZoneKeyManifest.SigningBytes(unsigned), signature));
        Assert.False(_crypto.Signatures.Verify(publicKey, SigningId.ZoneSecurityProfile.SigningBytes(unsigned), signature));
    }

    [Fact]
    public void OwnerKey_Disposed_IsErasedAndSignsNothing()
    {
        OwnerKey owner = OwnerKey.Generate(_crypto);
        Assert.Equal(2, _vault.LiveCount); // the seed, and what follows from it
        owner.Dispose();
        Assert.Equal(0, _vault.LiveCount);
        Assert.Throws<InvalidOperationException>(() => owner.Sign(SigningId.ZoneKeyManifest, [0xa0], new byte[64]));
    }

    [Theory]
    [InlineData(31)]
    [InlineData(33)]
    public void OwnerKey_FromASeedOfAnotherLength_Throws(int seedBytes) =>
        Assert.Throws<ArgumentException>(() => new OwnerKey(_crypto, _vault.Import(new byte[seedBytes])));

    [Fact]
    public void NodeKeys_Generated_AreThreeKeysWithTheirKids()
    {
        using NodeKeys keys = NodeKeys.Generate(_crypto);
        NodePublicKeys halves = keys.Public;
        Assert.NotEqual(halves.Signing, halves.Encryption);
        Assert.NotEqual(halves.Signing, halves.Issuance);
        Assert.NotEqual(halves.Encryption, halves.Issuance);
        Assert.Equal(halves.Signing.ComputeKeyId(), halves.SigningKeyId);
        Assert.Equal(halves.Encryption.ComputeKeyId(), halves.EncryptionKeyId);
        Assert.Equal(halves.Issuance.ComputeKeyId(), halves.IssuanceKeyId);
        byte[] x25519 = new byte[32];
        _crypto.KeyExchange.DerivePublicKey(TestZone.BytesOf(keys.Encryption), x25519);
        Assert.Equal(Convert.ToHexStringLower(x25519), halves.Encryption.ToString());
    }

    [Fact]
    public void NodeKeys_FromStoredSecrets_AreTheSameKeys()
    {
        using NodeKeys keys = NodeKeys.Generate(_crypto);
        using var again = new NodeKeys(
            _crypto, _vault.Import(TestZone.BytesOf(keys.Signing)), _vault.Import(TestZone.BytesOf(keys.Encryption)),
            _vault.Import(TestZone.BytesOf(keys.Issuance)));
        Assert.Equal(keys.Public, again.Public);
    }

    [Fact]
    public void PromoteNextEncryptionKey_Twice_KeepsTheOneBeforeAndErasesTheOldest()
    {
        using NodeKeys keys = NodeKeys.Generate(_crypto);
        NodePublicKeys first = keys.Public;
        byte[] oldest = TestZone.BytesOf(keys.Encryption);
        Renew(keys);
        Assert.NotEqual(first.Encryption, keys.Public.Encryption);
        Assert.Equal(first with { Encryption = keys.Public.Encryption }, keys.Public);
        Assert.Equal(oldest, TestZone.BytesOf(keys.PreviousEncryption!));
        byte[] second = TestZone.BytesOf(keys.Encryption);
        Renew(keys);
        Assert.False(_vault.Holds(oldest));
        Assert.Equal(second, TestZone.BytesOf(keys.PreviousEncryption!));
    }

    [Fact]
    public void NodeKeys_Disposed_AreErased()
    {
        NodeKeys keys = NodeKeys.Generate(_crypto);
        Renew(keys);
        keys.Dispose();
        Assert.Equal(0, _vault.LiveCount);
    }

    [Fact]
    public void DrawNextEncryptionKey_UntilPromoted_ChangesOnlyWhatIsAskedFor()
    {
        using NodeKeys keys = NodeKeys.Generate(_crypto);
        NodePublicKeys before = keys.Public;
        Assert.Equal(before, keys.Requested());
        keys.DrawNextEncryptionKey();
        PublicKey first = keys.Requested().Encryption;
        keys.DrawNextEncryptionKey();
        Assert.NotEqual(first, keys.Requested().Encryption);
        Assert.Equal(before, keys.Public);
        Assert.Equal(4, _vault.LiveCount); // the one drawn first is erased
        NodePublicKeys asked = keys.Requested();
        keys.PromoteNextEncryptionKey();
        Assert.Equal(asked, keys.Public);
        Assert.Equal(before.Signing, keys.Public.Signing);
        Assert.Throws<InvalidOperationException>(keys.PromoteNextEncryptionKey);
        keys.ErasePreviousEncryptionKey();
        Assert.Null(keys.PreviousEncryption);
        Assert.Equal(3, _vault.LiveCount);
    }

    private static void Renew(NodeKeys keys)
    {
        keys.DrawNextEncryptionKey();
        keys.PromoteNextEncryptionKey();
    }
}
