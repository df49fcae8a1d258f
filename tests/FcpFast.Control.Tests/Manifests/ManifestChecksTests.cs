using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Control.Identities;
using FcpFast.Control.Manifests;
using FcpFast.Control.Profiles;
using FcpFast.Control.Tests.Support;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Tests.Manifests;

/// <summary>[WIRE §11.5]: M1 to M11, alone and in pairs, against a state that has a history and a profile.</summary>
public sealed class ManifestChecksTests : IDisposable
{
    private const ulong Now = TestZone.Now;

    private static readonly RekeyPolicy Ratchet = new() { EpochRatchet = true };

    private readonly TestZone _zone = new();
    private readonly OwnerKey _stranger;
    private readonly ZoneSecrets _first, _second;
    private readonly ZoneState _state;

    public ManifestChecksTests()
    {
        _stranger = OwnerKey.Generate(_zone.Crypto);
        _first = ZoneSecrets.Generate(_zone.Crypto);
        _second = _first.Rotate(_zone.Crypto, rotateObjectIdKey: false);
        ZoneState profiled = _zone.WithProfile(_zone.Fresh, SecurityTerms.Default with { RequireRatchet = true });
        _state = _zone.Accept(_zone.First(_first, Ratchet, Now - 1000), profiled);
    }

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
        _stranger.Dispose();
        _zone.Dispose();
        Assert.Equal(0, _zone.Vault.LiveCount); // whatever was opened or refused on the way
    }

    [Fact]
    public void Judge_ARotationWithoutFault_IsActivated()
    {
        using ManifestOutcome outcome = _zone.Judge(Good().Make(), _state);
        Assert.Equal(ManifestOutcomeKind.Activated, outcome.Kind);
        Assert.Equal(FcpStatus.Accepted, outcome.Status);
        Assert.Equal(_second.ZoneKeyId, outcome.State.SealingKeyId);
        Assert.Equal(TestZone.BytesOf(_second.ZoneKey), TestZone.BytesOf(outcome.Keys!.ZoneKey));
        Assert.Equal(TestZone.BytesOf(_second.ObjectIdKey), TestZone.BytesOf(outcome.Keys.ObjectIdKey));
        Assert.Equal([_zone.Node, _zone.OtherNode], outcome.State.Members);
        Assert.True(outcome.State.IsMember(_zone.OtherNode));
        Assert.False(outcome.State.IsMember(_zone.Signer));
        Assert.Empty(outcome.Evidence);
    }

    [Fact]
    public void Judge_EachFaultAlone_IsRefusedByItsName()
    {
        foreach (Fault fault in Faults()) AssertStatus(fault.Status, fault.Break(Good()), fault, fault);
    }

    [Fact]
    public void Judge_FaultsInPairs_NamesTheFirstAndNeverActivates()
    {
        List<Fault> faults = Faults();
        for (int first = 0; first < faults.Count; first++)
        {
            for (int second = first + 1; second < faults.Count; second++)
            {
                if (faults[first].Excludes == faults[second].Excludes && faults[first].Excludes is not null) continue;
                AssertStatus(faults[first].Status, faults[second].Break(faults[first].Break(Good())), faults[first], faults[second]);
            }
        }
    }

    [Fact]
    public void Judge_AllFaultsRepairedOneByOne_NamesEachInTurn()
    {
        List<Fault> faults = Faults().DistinctBy(static fault => fault.Excludes ?? fault.Name).ToList();
        for (int repaired = 0; repaired < faults.Count; repaired++)
        {
            ManifestForge forge = faults.Skip(repaired).Aggregate(Good(), static (forge, fault) => fault.Break(forge));
            AssertStatus(faults[repaired].Status, forge, faults[repaired], faults[^1]);
        }
    }

    [Theory]
    [InlineData(120ul, ManifestOutcomeKind.Activated)]
    [InlineData(121ul, ManifestOutcomeKind.Refused)]
    public void Judge_FromTheFuture_WaitsBeyondTheSkew(ulong ahead, ManifestOutcomeKind expected)
    {
        using ManifestOutcome outcome = _zone.Judge((Good() with { ValidFrom = Now + ahead }).Make(), _state);
        Assert.Equal(expected, outcome.Kind);
        Assert.Equal(expected == ManifestOutcomeKind.Refused ? FcpStatus.NotYetValid : FcpStatus.Accepted, outcome.Status);
    }

    [Theory]
    [InlineData(119ul, FcpStatus.Accepted)]
    [InlineData(120ul, FcpStatus.ManifestExpired)]
    public void Judge_PastItsEnd_LastsForTheSkew(ulong behind, FcpStatus expected)
    {
        using ManifestOutcome outcome = _zone.Judge((Good() with { ValidFrom = Now - 900, ValidUntil = Now - behind }).Make(), _state);
        Assert.Equal(expected, outcome.Status);
    }

    [Theory]
    [InlineData(ulong.MaxValue, null, FcpStatus.NotYetValid)]
    [InlineData(ulong.MaxValue, ulong.MaxValue, FcpStatus.InvalidValidity)]
    [InlineData(ulong.MaxValue - 1, ulong.MaxValue, FcpStatus.NotYetValid)]
    [InlineData(Now - 1, 0ul, FcpStatus.InvalidValidity)]
    public void Judge_TimesAtTheirBorders_OverflowNothing(ulong validFrom, ulong? validUntil, FcpStatus expected)
    {
        ZoneKeyManifest manifest = (Good() with { ValidFrom = validFrom, ValidUntil = validUntil }).Make();
        foreach (ulong now in (ulong[])[0, 1, 119, 120, Now])
        {
            using ManifestOutcome outcome = _zone.Judge(manifest, _state, now);
            FcpStatus atThatTime = expected == FcpStatus.InvalidValidity ? expected : FcpStatus.NotYetValid;
            Assert.Equal(atThatTime, outcome.Status);
            Assert.Same(_state, outcome.State);
        }
    }

    /// <summary>One bit of any byte: refused with the state as it was, or (in the signer's name and time) a copy of the same manifest.</summary>
    [Fact]
    public void Judge_AnyBitFlipped_IsRefusedOrSaysTheSame()
    {
        ZoneKeyManifest manifest = (Good() with { ZoneKeyRecipients = [_zone.Node], ObjectIdKeyRecipients = [_zone.Node] }).Make();
        ZoneState held = _zone.Accept(manifest, _state);
        int copies = 0;
        foreach ((int position, byte[] flipped) in TestZone.Flips(manifest.Encoded.ToArray()))
        {
            using ManifestOutcome atHolder = _zone.Judge(flipped, held), atOther = _zone.Judge(flipped, _state);
            bool isCopy = ZoneKeyManifest.Parse(flipped, out ZoneKeyManifest? parsed) == FcpStatus.Accepted
                && parsed!.SigningBytes().AsSpan().SequenceEqual(manifest.SigningBytes())
                && parsed.Signature.Bytes.Span.SequenceEqual(manifest.Signature.Bytes.Span);
            Assert.True(ReferenceEquals(held, atHolder.State), $"position {position}: {atHolder.Status}");
            Assert.Equal(isCopy ? ManifestOutcomeKind.Unchanged : ManifestOutcomeKind.Refused, atHolder.Kind);
            Assert.Equal(isCopy ? ManifestOutcomeKind.Activated : ManifestOutcomeKind.Refused, atOther.Kind);
            if (!isCopy) Assert.True(ReferenceEquals(_state, atOther.State), $"position {position}: {atOther.Status}");
            if (isCopy) copies++;
        }

        Assert.InRange(copies, 1, 8 * (7 + 5)); // "owner-1" and a time of five bytes
    }

    [Fact]
    public void Judge_Truncated_IsRefusedAtEveryLength()
    {
        byte[] bytes = Good().Make().Encoded.ToArray();
        for (int length = 0; length < bytes.Length; length++)
        {
            using ManifestOutcome outcome = _zone.Judge(bytes[..length], _state);
            Assert.Equal(FcpStatus.CborDeserialize, outcome.Status);
            Assert.Same(_state, outcome.State);
        }
    }

    [Fact]
    public void Judge_WithDisposedSecrets_IsHpkeFailed()
    {
        using SecretKey erased = _zone.Crypto.Vault.Import(new byte[32]);
        erased.Dispose();
        using ManifestOutcome outcome = ManifestAcceptance.Judge(
            Good().Make().Encoded.Span, _state, new RecipientKeys(_zone.Node, erased), Now, _zone.Crypto);
        Assert.Equal(FcpStatus.HpkeFailed, outcome.Status);
    }

    [Fact]
    public void Judge_SealedToTheKeyBefore_OpensWithIt()
    {
        ZoneKeyManifest manifest = Good().Make();
        _zone.Keys.DrawNextEncryptionKey();
        _zone.Keys.PromoteNextEncryptionKey();
        Assert.Equal(_second.ZoneKeyId, _zone.Accept(manifest, _state).SealingKeyId);
        _zone.Keys.DrawNextEncryptionKey();
        _zone.Keys.PromoteNextEncryptionKey();
        using ManifestOutcome outcome = _zone.Judge(manifest, _state); // the one before that is gone
        Assert.Equal(FcpStatus.HpkeFailed, outcome.Status);
    }

    /// <summary>[WIRE §14]: such a zone is not used before the group is there; nothing is half done.</summary>
    [Fact]
    public void Judge_InAnMlsZone_RefusesEverything()
    {
        ZoneState mls = _zone.WithProfile(_state, new SecurityTerms(KeyMode.MlsTreeKem, false, 3600, MacSuite.HmacSha256, true), revision: 2);
        foreach (ManifestForge forge in (ManifestForge[])[Good(), Good() with { ZoneKeyRecipients = [] }])
        {
            using ManifestOutcome outcome = _zone.Judge(forge.Make(), mls);
            Assert.Equal(FcpStatus.Downgrade, outcome.Status);
            Assert.Equal(ManifestOutcomeKind.Refused, outcome.Kind);
            Assert.Same(mls, outcome.State);
        }
    }

    private List<Fault> Faults()
    {
        NodeId[] onlyOther = [_zone.OtherNode];
        ZoneSecrets reused = _first;
        return
        [
            new("M1 policy", FcpStatus.InvalidRekeyPolicy, static forge => forge with
            {
                Policy = (forge.Policy ?? Ratchet) with { OverlapWindowSeconds = 86_401 },
            }),
            new("M1 node id", FcpStatus.InvalidNodeId, forge => forge with
            {
                ObjectIdKeyRecipients = [.. forge.ObjectIdKeyRecipients ?? [_zone.Node], default],
            }),
            new("M1 box", FcpStatus.HpkeFailed, static forge => forge with { OtherBox = new byte[47] }),
            new("M2 schema", FcpStatus.SchemaMismatch, static forge => forge with { Schema = Schemas.ZoneSecurityProfile }),
            new("M2 profile", FcpStatus.ProfileMissing, static forge => forge with { Refs = [new Bytes32(1, 2, 3, 4)] }),
            new("M3 zone", FcpStatus.ZoneIdMismatch, static forge => forge with { Zone = TestZone.ZoneOf("z:home") }, "zone"),
            new("M3 header zone", FcpStatus.ZoneIdMismatch, static forge => forge with { HeaderZone = TestZone.ZoneOf("z:home") }, "zone"),
            new("M4", FcpStatus.InvalidSignature, forge => forge with { Owner = _stranger }),
            new("M5 zone keys", FcpStatus.DuplicateRecipient, forge => forge with
            {
                ZoneKeyRecipients = [_zone.OtherNode, .. forge.ZoneKeyRecipients ?? [_zone.Node, _zone.OtherNode]],
            }),
            new("M5 object-id keys", FcpStatus.DuplicateRecipient, forge => forge with
            {
                ObjectIdKeyRecipients = [_zone.OtherNode, .. forge.ObjectIdKeyRecipients ?? [_zone.Node, _zone.OtherNode]],
            }),
            new("M6 validity", FcpStatus.InvalidValidity, static forge => forge with { ValidUntil = forge.ValidFrom }, "time"),
            new("M6 early", FcpStatus.NotYetValid, static forge => forge with { ValidFrom = Now + 121 }, "time"),
            new("M6 expired", FcpStatus.ManifestExpired, static forge => forge with { ValidFrom = Now - 900, ValidUntil = Now - 800 }, "time"),
            new("M7", FcpStatus.Downgrade, static forge => forge with { Policy = (forge.Policy ?? Ratchet) with { EpochRatchet = false } }),
            new("M8", FcpStatus.ManifestGap, static forge => forge with { Previous = new ZoneKeyId(new Bytes8(66)) }),
            new("M9 zone key", FcpStatus.MissingWrappedZoneKey, forge => forge with
            {
                ZoneKeyRecipients = [.. (forge.ZoneKeyRecipients ?? onlyOther).Where(node => node != _zone.Node)],
            }),
            new("M9 object-id key", FcpStatus.MissingWrappedObjectIdKey, forge => forge with
            {
                ObjectIdKeyRecipients = [.. (forge.ObjectIdKeyRecipients ?? onlyOther).Where(node => node != _zone.Node)],
            }),
            new("M10 box", FcpStatus.HpkeFailed, static forge => forge with { SealToAStranger = true }),
            new("M10 length", FcpStatus.InvalidKeyLength, static forge => forge with { ObjectIdKeyPlaintext = new byte[31] }),
            new("M11", FcpStatus.KeyIdReuse, forge => forge with
            {
                Secrets = reused,
                ZoneKeyPlaintext = new byte[32],
                Previous = forge.Previous == _first.ZoneKeyId ? null : forge.Previous, // a re-wrap of the first, with another key in it
            }),
        ];
    }

    private ManifestForge Good() => new(_zone) { Secrets = _second, Previous = _first.ZoneKeyId, Policy = Ratchet };

    private void AssertStatus(FcpStatus expected, ManifestForge forge, Fault first, Fault second)
    {
        using ManifestOutcome outcome = _zone.Judge(forge.Make(), _state);
        Assert.True(expected == outcome.Status, $"{first.Name} and {second.Name}: {outcome.Status}, expected {expected}");
        Assert.False(outcome.HasKeys);
        Assert.NotEqual(ManifestOutcomeKind.Activated, outcome.Kind);
        if (outcome.Kind == ManifestOutcomeKind.Refused) Assert.Same(_state, outcome.State);
        else Assert.Null(outcome.State.SealingKeyId); // a link
    }

    private sealed record Fault(string Name, FcpStatus Status, Func<ManifestForge, ManifestForge> Break, string? Excludes = null);
}
