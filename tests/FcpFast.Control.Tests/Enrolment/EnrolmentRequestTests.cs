using System;
using System.Collections.Immutable;
using FcpFast.Control.Enrolment;
using FcpFast.Control.Identities;
using FcpFast.Control.Tests.Support;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Tests.Enrolment;

/// <summary>Requests to be attested: what the owner may believe of them.</summary>
public sealed class EnrolmentRequestTests : IDisposable
{
    private static readonly ImmutableArray<string> Tags = ["tag:fcp-work", "tag:fcpfast-relay"];

    private readonly TestZone _zone = new();

    public void Dispose() => _zone.Dispose();

    [Fact]
    public void Judge_ARequestAsMade_GivesItsKeysAndWishes()
    {
        Assert.Equal(FcpStatus.Accepted, Judge(Make(), out EnrolmentRequest? request));
        Assert.Equal(_zone.Node, request!.Node);
        Assert.Equal(_zone.Keys.Public, request.Keys);
        Assert.Equal(Tags, request.Tags);
        Assert.Equal(TestZone.Now, request.CreatedAtUnixSeconds);
    }

    [Fact]
    public void Judge_WithANextEncryptionKey_AsksForThatOne()
    {
        _zone.Keys.DrawNextEncryptionKey();
        Assert.Equal(FcpStatus.Accepted, Judge(Make(), out EnrolmentRequest? request));
        Assert.Equal(_zone.Keys.Requested(), request!.Keys);
        Assert.NotEqual(_zone.Keys.Public.Encryption, request.Keys.Encryption);
    }

    [Fact]
    public void Judge_AnyBitChanged_IsRefused()
    {
        byte[] made = Make();
        foreach ((int position, byte[] flipped) in TestZone.Flips(made))
        {
            Assert.True(Judge(flipped, out EnrolmentRequest? request) != FcpStatus.Accepted, $"byte {position}");
            Assert.Null(request);
        }
    }

    [Fact]
    public void Judge_ARequestToAnotherOwner_IsRefused()
    {
        using OwnerKey other = OwnerKey.Generate(_zone.Crypto);
        Assert.Equal(FcpStatus.InvalidEnrolment, EnrolmentRequest.Judge(Make(), other, TestZone.Now, _zone.Crypto, out _));
        byte[] mixed = Make(new OwnerCard(_zone.Owner.PublicKey, other.AgreementKey)); // a card that somebody has mixed
        Assert.Equal(FcpStatus.ProofOfPossessionFailed, Judge(mixed, out _));
    }

    [Fact]
    public void Judge_ForeignKeys_AreNotProven()
    {
        using NodeKeys own = NodeKeys.Generate(_zone.Crypto), victim = NodeKeys.Generate(_zone.Crypto);
        Assert.Equal(FcpStatus.Accepted, EnrolmentRequest.Make(_zone.Node, own, [], Card(), TestZone.Now, _zone.Crypto, out byte[] request));
        byte[] mine = Bytes(own.Public.Encryption), theirs = Bytes(victim.Public.Encryption);
        int at = request.AsSpan().IndexOf(mine);
        theirs.CopyTo(request, at);
        Assert.Equal(FcpStatus.ProofOfPossessionFailed, Judge(request, out _));
    }

    [Theory]
    [InlineData(30 * 86_400, FcpStatus.Accepted)]
    [InlineData((30 * 86_400) + 1, FcpStatus.EnrolmentExpired)]
    [InlineData(-120, FcpStatus.Accepted)]
    [InlineData(-121, FcpStatus.InvalidEnrolment)]
    public void Judge_ByItsAge_HasBounds(long ageSeconds, FcpStatus expected) =>
        Assert.Equal(expected, EnrolmentRequest.Judge(Make(), _zone.Owner, (ulong)((long)TestZone.Now + ageSeconds), _zone.Crypto, out _));

    [Fact]
    public void Make_WithTagsOutOfGrammar_IsRefused() => Assert.Equal(
        FcpStatus.InvalidEnrolment,
        EnrolmentRequest.Make(_zone.Node, _zone.Keys, ["relay"], Card(), TestZone.Now, _zone.Crypto, out _));

    [Fact]
    public void Make_ToAnAgreementKeyOfSmallOrder_IsRefused() => Assert.Equal(
        FcpStatus.ProofOfPossessionFailed,
        EnrolmentRequest.Make(_zone.Node, _zone.Keys, [], Card() with { AgreementKey = default }, TestZone.Now, _zone.Crypto, out _));

    [Fact]
    public void OwnerCard_AsMade_IsVerifiedAndNoOther()
    {
        byte[] card = OwnerCard.Make(_zone.Owner);
        Assert.Equal(FcpStatus.Accepted, OwnerCard.Parse(card, _zone.Crypto.Signatures, out OwnerCard? read));
        Assert.Equal(Card(), read);
        foreach ((_, byte[] flipped) in TestZone.Flips(card)) Assert.NotEqual(FcpStatus.Accepted, OwnerCard.Parse(flipped, _zone.Crypto.Signatures, out _));
    }

    private static byte[] Bytes(PublicKey key)
    {
        byte[] bytes = new byte[PublicKey.Length];
        key.Value.Write(bytes);
        return bytes;
    }

    private OwnerCard Card() => new(_zone.Owner.PublicKey, _zone.Owner.AgreementKey);

    private byte[] Make(OwnerCard? card = null)
    {
        FcpStatus status = EnrolmentRequest.Make(_zone.Node, _zone.Keys, Tags, card ?? Card(), TestZone.Now, _zone.Crypto, out byte[] request);
        Assert.Equal(FcpStatus.Accepted, status);
        return request;
    }

    private FcpStatus Judge(byte[] request, out EnrolmentRequest? judged) =>
        EnrolmentRequest.Judge(request, _zone.Owner, TestZone.Now, _zone.Crypto, out judged);
}
