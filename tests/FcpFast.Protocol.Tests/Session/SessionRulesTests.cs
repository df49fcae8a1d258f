using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Session;

/// <summary>[WIRE §7.1], [WIRE §7.5], [WIRE §7.6], [WIRE §8]: suites, limits, skew and the session's keys.</summary>
public sealed class SessionRulesTests
{
    [Fact]
    public void ParseSuite_EveryNumber_KnowsOneAndTwo()
    {
        for (ulong number = 0; number < 1000; number++)
        {
            FcpStatus expected = number is 1 or 2 ? FcpStatus.Accepted : FcpStatus.InvalidSuiteId;
            Assert.Equal(expected, SessionRules.ParseSuite(number, out MacSuite suite));
            Assert.Equal(expected == FcpStatus.Accepted ? (MacSuite)number : MacSuite.Unset, suite);
        }

        Assert.Equal(FcpStatus.InvalidSuiteId, SessionRules.ParseSuite(ulong.MaxValue, out _));
        Assert.Equal(FcpStatus.InvalidSuiteId, SessionRules.ParseSuite((1ul << 32) + 1, out _));
        Assert.Equal("suite1-hmacsha256", SessionRules.SuiteLabel(MacSuite.HmacSha256));
        Assert.Equal("suite2-blake3", SessionRules.SuiteLabel(MacSuite.Blake3));
        Assert.Equal("none", SessionRules.SuiteLabel(MacSuite.Unset));
    }

    [Fact]
    public void Negotiate_EveryPairOfLists_TakesTheInitiatorsFirstThatIsShared()
    {
        MacSuite[][] lists = [[], [MacSuite.HmacSha256], [MacSuite.Blake3], [MacSuite.HmacSha256, MacSuite.Blake3], [MacSuite.Blake3, MacSuite.HmacSha256]];
        foreach (MacSuite[] initiator in lists)
        {
            foreach (MacSuite[] responder in lists)
            {
                MacSuite expected = initiator.FirstOrDefault(responder.Contains);
                Assert.Equal(expected == MacSuite.Unset ? FcpStatus.NoMutualSuite : FcpStatus.Accepted, SessionRules.Negotiate(initiator, responder, out MacSuite suite));
                Assert.Equal(expected, suite);
            }
        }
    }

    [Theory]
    [InlineData(null, FcpStatus.Accepted, 1200)]
    [InlineData((ushort)0, FcpStatus.Accepted, 1200)]
    [InlineData((ushort)1, FcpStatus.InvalidTransportLimits, 1)]
    [InlineData((ushort)575, FcpStatus.InvalidTransportLimits, 575)]
    [InlineData((ushort)576, FcpStatus.Accepted, 576)]
    [InlineData(ushort.MaxValue, FcpStatus.Accepted, 65_535)]
    public void DatagramLimit_Values_HaveTheirRange(ushort? limits, FcpStatus expected, int bytes)
    {
        Assert.Equal(expected, SessionRules.DatagramLimit(limits, out int max));
        Assert.Equal(bytes, max);
    }

    [Theory]
    [InlineData(1000ul, 1000ul, true)]
    [InlineData(1000ul, 1120ul, true)]
    [InlineData(1000ul, 1121ul, false)]
    [InlineData(1120ul, 1000ul, true)]
    [InlineData(1121ul, 1000ul, false)]
    [InlineData(0ul, ulong.MaxValue, false)]
    [InlineData(ulong.MaxValue, 0ul, false)]
    [InlineData(ulong.MaxValue, ulong.MaxValue - 120, true)]
    [InlineData(ulong.MaxValue, 119ul, false)] // near only where numbers wrap
    public void IsWithinSkew_BothDirections_IsSymmetricAndNeverWraps(ulong timestamp, ulong now, bool expected) =>
        Assert.Equal(expected, SessionRules.IsWithinSkew(timestamp, now));

    [Fact]
    public void Derive_RandomInputs_AreTheTwoFullHkdfs() => Seeded.Run(100, static random =>
    {
        byte[] shared = random.Bytes(32), session = random.Bytes(16), helloNonce = random.Bytes(16), ackNonce = random.Bytes(16), keys = new byte[96];
        byte[] initiator = Encoding.ASCII.GetBytes(new string('i', random.Next(1, 129))), responder = Encoding.ASCII.GetBytes(new string('r', random.Next(1, 129)));
        SessionKeySchedule.Derive(new ManagedKdf(), shared, new SessionId(Bytes16.Read(session)), initiator, responder, helloNonce, ackNonce, keys);
        byte[] prk = HKDF.DeriveKey(
            HashAlgorithmName.SHA256, shared, 32, session, [.. "FCP2-SESSION-V1"u8, .. initiator, .. responder, .. helloNonce, .. ackNonce]);
        Assert.Equal(HKDF.DeriveKey(HashAlgorithmName.SHA256, prk, 96, new byte[32], "FCP2-SESSION-KEYS-V1"u8.ToArray()), keys);
    });

    [Fact]
    public void Derive_OneInputChanged_ChangesAllThreeKeys()
    {
        byte[] Keys(byte shared = 1, byte session = 2, string initiator = "a", string responder = "b", byte helloNonce = 3, byte ackNonce = 4)
        {
            byte[] keys = new byte[SessionKeySchedule.KeysBytes];
            SessionKeySchedule.Derive(
                new ManagedKdf(), HandshakeSamples.Fill(shared, 32), new SessionId(Bytes16.Read(HandshakeSamples.Fill(session, 16))),
                Encoding.ASCII.GetBytes(initiator), Encoding.ASCII.GetBytes(responder), HandshakeSamples.Fill(helloNonce, 16), HandshakeSamples.Fill(ackNonce, 16), keys);
            return keys;
        }

        byte[][] all =
        [
            Keys(), Keys(shared: 9), Keys(session: 9), Keys(initiator: "c"), Keys(responder: "c"), Keys(helloNonce: 9), Keys(ackNonce: 9),
            Keys(initiator: "b", responder: "a"), Keys(helloNonce: 4, ackNonce: 3),
        ];
        HashSet<string> parts = all.SelectMany(static keys => keys.Chunk(32)).Select(Convert.ToHexString).ToHashSet();
        Assert.Equal(3 * all.Length, parts.Count);
    }

    [Fact]
    public void Derive_RoomForOtherThanThreeKeys_IsTheCallersFault() => Assert.Throws<ArgumentException>(static () =>
        SessionKeySchedule.Derive(new ManagedKdf(), new byte[32], default, "a"u8, "b"u8, new byte[16], new byte[16], new byte[95]));

    [Fact]
    public void SuiteList_UpToEight_KeepsTheirOrder()
    {
        var list = new SuiteList([MacSuite.Blake3, MacSuite.HmacSha256]);
        Assert.Equal(2, list.Count);
        Assert.Equal(MacSuite.HmacSha256, list[1]);
        Assert.True(list.Contains(MacSuite.Blake3));
        Assert.False(new SuiteList([MacSuite.Blake3]).Contains(MacSuite.HmacSha256));
        Assert.False(default(SuiteList).Contains(MacSuite.Unset)); // places that are not filled are not in the list
        Assert.Equal(8, new SuiteList(new MacSuite[8]).Count);
        Assert.ThrowsAny<Exception>(static () => new SuiteList(new MacSuite[9]));
    }
}
