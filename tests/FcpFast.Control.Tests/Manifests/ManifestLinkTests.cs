using System;
using System.Linq;
using FcpFast.Control.Manifests;
using FcpFast.Control.Profiles;
using FcpFast.Control.Tests.Support;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Tests.Manifests;

/// <summary>[WIRE §11.5] (links, M11), [WIRE §12.2] (healing) with signed manifests.</summary>
public sealed class ManifestLinkTests : IDisposable
{
    private const ulong Now = TestZone.Now;

    private readonly TestZone _zone = new();
    private readonly ZoneSecrets _first, _second, _third;
    private readonly ZoneState _state;

    public ManifestLinkTests()
    {
        _first = ZoneSecrets.Generate(_zone.Crypto);
        _second = _first.Rotate(_zone.Crypto, rotateObjectIdKey: false);
        _third = _second.Rotate(_zone.Crypto, rotateObjectIdKey: true);
        _state = _zone.Accept(_zone.First(_first, now: Now - 1000), _zone.Fresh);
    }

    private ManifestForge Second => new(_zone) { Secrets = _second, Previous = _first.ZoneKeyId };

    private ManifestForge Third => new(_zone) { Secrets = _third, Previous = _second.ZoneKeyId, ValidFrom = Now + 10, CreatedAt = Now + 10 };

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
        _third.Dispose();
        _zone.Dispose();
        Assert.Equal(0, _zone.Vault.LiveCount);
    }

    [Fact]
    public void Judge_Expired_IsALinkThatTheNextFollows()
    {
        ZoneState linked = Link(FcpStatus.ManifestExpired, Second with { ValidFrom = Now - 900, ValidUntil = Now - 800 });
        Assert.Equal(_second.ZoneKeyId, _zone.Accept(Third.Make(), linked, Now + 10).Manifests.Accepted[1].ZoneKeyId);
    }

    [Fact]
    public void Judge_WithoutABoxForThisNode_IsALinkUntilItIsAddedAgain()
    {
        NodeId[] others = [_zone.OtherNode];
        ZoneState linked = Link(FcpStatus.MissingWrappedZoneKey, Second with { ZoneKeyRecipients = others, ObjectIdKeyRecipients = others });
        Assert.False(linked.IsMember(_zone.Node));
        ZoneState again = _zone.Accept((Second with { CreatedAt = Now + 1 }).Make(), linked); // a re-wrap with this node in it
        Assert.Equal(_second.ZoneKeyId, again.SealingKeyId);
        Assert.True(again.IsMember(_zone.Node));
    }

    [Fact]
    public void Judge_WeakerThanThePresentProfile_IsALink()
    {
        ZoneState profiled = _zone.WithProfile(_state, SecurityTerms.Default with { RequireRatchet = true });
        Link(FcpStatus.Downgrade, Second, profiled);
    }

    [Fact]
    public void Judge_ManyLinks_CatchUp()
    {
        ZoneState state = _state;
        ZoneKeyId previous = _first.ZoneKeyId;
        for (ulong i = 1; i <= 40; i++)
        {
            using ZoneSecrets secrets = _first.Rotate(_zone.Crypto, rotateObjectIdKey: false);
            state = Link(
                FcpStatus.ManifestExpired,
                new ManifestForge(_zone) { Secrets = secrets, Previous = previous, ValidFrom = Now - 900 + i, ValidUntil = Now - 800 + i }, state);
            previous = secrets.ZoneKeyId;
        }

        state = _zone.Accept((Second with { Previous = previous }).Make(), state);
        Assert.Equal(42, state.Manifests.Accepted.Length);
        Assert.Equal(_second.ZoneKeyId, state.SealingKeyId);
    }

    /// <summary>The name is that of the first check that failed; the history's own verdict stands beside it.</summary>
    [Fact]
    public void Judge_ExpiredAndOutOfOrder_IsNoLink()
    {
        ManifestForge expired = Second with { ValidFrom = Now - 900, ValidUntil = Now - 800, Previous = _third.ZoneKeyId };
        using ManifestOutcome outcome = _zone.Judge(expired.Make(), _state);
        Assert.Equal(ManifestOutcomeKind.Refused, outcome.Kind);
        Assert.Equal(FcpStatus.ManifestExpired, outcome.Status);
        Assert.Equal(FcpStatus.ManifestGap, outcome.HistoryStatus);
        Assert.Same(_state, outcome.State);
    }

    [Fact]
    public void Judge_ExpiredContradiction_StillIsEvidence()
    {
        ZoneState held = _zone.Accept(Second.Make(), _state);
        ManifestForge rival = new(_zone) { Secrets = _third, Previous = _first.ZoneKeyId, ValidFrom = Now - 900, ValidUntil = Now - 800 };
        using ManifestOutcome outcome = _zone.Judge(rival.Make(), held);
        Assert.Equal(FcpStatus.ManifestExpired, outcome.Status);
        Assert.Equal(FcpStatus.ManifestEquivocation, outcome.HistoryStatus);
        Assert.Equal(2, outcome.Evidence.Length);
        Assert.Equal(_first.ZoneKeyId, outcome.State.SealingKeyId);
    }

    [Fact]
    public void Judge_TheSameAgain_IsUnchangedEvenWhenItHasExpired()
    {
        ZoneKeyManifest manifest = (Second with { ValidUntil = Now + 10 }).Make();
        ZoneState held = _zone.Accept(manifest, _state);
        using ManifestOutcome outcome = _zone.Judge(manifest, held, Now + 5000);
        Assert.Equal(ManifestOutcomeKind.Unchanged, outcome.Kind);
        Assert.Equal(FcpStatus.Accepted, outcome.Status);
        Assert.Same(held, outcome.State);
        Assert.False(outcome.HasKeys);
    }

    [Fact]
    public void Judge_AProfileThatIsHeld_IsFoundInForceOrOlder()
    {
        ZoneState profiled = _zone.WithProfile(_state, SecurityTerms.Default with { MaxEpochSeconds = 4000 });
        Bytes32 older = profiled.Profiles.InForce!.Digest.Value;
        profiled = _zone.WithProfile(profiled, SecurityTerms.Default with { MaxEpochSeconds = 3000 }, revision: 2);
        ZoneState after = _zone.Accept((Second with { Refs = [profiled.Profiles.InForce!.Digest.Value] }).Make(), profiled);
        _zone.Accept((Third with { Refs = [older] }).Make(), after, Now + 10);
        using ManifestOutcome outcome = _zone.Judge((Second with { Refs = [older] }).Make(), _state); // a node that holds none
        Assert.Equal(FcpStatus.ProfileMissing, outcome.Status);
    }

    [Fact]
    public void Judge_AContradictionThenItsHealing_LeadsOnFromTheLastGoodKey()
    {
        ZoneKeyManifest second = Second.Make(), rival = (Second with { Secrets = _third, ValidFrom = Now + 1 }).Make();
        using ManifestOutcome contradicted = _zone.Judge(rival, _zone.Accept(second, _state));
        Assert.Equal(FcpStatus.ManifestEquivocation, contradicted.Status);
        Assert.Equal([second.Digest, rival.Digest], contradicted.Evidence.Select(static record => record.Digest));
        Assert.Equal(_first.ZoneKeyId, contradicted.State.SealingKeyId);

        using ZoneSecrets healed = _first.Rotate(_zone.Crypto, rotateObjectIdKey: false);
        ZoneKeyManifest healing = _zone.Author(ManifestDraft.Rotate(contradicted.State, Now + 2).To(_zone.Both), healed);
        Assert.Equal(healed.ZoneKeyId, _zone.Accept(healing, contradicted.State, Now + 2).SealingKeyId);

        // The same at nodes that saw one of the two, or neither.
        foreach (ZoneState state in (ZoneState[])[_zone.Accept(second, _state), _zone.Accept(rival, _state), _state])
        {
            ZoneState after = _zone.Accept(healing, state, Now + 2);
            Assert.Equal(healed.ZoneKeyId, after.SealingKeyId);
            foreach (ZoneKeyManifest late in (ZoneKeyManifest[])[second, rival])
            {
                using ManifestOutcome outcome = _zone.Judge(late, after, Now + 2);
                Assert.Equal(FcpStatus.ManifestEquivocation, outcome.Status);
                Assert.Same(after, outcome.State);
            }
        }
    }

    [Fact]
    public void Judge_ContradictionInAHealing_ButItsBoxIsBroken_StillCounts()
    {
        ZoneKeyManifest second = Second.Make();
        ZoneState held = _zone.Accept(second, _state);
        using ManifestOutcome outcome = _zone.Judge((Third with
        {
            Previous = _first.ZoneKeyId,
            ForeignRefs = [second.Digest.Value],
            SealToAStranger = true,
        }).Make(), held);
        Assert.Equal(FcpStatus.HpkeFailed, outcome.Status);
        Assert.Equal(ManifestOutcomeKind.Refused, outcome.Kind);
        Assert.Equal(second.Digest, Assert.Single(outcome.Evidence).Digest); // the owner's word, whatever became of the box
        Assert.Equal(_first.ZoneKeyId, outcome.State.SealingKeyId);
    }

    [Fact]
    public void Judge_ARewrapWithAnotherKeyAlgorithmOrRatchet_IsKeyIdReuse()
    {
        ZoneState held = _zone.Accept(Second.Make(), _state);
        ManifestForge rewrap = Second with { CreatedAt = Now + 1 };
        AssertRefused(FcpStatus.KeyIdReuse, rewrap with { ZoneKeyPlaintext = new byte[32] }, held);
        AssertRefused(FcpStatus.KeyIdReuse, rewrap with { ObjectIdKeyPlaintext = new byte[32] }, held);
        AssertRefused(FcpStatus.KeyIdReuse, rewrap with { Algorithm = AeadAlgorithm.XChaCha20Poly1305 }, held);
        AssertRefused(FcpStatus.KeyIdReuse, rewrap with { Policy = new RekeyPolicy { EpochRatchet = true } }, held);
        _zone.Accept(rewrap.Make(), held);
    }

    [Fact]
    public void Judge_AKeyThatWasRotatedOut_NeverComesBack()
    {
        ZoneState held = _zone.Accept(Second.Make(), _state);
        AssertRefused(FcpStatus.KeyIdReuse, Second with { Secrets = _first, Previous = _second.ZoneKeyId, ValidFrom = Now + 1 }, held);
    }

    [Fact]
    public void Judge_ARatchetedKeyWithAnotherStart_IsInvalidValidity()
    {
        var ratchet = new RekeyPolicy { EpochRatchet = true };
        ZoneState held = _zone.Accept((Second with { Policy = ratchet }).Make(), _state);
        AssertRefused(FcpStatus.InvalidValidity, Second with { Policy = ratchet, ValidFrom = Now + 1 }, held);
        ZoneState after = _zone.Accept((Second with { Policy = ratchet, CreatedAt = Now + 1 }).Make(), held);
        Assert.Equal(Now, after.FindZoneKey(_second.ZoneKeyId)!.FirstValidFromUnixSeconds);
    }

    /// <summary>The first manifest of the key came as a link; its start counts all the same.</summary>
    [Fact]
    public void Judge_ARatchetedKeyWhoseStartCameAsALink_KeepsThatStart()
    {
        NodeId[] others = [_zone.OtherNode];
        var ratchet = new RekeyPolicy { EpochRatchet = true };
        ZoneState linked = Link(
            FcpStatus.MissingWrappedZoneKey, Second with { Policy = ratchet, ZoneKeyRecipients = others, ObjectIdKeyRecipients = others });
        AssertRefused(FcpStatus.InvalidValidity, Second with { Policy = ratchet, ValidFrom = Now + 1 }, linked);
        ZoneState after = _zone.Accept((Second with { Policy = ratchet, CreatedAt = Now + 1 }).Make(), linked);
        Assert.NotNull(after.FindZoneKey(_second.ZoneKeyId)!.KeyCheck);
    }

    [Fact]
    public void Judge_AKeyThatWasForgottenAtBothEnds_IsStillTold()
    {
        ZoneState held = _zone.Accept(Third.Make(), _zone.Accept(Second.Make(), _state), Now + 10);
        Assert.NotNull(held.FindZoneKey(_first.ZoneKeyId)!.KeyCheck);
        Assert.NotNull(held.FindObjectIdKey(_first.ObjectIdKeyId));
        Assert.Equal(3, held.ZoneKeys.Length);
        Assert.Equal(2, held.ObjectIdKeys.Length);
    }

    private ZoneState Link(FcpStatus reason, ManifestForge forge, ZoneState? state = null)
    {
        using ManifestOutcome outcome = _zone.Judge(forge.Make(), state ?? _state);
        Assert.Equal(reason, outcome.Status);
        Assert.Equal(ManifestOutcomeKind.Linked, outcome.Kind);
        Assert.False(outcome.HasKeys);
        Assert.Null(outcome.State.SealingKeyId);
        Assert.Equal(forge.Secrets.ZoneKeyId, outcome.State.Current?.ZoneKeyId);
        return outcome.State;
    }

    private void AssertRefused(FcpStatus expected, ManifestForge forge, ZoneState state)
    {
        using ManifestOutcome outcome = _zone.Judge(forge.Make(), state);
        Assert.Equal(expected, outcome.Status);
        Assert.Equal(ManifestOutcomeKind.Refused, outcome.Kind);
        Assert.Same(state, outcome.State);
        Assert.False(outcome.HasKeys);
    }
}
