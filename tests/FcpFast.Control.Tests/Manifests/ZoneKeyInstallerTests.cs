using System;
using System.Collections.Generic;
using FcpFast.Control.Manifests;
using FcpFast.Control.Tests.Support;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;

namespace FcpFast.Control.Tests.Manifests;

/// <summary>[WIRE §11.5] (links), [WIRE §12.1] to [WIRE §12.3], [WIRE §13.3]: the ring follows the history.</summary>
public sealed class ZoneKeyInstallerTests : IDisposable
{
    private const ulong Now = TestZone.Now, Overlap = 300;

    private readonly TestZone _zone = new();
    private readonly ZoneKeyRing _ring;
    private readonly List<ZoneKeyId> _erased = [];
    private readonly List<ZoneSecrets> _made = [];
    private ZoneState _state;

    public ZoneKeyInstallerTests()
    {
        _ring = new ZoneKeyRing(_zone.Zone);
        _state = _zone.Fresh;
    }

    public void Dispose()
    {
        _ring.Dispose();
        _made.ForEach(static secrets => secrets.Dispose());
        _zone.Dispose();
        Assert.Equal(0, _zone.Vault.LiveCount); // installed, evicted, dropped or never used: all erased
    }

    [Fact]
    public void Apply_TheFirst_SealsAndOpensAtOnce()
    {
        ZoneSecrets first = Offer(Forge() with { Policy = new RekeyPolicy { RetainEpochs = 7 } });
        Assert.Equal(first.ZoneKeyId, _ring.Active?.Id);
        Assert.Equal(first.ObjectIdKeyId, _ring.ActiveObjectIdKey?.Id);
        Assert.Equal(7u, _ring.RetainEpochs);
        Assert.Equal(TestZone.BytesOf(first.ZoneKey), KeyOf(first.ZoneKeyId));
    }

    [Fact]
    public void Apply_ARotation_SealsFromItsTimeOnAndErasesAfterTheOverlap()
    {
        ZoneSecrets first = Offer(Forge() with { Policy = new RekeyPolicy { OverlapWindowSeconds = 60 } });
        ZoneSecrets second = Offer(Next(first, Now + 5) with { Policy = new RekeyPolicy { OverlapWindowSeconds = 60 } });
        Assert.Equal(first.ZoneKeyId, _ring.Active?.Id); // the lead
        Assert.NotNull(_ring.Find(second.ZoneKeyId));
        Tick(Now + 5);
        Assert.Equal(second.ZoneKeyId, _ring.Active?.Id);
        Tick(Now + 64);
        Assert.NotNull(_ring.Find(first.ZoneKeyId));
        Tick(Now + 65);
        Assert.Null(_ring.Find(first.ZoneKeyId));
        Assert.Equal([first.ZoneKeyId], _erased);
    }

    [Fact]
    public void Apply_LateAcceptance_CountsTheOverlapFromThere()
    {
        ZoneSecrets first = Offer(Forge() with { ValidFrom = Now - 9000 });
        Offer(Next(first, Now - 8000)); // long valid, accepted now
        Tick(Now + Overlap - 1);
        Assert.NotNull(_ring.Find(first.ZoneKeyId));
        Tick(Now + Overlap);
        Assert.Null(_ring.Find(first.ZoneKeyId));
    }

    [Fact]
    public void Apply_ARewrap_KeepsTheKeyThatIsThere()
    {
        ZoneSecrets first = Offer(Forge());
        ZoneKey before = _ring.Active!;
        int secrets = _zone.Vault.LiveCount;
        Offer(Forge() with { Secrets = first, CreatedAt = Now + 1 });
        Assert.Same(before, _ring.Active);
        Assert.Equal(secrets, _zone.Vault.LiveCount); // what was opened again is erased again
        Assert.Null(before.ErasedAtUnixSeconds);
    }

    [Fact]
    public void Apply_ANewObjectIdKey_LeavesTheOldOneForADay()
    {
        ZoneSecrets first = Offer(Forge()), second = Draw();
        Offer(Next(first, Now + 1) with { Secrets = second });
        Assert.Equal(second.ObjectIdKeyId, _ring.ActiveObjectIdKey?.Id);
        Tick(Now + (24 * 3600) - 1);
        Assert.NotNull(_ring.FindObjectIdKey(first.ObjectIdKeyId));
        Tick(Now + (24 * 3600));
        Assert.Null(_ring.FindObjectIdKey(first.ObjectIdKeyId));
    }

    [Fact]
    public void Apply_WithTheRatchet_ErasesTheZoneKeyAndKeepsItsEpochs()
    {
        ZoneSecrets first = Draw();
        byte[] zoneKey = TestZone.BytesOf(first.ZoneKey);
        var policy = new RekeyPolicy { EpochRatchet = true };
        ZoneKeyManifest manifest = (Forge() with { Secrets = first, Policy = policy, ValidFrom = Now - 3000 }).Make();
        first.Dispose(); // the owner's copy
        Offer(manifest, FcpStatus.Accepted);
        Assert.False(_zone.Vault.Holds(zoneKey));
        Assert.True(_ring.Active!.IsRatcheting);

        EpochId now = EpochSchedule.NumberAt(Now), start = EpochSchedule.NumberAt(Now - 3000);
        byte[] chainKey = new byte[32], epochKey = new byte[32];
        EpochSchedule.DeriveFirstChainKey(_zone.Crypto.Kdf, first.ZoneKeyId, zoneKey, _ring.ZoneHash, start, chainKey);
        for (ulong epoch = start.Value; epoch <= now.Value + 1; epoch++)
        {
            EpochSchedule.DeriveEpochKey(_zone.Crypto.Kdf, chainKey, new EpochId(epoch), epochKey);
            Assert.Equal(epoch + 2 >= now.Value, _zone.Vault.Holds(epochKey)); // those in range, and no other
            Assert.False(_zone.Vault.Holds(chainKey));
            EpochSchedule.DeriveNextChainKey(_zone.Crypto.Kdf, chainKey, new EpochId(epoch), chainKey);
        }

        Assert.Equal(FcpStatus.Accepted, _ring.Active.TryGet(now, out SecretKey? key, out EpochId subkeyEpoch));
        Assert.Equal(now, subkeyEpoch);
        Assert.Equal(32, key!.LengthBytes);
        Assert.Equal(FcpStatus.EpochErased, _ring.Active.TryGet(new EpochId(now.Value - 3), out _, out _));
    }

    [Fact]
    public void Apply_ARewrapOfARatchetedKey_BringsNothingBack()
    {
        var policy = new RekeyPolicy { EpochRatchet = true };
        ZoneSecrets first = Offer(Forge() with { Policy = policy });
        ulong later = Now + (20 * EpochSchedule.EpochSeconds);
        Tick(later);
        EpochId erased = EpochSchedule.NumberAt(Now);
        Assert.Equal(FcpStatus.EpochErased, _ring.Active!.TryGet(erased, out _, out _));
        ZoneKeyManifest rewrap = (Forge() with { Secrets = first, Policy = policy, CreatedAt = Now + 1 }).Make();
        byte[] zoneKey = TestZone.BytesOf(first.ZoneKey);
        first.Dispose();
        Offer(rewrap, FcpStatus.Accepted, later);
        Assert.Equal(FcpStatus.EpochErased, _ring.Active!.TryGet(erased, out _, out _));
        Assert.False(_zone.Vault.Holds(zoneKey));
    }

    [Fact]
    public void Apply_ALink_StopsSealingUntilAKeyComes()
    {
        ZoneSecrets first = Offer(Forge());
        NodeId[] others = [_zone.OtherNode];
        ZoneSecrets second = Draw(first);
        ManifestForge without = Next(first, Now) with { Secrets = second, ZoneKeyRecipients = others, ObjectIdKeyRecipients = others };
        Offer(without.Make(), FcpStatus.MissingWrappedZoneKey);
        Assert.False(_ring.MaySeal);
        Assert.Null(_ring.Active);
        Tick(Now + Overlap - 1);
        Assert.Null(_ring.Active);
        Assert.NotNull(_ring.Find(first.ZoneKeyId)); // still opens
        Tick(Now + Overlap);
        Assert.Null(_ring.Find(first.ZoneKeyId));
        Offer((without with { ZoneKeyRecipients = null, ObjectIdKeyRecipients = null, CreatedAt = Now + 1 }).Make(), FcpStatus.Accepted, Now + 400);
        Assert.True(_ring.MaySeal);
        Assert.Equal(second.ZoneKeyId, _ring.Active?.Id);
    }

    [Fact]
    public void Apply_ARewrapWithoutThisNode_StopsSealingThoughTheKeyIsHere()
    {
        ZoneSecrets first = Offer(Forge());
        NodeId[] others = [_zone.OtherNode];
        ManifestForge rewrap = Forge() with { Secrets = first, CreatedAt = Now + 1 };
        Offer((rewrap with { ZoneKeyRecipients = others, ObjectIdKeyRecipients = others }).Make(), FcpStatus.MissingWrappedZoneKey);
        Assert.Null(_ring.Active);
        Tick(Now + 100_000);
        Assert.NotNull(_ring.Find(first.ZoneKeyId)); // it is the key in force: frames of the others are still for it
        Offer((rewrap with { CreatedAt = Now + 2 }).Make(), FcpStatus.Accepted);
        Assert.Equal(first.ZoneKeyId, _ring.Active?.Id);
    }

    [Fact]
    public void Apply_AContradiction_GoesBackToTheLastGoodKey()
    {
        ZoneSecrets first = Offer(Forge()), second = Draw(), rival = Draw();
        Offer(Next(first, Now + 1) with { Secrets = second, Policy = new RekeyPolicy { RetainEpochs = 9 } });
        Tick(Now + 1);
        Assert.Equal(second.ZoneKeyId, _ring.Active?.Id);
        Assert.Equal(9u, _ring.RetainEpochs);
        Offer((Next(first, Now + 2) with { Secrets = rival }).Make(), FcpStatus.ManifestEquivocation, Now + 2);
        Assert.Equal([second.ZoneKeyId], _erased);
        Assert.Null(_ring.Find(second.ZoneKeyId));
        Assert.Null(_ring.Find(rival.ZoneKeyId));
        Assert.Null(_ring.FindObjectIdKey(second.ObjectIdKeyId));
        Assert.Equal(first.ZoneKeyId, _ring.Active?.Id);
        Assert.Equal(first.ObjectIdKeyId, _ring.ActiveObjectIdKey?.Id);
        Assert.Equal(2u, _ring.RetainEpochs);
        Tick(Now + 100_000);
        Assert.Equal(first.ZoneKeyId, _ring.Active?.Id); // no longer to be erased
        Assert.NotNull(_ring.ActiveObjectIdKey);

        ZoneSecrets healed = Draw(first);
        ZoneKeyManifest healing = _zone.Author(ManifestDraft.Rotate(_state, Now + 100_000).To(_zone.Both), healed);
        Offer(healing, FcpStatus.Accepted, Now + 100_000);
        Tick(Now + 100_005);
        Assert.Equal(healed.ZoneKeyId, _ring.Active?.Id);
        Assert.NotNull(_ring.Find(first.ZoneKeyId)); // its overlap begins now
        Tick(Now + 100_005 + Overlap);
        Assert.Null(_ring.Find(first.ZoneKeyId));
    }

    [Fact]
    public void Apply_AContradictionAfterTheGoodKeyWasErased_SealsNothing()
    {
        ZoneSecrets first = Offer(Forge()), second = Offer(Next(first, Now));
        Tick(Now + Overlap);
        Offer((Next(first, Now + 2) with { Secrets = Draw(first) }).Make(), FcpStatus.ManifestEquivocation, Now + Overlap);
        Assert.Null(_ring.Active);
        Assert.False(_ring.MaySeal);
        Assert.Empty(_ring.ZoneKeys);
        Assert.Equal([first.ZoneKeyId, second.ZoneKeyId], _erased);
    }

    [Fact]
    public void Apply_AContradictionOfTheFirst_SealsNothing()
    {
        ZoneSecrets first = Offer(Forge());
        Offer((Forge() with { Secrets = Draw() }).Make(), FcpStatus.ManifestEquivocation);
        Assert.Null(_ring.Active);
        Assert.Empty(_ring.ZoneKeys);
        Assert.Null(_ring.ActiveObjectIdKey);
        Assert.Equal([first.ZoneKeyId], _erased);
    }

    [Fact]
    public void Apply_AContradictionOfTwoRewraps_KeepsTheKeyTheyShare()
    {
        ZoneSecrets first = Offer(Forge());
        Offer(Forge() with { Secrets = first, CreatedAt = Now + 1 });
        ManifestForge rival = Forge() with { Secrets = first, CreatedAt = Now + 1, ValidUntil = Now + 99_999 };
        Offer(rival.Make(), FcpStatus.ManifestEquivocation);
        Assert.Equal(first.ZoneKeyId, _ring.Active?.Id); // the first manifest brought it and stands
        Assert.Empty(_erased);
    }

    [Fact]
    public void Apply_AContradictedLink_GoesBackToAKeyThatWasOnItsWayOut()
    {
        ZoneSecrets first = Offer(Forge());
        NodeId[] others = [_zone.OtherNode];
        ManifestForge link = Next(first, Now) with { Secrets = Draw(first), ZoneKeyRecipients = others, ObjectIdKeyRecipients = others };
        Offer(link.Make(), FcpStatus.MissingWrappedZoneKey);
        Offer((Next(first, Now + 1) with { Secrets = Draw(first) }).Make(), FcpStatus.ManifestEquivocation, Now + 1);
        Assert.Equal(first.ZoneKeyId, _ring.Active?.Id);
        Tick(Now + 100_000);
        Assert.Equal(first.ZoneKeyId, _ring.Active?.Id);
    }

    [Fact]
    public void Apply_AHealingThatWrapsTheOldKeyAgain_KeepsItThoughItWasOnItsWayOut()
    {
        ZoneSecrets first = Offer(Forge());
        NodeId[] others = [_zone.OtherNode];
        ZoneKeyManifest link = (Next(first, Now) with { Secrets = Draw(first), ZoneKeyRecipients = others, ObjectIdKeyRecipients = others }).Make();
        Offer(link, FcpStatus.MissingWrappedZoneKey);
        Assert.NotNull(_ring.Find(first.ZoneKeyId)!.ErasedAtUnixSeconds);
        Offer(Next(first, Now + 1) with { Secrets = first, ForeignRefs = [link.Digest.Value] });
        Assert.Equal(first.ZoneKeyId, _ring.Active?.Id);
        Assert.Null(_ring.Active!.ErasedAtUnixSeconds);
    }

    [Fact]
    public void Apply_RefusedOrKnown_ChangesNothing()
    {
        ZoneSecrets first = Draw();
        ZoneKeyManifest manifest = (Forge() with { Secrets = first }).Make();
        Offer(manifest, FcpStatus.Accepted);
        ZoneKey active = _ring.Active!;
        int secrets = _zone.Vault.LiveCount;
        Offer(manifest, FcpStatus.Accepted);
        Offer((Next(first, Now + 500) with { Secrets = Draw(first) }).Make(), FcpStatus.NotYetValid);
        Assert.Same(active, _ring.Active);
        Assert.Single(_ring.ZoneKeys);
        Assert.Equal(secrets + 2, _zone.Vault.LiveCount); // the two that the owner has just drawn
        Assert.Empty(_erased);
    }

    [Fact]
    public void Apply_MoreRotationsThanTheRingHolds_ReportsTheOldest()
    {
        var policy = new RekeyPolicy { OverlapWindowSeconds = 86_400 };
        List<ZoneSecrets> all = [Offer(Forge() with { Policy = policy })];
        for (ulong i = 1; i <= ZoneKeyRing.ZoneKeysMax; i++) all.Add(Offer(Next(all[^1], Now + i) with { Policy = policy }));
        Assert.Equal(ZoneKeyRing.ZoneKeysMax, _ring.ZoneKeys.Count);
        Assert.Equal([all[0].ZoneKeyId], _erased);
    }

    [Fact]
    public void Apply_ToTheRingOfAnotherZone_Throws()
    {
        using var other = new ZoneKeyRing(TestZone.ZoneOf("z:home"));
        using ManifestOutcome outcome = _zone.Judge((Forge() with { Secrets = Draw() }).Make(), _state);
        Assert.Throws<InvalidOperationException>(() => ZoneKeyInstaller.Apply(outcome, other, _zone.Crypto, Now, _erased));
        Assert.True(outcome.HasKeys);
    }

    private ManifestForge Forge() => new(_zone) { Secrets = null!, ValidFrom = Now - 10, CreatedAt = Now - 10 };

    private ManifestForge Next(ZoneSecrets previous, ulong validFrom) =>
        Forge() with { Previous = previous.ZoneKeyId, ValidFrom = validFrom, CreatedAt = validFrom };

    private ZoneSecrets Draw(ZoneSecrets? sameObjectIdKeyAs = null)
    {
        _made.Add(sameObjectIdKeyAs?.Rotate(_zone.Crypto, rotateObjectIdKey: false) ?? ZoneSecrets.Generate(_zone.Crypto));
        return _made[^1];
    }

    private ZoneSecrets Offer(ManifestForge forge)
    {
        ZoneSecrets secrets = forge.Secrets ?? Draw(_made.Count > 0 ? _made[^1] : null);
        Offer((forge with { Secrets = secrets }).Make(), FcpStatus.Accepted);
        return secrets;
    }

    private void Offer(ZoneKeyManifest manifest, FcpStatus expected, ulong now = Now)
    {
        using ManifestOutcome outcome = _zone.Judge(manifest, _state, now);
        Assert.Equal(expected, outcome.Status);
        ZoneKeyInstaller.Apply(outcome, _ring, _zone.Crypto, now, _erased);
        Assert.False(outcome.HasKeys);
        _state = outcome.State;
    }

    private void Tick(ulong now) => _ring.Tick(now, _erased);

    private byte[] KeyOf(ZoneKeyId id)
    {
        Assert.Equal(FcpStatus.Accepted, _ring.Find(id)!.TryGet(EpochSchedule.NumberAt(Now), out SecretKey? key, out _));
        return TestZone.BytesOf(key!);
    }
}
