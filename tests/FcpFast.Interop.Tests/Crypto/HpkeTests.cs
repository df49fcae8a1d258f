using System;
using System.Text;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Interop.Tests.Crypto;

/// <summary>[RFC 9180]: KEM, key schedule, contexts and single shots over the real seams.</summary>
public sealed class HpkeTests
{
    private static readonly CryptoProvider Crypto = LibsodiumGate.Open();

    [Fact]
    public void DeriveKeyPair_TheExampleOfTheStandard_GivesItsKeys()
    {
        byte[] secret = new byte[32], publicKey = new byte[32];
        X25519Kem.DeriveKeyPair(Crypto.Kdf, Crypto.KeyExchange, Rfc9180.EphemeralInputKey, secret, publicKey);
        Assert.Equal(Rfc9180.EphemeralSecret, secret);
        Assert.Equal(Rfc9180.Encapsulation, publicKey);
        X25519Kem.DeriveKeyPair(Crypto.Kdf, Crypto.KeyExchange, Rfc9180.RecipientInputKey, secret, publicKey);
        Assert.Equal(Rfc9180.RecipientSecret, secret);
        Assert.Equal(Rfc9180.RecipientPublic, publicKey);
    }

    [Fact]
    public void DeriveKeyPair_LessThan32Bytes_Throws() => Assert.Throws<ArgumentException>(
        () => X25519Kem.DeriveKeyPair(Crypto.Kdf, Crypto.KeyExchange, new byte[31], new byte[32], new byte[32]));

    [Fact]
    public void Kem_TheExampleOfTheStandard_AgreesAtBothEnds()
    {
        byte[] encapsulation = new byte[32], shared = new byte[32];
        Assert.True(X25519Kem.TryEncapsulate(
            Crypto.Kdf, Crypto.KeyExchange, Rfc9180.EphemeralInputKey, Rfc9180.RecipientPublic, encapsulation, shared));
        Assert.Equal(Rfc9180.Encapsulation, encapsulation);
        Assert.Equal(Rfc9180.SharedSecret, shared);
        Array.Clear(shared);
        Assert.True(X25519Kem.TryDecapsulate(Crypto.Kdf, Crypto.KeyExchange, Rfc9180.RecipientSecret, encapsulation, shared));
        Assert.Equal(Rfc9180.SharedSecret, shared);
    }

    [Fact]
    public void KeySchedule_TheExampleOfTheStandard_GivesItsSecrets()
    {
        byte[] key = new byte[32], nonce = new byte[12], exporter = new byte[32], exported = new byte[32];
        HpkeKeySchedule.Derive(Crypto.Kdf, HpkeAead.ChaCha20Poly1305, Rfc9180.SharedSecret, Rfc9180.Info, key, nonce, exporter);
        Assert.Equal(Rfc9180.Key, key);
        Assert.Equal(Rfc9180.BaseNonce, nonce);
        Assert.Equal(Rfc9180.ExporterSecret, exporter);
        HpkeKeySchedule.Export(Crypto.Kdf, HpkeAead.ChaCha20Poly1305, exporter, "TestContext"u8, exported);
        Assert.Equal("5acb09211139c43b3090489a9da433e8a30ee7188ba8b0a9a1ccf0c229283e53", Convert.ToHexStringLower(exported));
    }

    /// <summary>[RFC 9180 §A.1.1]: of the AES suite only what needs no AES.</summary>
    [Fact]
    public void KeySchedule_OfTheAesSuite_HasItsOwnSizesAndLabels()
    {
        byte[] key = new byte[16], nonce = new byte[12], exporter = new byte[32];
        byte[] shared = Rfc9180.Hex("fe0e18c9f024ce43799ae393c7e8fe8fce9d218875e8227b0187c04e7d2ea1fc");
        HpkeKeySchedule.Derive(Crypto.Kdf, HpkeAead.Aes128Gcm, shared, Rfc9180.Info, key, nonce, exporter);
        Assert.Equal("4531685d41d65f03dc48f6b8302c05b0", Convert.ToHexStringLower(key));
        Assert.Equal("56d890e5accaaf011cff4b7d", Convert.ToHexStringLower(nonce));
        Assert.Equal("45ff1c2e220db587171952c0592d5f5ebe103f1561a2614e38f2ffd47e99e3f8", Convert.ToHexStringLower(exporter));
    }

    [Fact]
    public void KeySchedule_ForExportOnly_HasNoKeyAndNoNonce()
    {
        byte[] exporter = new byte[32];
        HpkeKeySchedule.Derive(Crypto.Kdf, HpkeAead.ExportOnly, Rfc9180.SharedSecret, Rfc9180.Info, [], [], exporter);
        Assert.NotEqual(Rfc9180.ExporterSecret, exporter); // the suite is part of every label
        Assert.Throws<ArgumentException>(() => HpkeKeySchedule.Derive(
            Crypto.Kdf, HpkeAead.ExportOnly, Rfc9180.SharedSecret, Rfc9180.Info, new byte[32], new byte[12], exporter));
    }

    [Theory]
    [InlineData(0ul, "5c4d98150661b848853b547f")]
    [InlineData(1ul, "5c4d98150661b848853b547e")]
    [InlineData(256ul, "5c4d98150661b848853b557f")]
    [InlineData(ulong.MaxValue, "5c4d9815f99e47b77ac4ab80")]
    public void WriteNonce_OfANumber_CombinesTheLastEightBytes(ulong sequence, string expected)
    {
        byte[] nonce = new byte[12];
        HpkeKeySchedule.WriteNonce(Rfc9180.BaseNonce, sequence, nonce);
        Assert.Equal(expected, Convert.ToHexStringLower(nonce));
    }

    [Fact]
    public void Context_TheExampleOfTheStandard_SealsItsFirstMessage()
    {
        byte[] encapsulation = new byte[32], ciphertext = new byte[Rfc9180.Plaintext.Length + 16];
        using HpkeContext? sender = HpkeContext.Send(
            Crypto with { Random = new FixedRandom(Rfc9180.EphemeralInputKey) }, Rfc9180.RecipientPublic, Rfc9180.Info, encapsulation);
        Assert.NotNull(sender);
        sender.Seal("Count-0"u8, Rfc9180.Plaintext, ciphertext);
        Assert.Equal(Rfc9180.Encapsulation, encapsulation);
        Assert.Equal(Rfc9180.FirstCiphertext, ciphertext);
    }

    [Fact]
    public void Context_ManyMessages_OpenInOrderOnly()
    {
        (HpkeContext sender, HpkeContext receiver) = Connect();
        using (sender)
        using (receiver)
        {
            byte[] opened = new byte[3];
            for (int i = 0; i < 300; i++)
            {
                byte[] first = Seal(sender, i), second = Seal(sender, i + 1);
                Assert.False(receiver.TryOpen("ad"u8, second, opened)); // its turn has not come
                Assert.True(opened.AsSpan().IndexOfAnyExcept((byte)0) < 0);
                Assert.True(receiver.TryOpen("ad"u8, first, opened));
                Assert.Equal(Message(i), opened);
                Assert.False(receiver.TryOpen("ad"u8, first, opened)); // nor a second time
                Assert.True(receiver.TryOpen("ad"u8, second, opened));
            }

            Assert.Equal(600ul, sender.Sequence);
            Assert.Equal(600ul, receiver.Sequence);
        }
    }

    [Fact]
    public void Context_MessageThatDoesNotVerify_KeepsItsNumberForTheRightOne()
    {
        (HpkeContext sender, HpkeContext receiver) = Connect();
        using (sender)
        using (receiver)
        {
            byte[] sealedBytes = Seal(sender, 7), broken = (byte[])sealedBytes.Clone(), opened = new byte[3];
            broken[0] ^= 1;
            Assert.False(receiver.TryOpen("ad"u8, broken, opened));
            Assert.False(receiver.TryOpen("da"u8, sealedBytes, opened));
            Assert.False(receiver.TryOpen("ad"u8, sealedBytes.AsSpan(0, 15), opened));
            Assert.Equal(0ul, receiver.Sequence);
            Assert.True(receiver.TryOpen("ad"u8, sealedBytes, opened));
        }
    }

    [Fact]
    public void Context_Exports_AreEqualAtBothEndsAndDifferByContext()
    {
        (HpkeContext sender, HpkeContext receiver) = Connect();
        using (sender)
        using (receiver)
        {
            byte[] left = new byte[64], right = new byte[64], other = new byte[64];
            sender.Export(Encoding.UTF8.GetBytes(new string('c', 2_000)), left);
            receiver.Export(Encoding.UTF8.GetBytes(new string('c', 2_000)), right);
            receiver.Export("another"u8, other);
            Assert.Equal(left, right);
            Assert.NotEqual(left, other);
        }
    }

    [Fact]
    public void Context_Disposed_SealsOpensAndExportsNothing()
    {
        (HpkeContext sender, HpkeContext receiver) = Connect();
        byte[] sealedBytes = Seal(sender, 1);
        sender.Dispose();
        receiver.Dispose();
        Assert.Throws<InvalidOperationException>(() => sender.Seal([], [], new byte[16]));
        Assert.Throws<InvalidOperationException>(() => receiver.TryOpen("ad"u8, sealedBytes, new byte[3]));
        Assert.Throws<InvalidOperationException>(() => receiver.Export([], new byte[32]));
    }

    [Fact]
    public void Context_WithOtherInfoOrKey_DoesNotOpen()
    {
        byte[] encapsulation = new byte[32], opened = new byte[3], other = new byte[32];
        using HpkeContext sender = HpkeContext.Send(Crypto, Rfc9180.RecipientPublic, "one"u8, encapsulation)!;
        byte[] sealedBytes = Seal(sender, 1);
        using HpkeContext otherInfo = HpkeContext.Receive(Crypto, Rfc9180.RecipientSecret, encapsulation, "two"u8)!;
        Assert.False(otherInfo.TryOpen("ad"u8, sealedBytes, opened));
        Crypto.Random.Fill(other);
        using HpkeContext otherKey = HpkeContext.Receive(Crypto, other, encapsulation, "one"u8)!;
        Assert.False(otherKey.TryOpen("ad"u8, sealedBytes, opened));
    }

    [Theory]
    [MemberData(nameof(PointsOfSmallOrder))]
    public void Context_WithAPointOfSmallOrder_DoesNotStart(string point)
    {
        byte[] encapsulation = new byte[32];
        Assert.Null(HpkeContext.Send(Crypto, Rfc9180.Hex(point), [], encapsulation));
        Assert.Null(HpkeContext.Receive(Crypto, Rfc9180.RecipientSecret, Rfc9180.Hex(point), []));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void Context_EncapsulationOfAnotherLength_DoesNotStart(int lengthBytes) =>
        Assert.Null(HpkeContext.Receive(Crypto, Rfc9180.RecipientSecret, new byte[lengthBytes], []));

    [Fact]
    public void SingleShot_TheExampleOfTheStandard_IsTheFirstMessageOfAContext()
    {
        byte[] encapsulation = new byte[32], ciphertext = new byte[Rfc9180.Plaintext.Length + 16], opened = new byte[Rfc9180.Plaintext.Length];
        Assert.True(HpkeSingleShot.TrySeal(
            Crypto with { Random = new FixedRandom(Rfc9180.EphemeralInputKey) }, Rfc9180.RecipientPublic, Rfc9180.Info, "Count-0"u8,
            Rfc9180.Plaintext, encapsulation, ciphertext));
        Assert.Equal(Rfc9180.FirstCiphertext, ciphertext);
        Assert.True(HpkeSingleShot.TryOpen(
            Crypto, Rfc9180.RecipientSecret, Rfc9180.Info, "Count-0"u8, encapsulation, ciphertext, opened));
        Assert.Equal(Rfc9180.Plaintext, opened);
    }

    [Fact]
    public void SingleShot_SpanOfAnotherLength_Throws()
    {
        Assert.Throws<ArgumentException>(() => HpkeSingleShot.TrySeal(
            Crypto, Rfc9180.RecipientPublic, [], [], new byte[4], new byte[32], new byte[19]));
        Assert.Throws<ArgumentException>(() => HpkeSingleShot.TryOpen(
            Crypto, Rfc9180.RecipientSecret, [], [], new byte[32], new byte[20], new byte[5]));
    }

    /// <summary>[RFC 7748 §7]: the points whose multiples tell nothing secret.</summary>
    public static TheoryData<string> PointsOfSmallOrder() =>
    [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ];

    private static (HpkeContext Sender, HpkeContext Receiver) Connect()
    {
        byte[] encapsulation = new byte[32];
        HpkeContext? sender = HpkeContext.Send(Crypto, Rfc9180.RecipientPublic, "info"u8, encapsulation);
        HpkeContext? receiver = HpkeContext.Receive(Crypto, Rfc9180.RecipientSecret, encapsulation, "info"u8);
        Assert.NotNull(sender);
        Assert.NotNull(receiver);
        return (sender, receiver);
    }

    private static byte[] Message(int number) => [(byte)(number & 0xFF), (byte)(number >> 8), 0x5A];

    private static byte[] Seal(HpkeContext sender, int number)
    {
        byte[] sealedBytes = new byte[19];
        sender.Seal("ad"u8, Message(number), sealedBytes);
        return sealedBytes;
    }
}
