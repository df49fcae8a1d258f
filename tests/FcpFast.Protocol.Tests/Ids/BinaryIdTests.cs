using System;
using System.Collections.Generic;
using System.Text;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Tests.Oracles;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Ids;

/// <summary>[WIRE §2.3], [WIRE §2.5], [WIRE §2.6]: ids of bytes, hex, and the ids that are hashes.</summary>
public sealed class BinaryIdTests
{
    [Fact]
    public void ReadAndWrite_RandomBytes_KeepTheirOrder() => Seeded.Run(100, static random =>
    {
        byte[] source = random.Bytes(40), written = new byte[40];
        Bytes8.Read(source).Write(written);
        Assert.Equal(source[..8], written[..8]);
        Assert.Equal(new byte[32], written[8..]);
        Bytes16.Read(source).Write(written);
        Assert.Equal(source[..16], written[..16]);
        Bytes32.Read(source).Write(written);
        Assert.Equal([.. source[..32], .. new byte[8]], written);
        Assert.Equal(Convert.ToHexStringLower(source[..8]), Bytes8.Read(source).ToString());
        Assert.Equal(Convert.ToHexStringLower(source[..16]), Bytes16.Read(source).ToString());
        Assert.Equal(Convert.ToHexStringLower(source[..32]), Bytes32.Read(source).ToString());
    });

    [Fact]
    public void Equals_OneBitOfDifference_IsNotEqual()
    {
        byte[] source = new Random(1).Bytes(32);
        for (int bit = 0; bit < 256; bit++)
        {
            byte[] other = (byte[])source.Clone();
            other[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(Bytes32.Read(source), Bytes32.Read(other));
            if (bit < 128) Assert.NotEqual(Bytes16.Read(source), Bytes16.Read(other));
            if (bit < 64) Assert.NotEqual(Bytes8.Read(source), Bytes8.Read(other));
        }
    }

    [Fact]
    public void ReadAndWrite_TooFewBytes_ThrowAsTheCallersFault()
    {
        Assert.ThrowsAny<ArgumentException>(static () => Bytes8.Read(new byte[7]));
        Assert.ThrowsAny<ArgumentException>(static () => Bytes16.Read(new byte[15]));
        Assert.ThrowsAny<ArgumentException>(static () => Bytes32.Read(new byte[31]));
        Assert.ThrowsAny<ArgumentException>(static () => default(Bytes32).Write(new byte[31]));
        Assert.ThrowsAny<ArgumentException>(static () => default(Bytes16).Write(new byte[15]));
        Assert.ThrowsAny<ArgumentException>(static () => default(Bytes8).Write(new byte[7]));
    }

    [Fact]
    public void ToString_EveryNumberId_IsInvariantDecimal()
    {
        Assert.Equal("18446744073709551615", new FrameSeq(ulong.MaxValue).ToString());
        Assert.Equal("18446744073709551615", new EpochId(ulong.MaxValue).ToString());
        Assert.Equal("0", default(SenderInstanceId).ToString());
    }

    [Fact]
    public void HexTryRead_EveryCharacter_TakesLowercaseDigitsOnly()
    {
        byte[] destination = new byte[1];
        for (int value = 0; value < 256; value++)
        {
            bool digit = value is (>= '0' and <= '9') or (>= 'a' and <= 'f');
            Assert.Equal(digit, Hex.TryRead([(byte)value, (byte)'0'], destination));
            Assert.Equal(digit, Hex.TryRead([(byte)'0', (byte)value], destination));
        }
    }

    [Fact]
    public void HexTryReadAndWrite_RandomBytes_RoundTripAndRefuseOtherLengths() => Seeded.Run(100, static random =>
    {
        byte[] source = random.Bytes(random.Next(40)), text = new byte[2 * source.Length], back = new byte[source.Length];
        Hex.Write(source, text);
        Assert.Equal(Convert.ToHexStringLower(source), Encoding.ASCII.GetString(text));
        Assert.True(Hex.TryRead(text, back));
        Assert.Equal(source, back);
        Assert.False(Hex.TryRead(text, new byte[source.Length + 1]));
        Assert.False(Hex.TryRead([.. text, (byte)'0'], back));
    });

    [Theory]
    [InlineData(63)]
    [InlineData(65)]
    [InlineData(0)]
    [InlineData(128)]
    public void ObjectIdParse_OtherLengths_IsRefused(int characters) => Refuse(new string('a', characters));

    [Fact]
    public void ObjectIdParse_Texts_AcceptsLowercaseHexOnly()
    {
        string text = Convert.ToHexStringLower(new Random(2).Bytes(32));
        Assert.Equal(FcpStatus.Accepted, ObjectId.Parse(Encoding.ASCII.GetBytes(text), out ObjectId id));
        Assert.Equal(text, id.ToString());
        Refuse(text.ToUpperInvariant());
        Refuse("0x" + text[2..]);
        Refuse(text[..63] + "g");
        Refuse(" " + text[1..]);
    }

    [Fact]
    public void KeyIdOf_AKey_IsTheHashsFirstEightBytes()
    {
        byte[] key = new Random(5).Bytes(32);
        string expected = Convert.ToHexStringLower(Blake3Reference.Hash([.. "fcp.kid.v2"u8, .. key])[..8]);
        Assert.Equal(expected, KeyId.Of(key).ToString());
        Assert.Equal(expected, PublicKey.Read(key).ComputeKeyId().ToString());
        Assert.Throws<ArgumentException>(() => KeyId.Of(key.AsSpan(1)));
    }

    [Fact]
    public void ZoneHash_WellKnownZones_IsTheHashOfDomainAndText()
    {
        foreach (string text in new[] { "z:owner", "z:private", "z:work", "z:community", "z:public", "z:" + new string('x', 62) })
        {
            Assert.Equal(FcpStatus.Accepted, ZoneId.Parse(text, out ZoneId zone));
            byte[] expected = Blake3Reference.Hash([.. "FCP2-ZONE-ID-V1"u8, .. Encoding.ASCII.GetBytes(text)]);
            Assert.Equal(Convert.ToHexStringLower(expected), zone.ComputeHash().ToString());
        }
    }

    [Fact]
    public void ObjectIds_ScopedAndUnscoped_AreTheirDefinitions() => Seeded.Run(20, static random =>
    {
        byte[] key = random.Bytes(32), schema = random.Bytes(32), content = random.Bytes(random.Next(3000));
        ZoneId.Parse("z:work", out ZoneId zone);
        var hasher = new Blake3Hasher();
        ObjectId scoped = ObjectId.Scoped(hasher, key, zone, new SchemaHash(Bytes32.Read(schema)), content);
        byte[] expected = Blake3Reference.KeyedHash(key, [.. "FCP2-OBJECT-V2"u8, .. "z:work"u8, .. schema, .. content]);
        Assert.Equal(Convert.ToHexStringLower(expected), scoped.ToString());
        Assert.Equal(
            Convert.ToHexStringLower(Blake3Reference.Hash([.. "FCP2-CONTENT-V2"u8, .. content])), ObjectId.Unscoped(content).ToString());

        byte[] afterwards = new byte[32];
        hasher.Finish(afterwards); // the scratch hasher was erased of the key
        Assert.Equal(Blake3Reference.Hash([]), afterwards);
    });

    [Fact]
    public void ObjectIdScoped_OneInputChanged_ChangesTheId()
    {
        ZoneId.Parse("z:work", out ZoneId zone);
        ZoneId.Parse("z:work2", out ZoneId otherZone);
        SchemaHash schema = Schemas.RawChunk.ComputeHash(), otherSchema = Schemas.File.ComputeHash();
        byte[] key = new byte[32], otherKey = [1, .. new byte[31]], content = [1, 2, 3];
        var hasher = new Blake3Hasher();
        ObjectId[] ids =
        [
            ObjectId.Scoped(hasher, key, zone, schema, content),
            ObjectId.Scoped(hasher, otherKey, zone, schema, content),
            ObjectId.Scoped(hasher, key, otherZone, schema, content),
            ObjectId.Scoped(hasher, key, zone, otherSchema, content),
            ObjectId.Scoped(hasher, key, zone, schema, [1, 2, 4]),
            ObjectId.Scoped(hasher, key, zone, schema, []),
            ObjectId.Unscoped(content),
        ];
        Assert.Equal(ids.Length, new HashSet<ObjectId>(ids).Count);
    }

    [Fact]
    public void Equality_DistinctIdTypesOverOneValue_KeepTheirLengths()
    {
        var word = new Bytes8(7);
        Assert.Equal(new ZoneKeyId(word).ToString(), new ObjectIdKeyId(word).ToString());
        Assert.Equal([8, 8, 8, 16, 16, 32, 32, 32, 32, 32], new[]
        {
            ZoneKeyId.Length, ObjectIdKeyId.Length, KeyId.Length, SessionId.Length, TransferId.Length, SchemaHash.Length, ZoneIdHash.Length,
            ManifestDigest.Length, PublicKey.Length, ObjectId.Length,
        });
    }

    private static void Refuse(string text)
    {
        Assert.Equal(FcpStatus.InvalidObjectId, ObjectId.Parse(Encoding.ASCII.GetBytes(text), out ObjectId id));
        Assert.Equal(default, id);
    }
}
