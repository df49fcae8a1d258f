using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Tests.Cbor;

/// <summary>[WIRE §3]: each fault by its name, and the first fault wins.</summary>
public sealed class CanonicalCborTests
{
    /// <summary>Faults that do not depend on what stands behind them.</summary>
    public static TheoryData<string, FcpStatus> SelfContainedFaults => new()
    {
        { "1c", FcpStatus.CborDeserialize }, // reserved additional information, in every major type
        { "3d", FcpStatus.CborDeserialize },
        { "5e", FcpStatus.CborDeserialize },
        { "7c", FcpStatus.CborDeserialize },
        { "9d", FcpStatus.CborDeserialize },
        { "be", FcpStatus.CborDeserialize },
        { "dc", FcpStatus.CborDeserialize },
        { "fc", FcpStatus.CborDeserialize },
        { "1f", FcpStatus.CborDeserialize }, // integers have no indefinite form
        { "3f", FcpStatus.CborDeserialize },
        { "ff", FcpStatus.CborDeserialize }, // a stray break
        { "61ff", FcpStatus.CborDeserialize }, // no UTF-8
        { "62c080", FcpStatus.CborDeserialize }, // overlong
        { "63eda080", FcpStatus.CborDeserialize }, // half a surrogate pair
        { "64f4908080", FcpStatus.CborDeserialize }, // above U+10FFFF
        { "61c3", FcpStatus.CborDeserialize }, // cut within a character
        { "5bffffffffffffffff", FcpStatus.CborDeserialize },
        { "7b7fffffffffffffff", FcpStatus.CborDeserialize },
        { "9b0000000100000000", FcpStatus.CborDeserialize },
        { "bb8000000000000000", FcpStatus.CborDeserialize },
        { "1800", FcpStatus.NonCanonicalEncoding },
        { "1817", FcpStatus.NonCanonicalEncoding },
        { "3817", FcpStatus.NonCanonicalEncoding },
        { "1900ff", FcpStatus.NonCanonicalEncoding },
        { "1a0000ffff", FcpStatus.NonCanonicalEncoding },
        { "1b00000000ffffffff", FcpStatus.NonCanonicalEncoding },
        { "5800", FcpStatus.NonCanonicalEncoding },
        { "780161", FcpStatus.NonCanonicalEncoding },
        { "990000", FcpStatus.NonCanonicalEncoding },
        { "b800", FcpStatus.NonCanonicalEncoding },
        { "5fff", FcpStatus.NonCanonicalEncoding }, // indefinite lengths
        { "7fff", FcpStatus.NonCanonicalEncoding },
        { "9fff", FcpStatus.NonCanonicalEncoding },
        { "bfff", FcpStatus.NonCanonicalEncoding },
        { "a2616200616100", FcpStatus.NonCanonicalEncoding }, // b before a
        { "a262616100616200", FcpStatus.NonCanonicalEncoding }, // longer before shorter
        { "a2616100616100", FcpStatus.DuplicateMapKey },
        { "a2600060f5", FcpStatus.DuplicateMapKey },
        { "c000", FcpStatus.UnsupportedItem },
        { "d9d9f700", FcpStatus.UnsupportedItem },
        { "f90000", FcpStatus.UnsupportedItem },
        { "fa00000000", FcpStatus.UnsupportedItem },
        { "fb0000000000000000", FcpStatus.UnsupportedItem },
        { "f7", FcpStatus.UnsupportedItem },
        { "e0", FcpStatus.UnsupportedItem },
        { "f3", FcpStatus.UnsupportedItem },
        { "f814", FcpStatus.UnsupportedItem }, // false, said in two bytes
        { "f8ff", FcpStatus.UnsupportedItem },
        { "a10000", FcpStatus.NonTextKey },
        { "a1412000", FcpStatus.NonTextKey },
        { "a1f600", FcpStatus.NonTextKey },
        { "a18000", FcpStatus.NonTextKey },
        { "8181818181818181818181818181818181", FcpStatus.CborDeserialize }, // 17 open arrays and nothing in the last
        { "818181818181818181818181818181818100", FcpStatus.TooDeep },
    };

    [Theory]
    [MemberData(nameof(SelfContainedFaults))]
    public void Validate_OneFault_GivesItsName(string hex, FcpStatus expected)
    {
        byte[] item = Convert.FromHexString(hex);
        Assert.Equal(expected, CanonicalCbor.Validate(item, item.Length));
    }

    [Fact]
    public void Validate_TwoFaultsInARow_GivesTheLeftOne()
    {
        List<(string Hex, FcpStatus Status)> faults = SelfContainedFaults.Select(static row => (row.Data.Item1, row.Data.Item2))
            .Where(static fault => fault.Item1 != "8181818181818181818181818181818181").ToList();
        foreach ((string left, FcpStatus status) in faults)
        {
            foreach ((string right, _) in faults)
            {
                string[] inputs = [$"82{left}{right}", $"a26161{left}6162{right}", $"8300{left}{right}", $"82{left}{right}00"];
                foreach (string hex in inputs)
                {
                    byte[] item = Convert.FromHexString(hex);
                    Assert.True(status == CanonicalCbor.Validate(item, item.Length), $"{left} before {right} in {hex}");
                }
            }
        }
    }

    [Theory]
    [InlineData("a26162f7616100", FcpStatus.UnsupportedItem)] // the value of b comes before the key that is out of order
    [InlineData("a26162006161f7", FcpStatus.NonCanonicalEncoding)] // the key that is out of order comes before its value
    [InlineData("a26161006161f7", FcpStatus.DuplicateMapKey)]
    [InlineData("a200006161f7", FcpStatus.NonTextKey)]
    [InlineData("a2616100f700", FcpStatus.UnsupportedItem)] // an item that may not be at all, in the place of a key
    [InlineData("a2616100180061", FcpStatus.NonCanonicalEncoding)]
    [InlineData("821800", FcpStatus.NonCanonicalEncoding)] // left of the end that cuts the array short
    [InlineData("8200", FcpStatus.CborDeserialize)]
    [InlineData("a16161", FcpStatus.CborDeserialize)]
    [InlineData("a1", FcpStatus.CborDeserialize)]
    [InlineData("0000", FcpStatus.TrailingBytes)]
    [InlineData("00ff", FcpStatus.TrailingBytes)] // what follows the item is not read
    [InlineData("180000", FcpStatus.NonCanonicalEncoding)]
    public void Validate_FaultsAtDifferentPlaces_GivesTheFirst(string hex, FcpStatus expected) =>
        Assert.Equal(expected, CanonicalCbor.Validate(Convert.FromHexString(hex), 100));

    [Fact]
    public void Validate_OverTheLimit_IsSaidBeforeAnythingIsRead()
    {
        Assert.Equal(FcpStatus.PayloadTooLarge, CanonicalCbor.Validate([0xff, 0xff], 1));
        Assert.Equal(FcpStatus.PayloadTooLarge, CanonicalCbor.Validate([0xf6], 0));
        Assert.Equal(FcpStatus.Accepted, CanonicalCbor.Validate([0xf6], 1));
        Assert.Equal(FcpStatus.CborDeserialize, CanonicalCbor.Validate(default, 0));
    }

    [Fact]
    public void Validate_EveryPrefixOfAnItem_IsCutShort()
    {
        byte[] item = Convert.FromHexString("a361618218ff3910006162a16163f662616464f09f9880");
        Assert.Equal(FcpStatus.Accepted, CanonicalCbor.Validate(item, 100));
        for (int length = 0; length < item.Length; length++)
        {
            Assert.Equal(FcpStatus.CborDeserialize, CanonicalCbor.Validate(item.AsSpan(0, length), 100));
        }
    }

    [Fact]
    public void Validate_Nesting_EndsAtSixteenContainersOfAnyKind()
    {
        for (int pattern = 0; pattern < 8; pattern++)
        {
            for (int depth = 1; depth <= 20; depth++)
            {
                byte[] opening = Enumerable.Range(0, depth)
                    .SelectMany(i => (pattern >> (i % 3) & 1) == 0 ? new byte[] { 0x81 } : [0xa1, 0x60]).ToArray();
                FcpStatus expected = depth <= 16 ? FcpStatus.Accepted : FcpStatus.TooDeep;
                Assert.Equal(expected, CanonicalCbor.Validate([.. opening, 0x00], 100));
                FcpStatus expectedEmpty = depth < 16 ? FcpStatus.Accepted : FcpStatus.TooDeep;
                Assert.Equal(expectedEmpty, CanonicalCbor.Validate([.. opening, 0x80], 100)); // an empty container is one, too
                Assert.Equal(expectedEmpty, CanonicalCbor.Validate([.. opening, 0xa0], 100));
            }
        }

        Assert.Equal(FcpStatus.TooDeep, CanonicalCbor.Validate(Enumerable.Repeat((byte)0x81, 1_000_000).ToArray(), 1_000_000));
    }

    [Fact]
    public void Validate_DeclaredLengthsBeyondTheInput_AreRefusedWithoutReading()
    {
        ulong[] lengths = [24, 255, 256, 65_536, int.MaxValue, 1ul << 31, uint.MaxValue, 1ul << 32, long.MaxValue, 1ul << 63, ulong.MaxValue];
        foreach (byte major in new byte[] { 2, 3, 4, 5 })
        {
            foreach (ulong length in lengths)
            {
                byte[] head = new byte[9];
                int headBytes = CborHead.Write(head, major, length);
                byte[] input = [.. head[..headBytes], .. new byte[20]];
                Assert.Equal(FcpStatus.CborDeserialize, CanonicalCbor.Validate(input, input.Length));
            }
        }
    }

    [Fact]
    public void Validate_ALargeFlatArray_IsOnePass()
    {
        byte[] input = [0x9a, 0x00, 0x0f, 0xff, 0xff, .. new byte[0xfffff]];
        Assert.Equal(FcpStatus.Accepted, CanonicalCbor.Validate(input, input.Length));
        Assert.Equal(FcpStatus.CborDeserialize, CanonicalCbor.Validate(input.AsSpan(0, input.Length - 1), input.Length));
    }

    [Fact]
    public void OpenPayload_Faults_AreJudgedInTheirOrder()
    {
        SchemaHash schema = Schemas.Ping.ComputeHash(), other = Schemas.File.ComputeHash();
        byte[] prefix = new byte[32];
        schema.Value.Write(prefix);
        Assert.Equal(FcpStatus.Accepted, CanonicalCbor.OpenPayload([.. prefix, 0xa0], schema, 33, out ReadOnlySpan<byte> cbor));
        Assert.Equal([0xa0], cbor.ToArray());
        Assert.Equal(FcpStatus.PayloadTooLarge, CanonicalCbor.OpenPayload([.. prefix, 0xa0], other, 32, out cbor));
        Assert.True(cbor.IsEmpty);
        Assert.Equal(FcpStatus.PayloadTooLarge, CanonicalCbor.OpenPayload(new byte[10], schema, 9, out _));
        Assert.Equal(FcpStatus.MissingSchemaHashPrefix, CanonicalCbor.OpenPayload(prefix.AsSpan(0, 31), schema, 33, out _));
        Assert.Equal(FcpStatus.MissingSchemaHashPrefix, CanonicalCbor.OpenPayload(default, schema, 33, out _));
        Assert.Equal(FcpStatus.SchemaMismatch, CanonicalCbor.OpenPayload([.. prefix, 0xff], other, 33, out _));
        Assert.Equal(FcpStatus.CborDeserialize, CanonicalCbor.OpenPayload(prefix, schema, 33, out _));
        Assert.Equal(FcpStatus.TrailingBytes, CanonicalCbor.OpenPayload([.. prefix, 0xa0, 0x00], schema, 34, out cbor));
        Assert.True(cbor.IsEmpty);
        Assert.Equal(FcpStatus.Accepted, CanonicalCbor.ReadSchema([.. prefix, 0xff], 33, out SchemaHash read));
        Assert.Equal(schema, read);
    }
}
