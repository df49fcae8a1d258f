using System;
using System.Linq;
using FcpFast.Control.Identities;
using FcpFast.Control.Revocations;
using FcpFast.Control.Tests.Support;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Tests.Revocations;

/// <summary>Lists of revoked keys: only forward, both of two that contradict each other, and how old they may be.</summary>
public sealed class RevocationTests : IDisposable
{
    private readonly TestZone _zone = new();

    public void Dispose() => _zone.Dispose();

    [Fact]
    public void Take_ANewList_RevokesItsKeysAndNoOthers()
    {
        RevocationHistory history = Take(List(1, Key(1), Key(2)), RevocationHistory.Empty);
        Assert.True(history.IsRevoked(Key(1)));
        Assert.True(history.IsRevoked(Key(2)));
        Assert.False(history.IsRevoked(Key(3)));
        Assert.False(RevocationHistory.Empty.IsRevoked(Key(1)));
        RevokedKey entry = history.InForce!.Revoked.Single(static key => key.SigningKey == Key(1));
        Assert.Equal((_zone.Node, RevocationReason.Compromised, TestZone.Now), (entry.Node, entry.Reason, entry.RevokedAtUnixSeconds));
    }

    [Fact]
    public void Take_OfAnySerial_GoesOnlyForward()
    {
        RevocationHistory history = Take(List(5, Key(1)), RevocationHistory.Empty);
        Refuse(FcpStatus.RevocationRollback, List(4, Key(1), Key(2)), history);
        Assert.Same(history, TakeAny(List(5, Key(1)), history, FcpStatus.Accepted)); // the same again
        RevocationHistory later = Take(List(6), history);
        Assert.False(later.IsRevoked(Key(1))); // a higher serial decides alone
        Assert.Equal(6ul, later.Serial);
    }

    [Fact]
    public void Take_TwoListsUnderOneSerial_RevokesWhatEitherNames()
    {
        RevocationHistory history = Take(List(1, Key(1)), RevocationHistory.Empty);
        byte[] rival = List(1, Key(2));
        RevocationHistory after = TakeAny(rival, history, FcpStatus.RevocationEquivocation);
        Assert.True(after.IsRevoked(Key(1)));
        Assert.True(after.IsRevoked(Key(2)));
        Assert.Equal(rival, after.Rival!.Encoded.ToArray());
        Assert.Same(after, TakeAny(List(1, Key(3)), after, FcpStatus.RevocationEquivocation)); // two prove it; a third says no more
        RevocationHistory healed = Take(List(2, Key(3)), after);
        Assert.Null(healed.Rival);
        Assert.Equal([false, false, true], new[] { 1, 2, 3 }.Select(number => healed.IsRevoked(Key(number))));
    }

    [Fact]
    public void Take_UnsignedFieldsChanged_IsTheSameList()
    {
        byte[] list = List(1, Key(1));
        RevocationHistory history = Take(list, RevocationHistory.Empty);
        int at = list.AsSpan().IndexOf("owner-1"u8);
        list[at] = (byte)'O'; // outside the signature
        Assert.Same(history, TakeAny(list, history, FcpStatus.Accepted));
    }

    [Fact]
    public void Take_AnyBitOfWhatIsSignedChanged_IsRefusedAndChangesNothing()
    {
        byte[] list = List(2, Key(1), Key(2)), signedAt = [0x69, .. "signed_at"u8], signer = [0x67, .. "node_id"u8, 0x67, .. "owner-1"u8];
        int unsignedFrom = list.AsSpan().IndexOf(signedAt), signerAt = list.AsSpan().IndexOf(signer) + 9;
        RevocationHistory history = Take(List(1), RevocationHistory.Empty);
        foreach ((int position, byte[] flipped) in TestZone.Flips(list))
        {
            bool isUnsigned = (position >= unsignedFrom + 11 && position < unsignedFrom + 15) || (position >= signerAt && position < signerAt + 7);
            FcpStatus status = history.Take(flipped, _zone.Owner.PublicKey, TestZone.Now, _zone.Crypto.Signatures, out RevocationHistory after);
            Assert.True(isUnsigned || status != FcpStatus.Accepted, $"byte {position}");
            if (status != FcpStatus.Accepted) Assert.Same(history, after);
        }
    }

    [Fact]
    public void Take_AListOfAStranger_IsRefused()
    {
        using OwnerKey stranger = OwnerKey.Generate(_zone.Crypto);
        Assert.Equal(FcpStatus.Accepted, RevocationList.Sign(1, [], FreshnessPolicy.None, stranger, _zone.Signer, TestZone.Now, out RevocationList? list));
        Refuse(FcpStatus.InvalidSignature, list!.Encoded.ToArray(), RevocationHistory.Empty);
    }

    [Theory]
    [InlineData(120, FcpStatus.Accepted)]
    [InlineData(121, FcpStatus.InvalidRevocation)]
    public void Take_AListDatedAhead_HasABound(ulong ahead, FcpStatus expected) => Assert.Equal(
        expected,
        RevocationHistory.Empty.Take(List(1), _zone.Owner.PublicKey, TestZone.Now - ahead, _zone.Crypto.Signatures, out _));

    [Theory]
    [InlineData(0ul, true)]
    [InlineData(3599ul, false)]
    [InlineData(31_536_001ul, false)]
    public void Sign_OutOfBounds_IsRefused(ulong ageSecondsMax, bool refuses) => Assert.Equal(
        FcpStatus.InvalidRevocation,
        RevocationList.Sign(1, [], new FreshnessPolicy(ageSecondsMax, refuses), _zone.Owner, _zone.Signer, TestZone.Now, out _));

    [Fact]
    public void Sign_SerialZeroOrAKeyTwice_IsRefused()
    {
        Assert.Equal(FcpStatus.InvalidRevocation, RevocationList.Sign(0, [], default, _zone.Owner, _zone.Signer, TestZone.Now, out _));
        RevokedKey[] twice = [Entry(1), Entry(1)];
        Assert.Equal(FcpStatus.InvalidRevocation, RevocationList.Sign(1, twice, default, _zone.Owner, _zone.Signer, TestZone.Now, out _));
    }

    [Fact]
    public void Parse_EntriesOutOfOrder_IsInvalidRevocation()
    {
        byte[] list = List(1, Key(1), Key(2));
        byte[] first = new byte[32], second = new byte[32];
        Key(1).Value.Write(first);
        Key(2).Value.Write(second);
        int at = list.AsSpan().IndexOf(first), other = list.AsSpan().IndexOf(second);
        second.CopyTo(list, at);
        first.CopyTo(list, other);
        Assert.Equal(FcpStatus.InvalidRevocation, RevocationList.Parse(list, out _));
    }

    [Fact]
    public void Parse_MoreThanTheMost_IsRefusedBeforeItIsRead()
    {
        var writer = new CborWriter();
        writer.BeginMap(6);
        writer.Key("serial"u8);
        writer.Unsigned(1);
        writer.Key("revoked"u8);
        writer.BeginArray(RevocationList.CountMax + 1);
        for (int i = 0; i <= RevocationList.CountMax; i++) writer.Unsigned(0);
        foreach (string key in new[] { "issued_at", "signature", "when_stale", "max_age_secs" })
        {
            writer.Text(key);
            writer.Unsigned(0);
        }

        Assert.Equal(FcpStatus.InvalidRevocation, RevocationList.Parse(writer.Written, out _));
    }

    [Theory]
    [InlineData(false, 3600ul, false)]
    [InlineData(false, 3601ul, true)]
    [InlineData(true, 3601ul, true)]
    public void JudgeFreshness_ByTheOwnersPolicy_IsStaleAfterItsAge(bool refuses, ulong age, bool isStale)
    {
        RevocationList.Sign(1, [], new FreshnessPolicy(3600, refuses), _zone.Owner, _zone.Signer, TestZone.Now, out RevocationList? list);
        RevocationHistory history = Take(list!.Encoded.ToArray(), RevocationHistory.Empty);
        Assert.Equal(isStale ? FcpStatus.RevocationStale : FcpStatus.Accepted, history.JudgeFreshness(TestZone.Now + age));
        Assert.Equal(isStale && refuses, history.RefusesAll(TestZone.Now + age));
        Assert.Equal(FcpStatus.Accepted, RevocationHistory.Empty.JudgeFreshness(ulong.MaxValue));
        Assert.Equal(FcpStatus.Accepted, Take(List(2), history).JudgeFreshness(ulong.MaxValue)); // a list without a policy is never stale
    }

    private static PublicKey Key(int number) => new(new Bytes32((ulong)number, 1, 2, 3));

    private RevokedKey Entry(int number) => new(Key(number), _zone.Node, RevocationReason.Compromised, TestZone.Now);

    private byte[] List(ulong serial, params PublicKey[] keys)
    {
        RevokedKey[] entries = [.. keys.Select(key => new RevokedKey(key, _zone.Node, RevocationReason.Compromised, TestZone.Now))];
        FcpStatus status = RevocationList.Sign(serial, entries, FreshnessPolicy.None, _zone.Owner, _zone.Signer, TestZone.Now, out RevocationList? list);
        Assert.Equal(FcpStatus.Accepted, status);
        return list!.Encoded.ToArray();
    }

    private RevocationHistory TakeAny(byte[] list, RevocationHistory history, FcpStatus expected)
    {
        FcpStatus status = history.Take(list, _zone.Owner.PublicKey, TestZone.Now, _zone.Crypto.Signatures, out RevocationHistory after);
        Assert.Equal(expected, status);
        return after;
    }

    private RevocationHistory Take(byte[] list, RevocationHistory history) => TakeAny(list, history, FcpStatus.Accepted);

    private void Refuse(FcpStatus reason, byte[] list, RevocationHistory history) => Assert.Same(history, TakeAny(list, history, reason));
}
