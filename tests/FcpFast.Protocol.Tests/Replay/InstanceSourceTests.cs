using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Replay;

/// <summary>[REPLAY §4.3]: how instances are drawn, and when no more are.</summary>
public sealed class InstanceSourceTests
{
    private static readonly ZoneKeyId Key = new(new Bytes8(7));
    private static readonly byte[] Secret = [.. Enumerable.Range(0, 32).Select(static i => (byte)(i * 5))];

    [Fact]
    public void Draw_FirstAndLater_AreHkdfOfRandomSecretGenerationAndStream()
    {
        var crypto = new TestCrypto();
        crypto.Random = new Random(1);
        var source = new InstanceSource(crypto.Provider, crypto.Vault.Import(Secret), 77, "boot-id", "host-id");
        var random = new Random(1);
        for (ulong stream = 0; stream < 5; stream++)
        {
            byte[] drawn = random.Bytes(32);
            byte[] salt = [.. BitConverter.GetBytes(77ul), .. BitConverter.GetBytes(stream)];
            byte[] expected = HKDF.DeriveKey(
                HashAlgorithmName.SHA256, [.. drawn, .. Secret], 32, salt, Encoding.ASCII.GetBytes("FCPFAST-INSTANCE-V1boot-idhost-id"));
            Assert.Equal(FcpStatus.Accepted, source.Draw(Key, out SenderInstanceId instance));
            Assert.Equal(BitConverter.ToUInt64(expected), instance.Value);
        }
    }

    [Fact]
    public void Draw_WithAGeneratorThatRepeats_NeverGivesAnInstanceTwice()
    {
        var crypto = new TestCrypto { IsRandomStuck = true };
        var source = new InstanceSource(crypto.Provider, crypto.Vault.Import(Secret), 1, "", "");
        var drawn = new HashSet<ulong>();
        for (int i = 0; i < 2000; i++)
        {
            Assert.Equal(FcpStatus.Accepted, source.Draw(new ZoneKeyId(new Bytes8((ulong)(i % 3))), out SenderInstanceId instance));
            Assert.True(drawn.Add(instance.Value), "an instance was drawn twice");
        }
    }

    [Fact]
    public void Begin_AnotherLife_DrawsNothingOfTheOneBefore()
    {
        var crypto = new TestCrypto { IsRandomStuck = true };
        var source = new InstanceSource(crypto.Provider, crypto.Vault.Import(Secret), 1, "boot", "");
        var drawn = new HashSet<ulong>();
        for (ulong generation = 1; generation < 20; generation++)
        {
            if (generation > 1) source.Begin(generation, "boot", "");
            for (int i = 0; i < 20; i++)
            {
                Assert.Equal(FcpStatus.Accepted, source.Draw(Key, out SenderInstanceId instance));
                Assert.True(drawn.Add(instance.Value), "an instance was drawn twice");
            }
        }

        Assert.ThrowsAny<Exception>(() => source.Begin(18, "boot", "")); // generations rise
        source.Begin(19, "boot", ""); // as the node's other shards say, too: it is the same life
        Assert.Equal(FcpStatus.Accepted, source.Draw(Key, out SenderInstanceId goesOn));
        Assert.True(drawn.Add(goesOn.Value), "the life went on where it was");
    }

    [Theory]
    [InlineData("generation")]
    [InlineData("boot")]
    [InlineData("host")]
    [InlineData("secret")]
    public void Draw_OnATwinOfTheMachine_DiffersInEveryPartThatTellsThemApart(string part)
    {
        ulong Draw(bool isTwin)
        {
            var crypto = new TestCrypto { IsRandomStuck = true };
            bool Differs(string name) => isTwin && part == name;
            SecretKey secret = crypto.Vault.Import(Differs("secret") ? new byte[32] : Secret);
            var source = new InstanceSource(
                crypto.Provider, secret, Differs("generation") ? 2ul : 1ul, Differs("boot") ? "c" : "b", Differs("host") ? "i" : "h");
            source.Draw(Key, out SenderInstanceId instance);
            return instance.Value;
        }

        Assert.Equal(Draw(false), Draw(false)); // with all of it equal, even the generator, there is nothing left to differ
        Assert.NotEqual(Draw(false), Draw(true));
    }

    [Fact]
    public void Draw_AsOftenAsAZoneKeyBears_ThenAsksForARotationOfThatKeyAlone()
    {
        var crypto = new TestCrypto { Random = new Random(3) };
        var source = new InstanceSource(crypto.Provider, crypto.Vault.Import(Secret), 1, "", "");
        for (int i = 0; i < InstanceSource.InstancesPerZoneKeyMax; i++) Assert.Equal(FcpStatus.Accepted, source.Draw(Key, out _));
        Assert.Equal(1 << 16, InstanceSource.InstancesPerZoneKeyMax);
        Assert.Equal(FcpStatus.MustRekey, source.Draw(Key, out SenderInstanceId none));
        Assert.Equal(default, none);
        Assert.Equal(FcpStatus.Accepted, source.Draw(new ZoneKeyId(new Bytes8(8)), out _));
        source.Forget(Key);
        Assert.Equal(FcpStatus.Accepted, source.Draw(Key, out _));
    }

    [Fact]
    public void Draw_ForProbes_IsNeverUsedUp()
    {
        // They seal nothing, so no nonce can repeat; a node that ran out of them could confirm no path any more.
        var crypto = new TestCrypto { Random = new Random(4) };
        var source = new InstanceSource(crypto.Provider, crypto.Vault.Import(Secret), 1, "", "");
        for (int i = 0; i < InstanceSource.InstancesPerZoneKeyMax + 10; i++) Assert.Equal(FcpStatus.Accepted, source.DrawForProbes(out _));
    }

    [Fact]
    public void Draw_WithTheSecretErased_GivesNothing()
    {
        var crypto = new TestCrypto { Random = new Random(5) };
        SecretKey secret = crypto.Vault.Import(Secret);
        var source = new InstanceSource(crypto.Provider, secret, 1, "", "");
        secret.Dispose();
        Assert.Equal(FcpStatus.MustRekey, source.Draw(Key, out SenderInstanceId instance));
        Assert.Equal(default, instance);
    }
}
