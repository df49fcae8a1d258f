using System;
using FcpFast.Interop.Platform;

namespace FcpFast.Interop.Tests.Platform;

/// <summary>AES-128-GCM behind its seam.</summary>
/// <remarks>Source: [RFC 5116 §5.1]; the case is test case 4 of the authors' GCM specification.</remarks>
public sealed class PlatformAesGcmTests
{
    private static readonly byte[] Key = Convert.FromHexString("feffe9928665731c6d6a8f9467308308");
    private static readonly byte[] Nonce = Convert.FromHexString("cafebabefacedbaddecaf888");
    private static readonly byte[] AssociatedData = Convert.FromHexString("feedfacedeadbeeffeedfacedeadbeefabaddad2");

    private static readonly byte[] Plaintext = Convert.FromHexString(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");

    private static readonly byte[] Sealed = Convert.FromHexString(
        "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e0915bc94fbc3221a5db94fae95ae7121a47");

    [Fact]
    public void Seal_TheKnownCase_GivesItsCiphertextAndTag()
    {
        byte[] sealedBytes = new byte[Plaintext.Length + 16];
        new PlatformAesGcm().Seal(Key, Nonce, AssociatedData, Plaintext, sealedBytes);
        Assert.Equal(Sealed, sealedBytes);
    }

    [Fact]
    public void TryOpen_EveryByteChanged_IsRefusedAndErased()
    {
        var aes = new PlatformAesGcm();
        byte[] opened = new byte[Plaintext.Length];
        Assert.True(aes.TryOpen(Key, Nonce, AssociatedData, Sealed, opened));
        Assert.Equal(Plaintext, opened);
        for (int i = 0; i < Sealed.Length; i++)
        {
            byte[] changed = (byte[])Sealed.Clone();
            changed[i] ^= 1;
            Array.Fill(opened, (byte)0xA5);
            Assert.False(aes.TryOpen(Key, Nonce, AssociatedData, changed, opened));
            Assert.All(opened, static value => Assert.Equal(0, value));
        }
    }

    [Fact]
    public void Calls_OfOtherLengths_AreRefused()
    {
        var aes = new PlatformAesGcm();
        Assert.Throws<ArgumentException>(() => aes.Seal(new byte[32], Nonce, [], [], new byte[16]));
        Assert.Throws<ArgumentException>(() => aes.Seal(Key, Nonce, [], new byte[2], new byte[16]));
        Assert.Throws<ArgumentException>(() => aes.TryOpen(Key, Nonce, [], new byte[15], []));
    }
}
