using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Control.Manifests;
using FcpFast.Control.Profiles;
using FcpFast.Control.Tests.Support;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Tests.Manifests;

/// <summary>[WIRE §12.3], [WIRE §12.4]: what the owner's tool makes, each node takes.</summary>
public sealed class ManifestAuthorTests : IDisposable
{
    private const ulong Now = TestZone.Now;

    private readonly TestZone _zone = new();
    private readonly ZoneSecrets _first;
    private readonly ZoneState _state;

    public ManifestAuthorTests()
    {
        _first = ZoneSecrets.Generate(_zone.Crypto);
        _state = _zone.Accept(_zone.First(_first, new RekeyPolicy { RetainEpochs = 3 }), _zone.Fresh);
    }

    public void Dispose()
    {
        _first.Dispose();
        _zone.Dispose();
        Assert.Equal(0, _zone.Vault.LiveCount);
    }

    [Fact]
    public void Rotate_WithinTheSameSecond_IsAlwaysAbove()
    {
        ZoneState state = _state;
        for (int i = 0; i < 20; i++)
        {
            using ZoneSecrets next = _first.Rotate(_zone.Crypto, rotateObjectIdKey: i % 2 == 0);
            ManifestDraft draft = ManifestDraft.Rotate(state, Now);
            Assert.Equal(state.Current!.ZoneKeyId, draft.PreviousZoneKeyId);
            Assert.Equal(3u, draft.RekeyPolicy!.RetainEpochs);
            Assert.Equal(Now + 5, draft.ValidFromUnixSeconds);
            state = _zone.Accept(_zone.Author(draft.To(_zone.Both), next), state);
        }

        Assert.Equal(21, state.Manifests.Accepted.Length);
    }

    [Fact]
    public void Rotate_WithAClockThatStoodStillOrWentBack_IsAlwaysAbove()
    {
        using ZoneSecrets next = _first.Rotate(_zone.Crypto, rotateObjectIdKey: false);
        ZoneState state = _zone.Accept(_zone.Author(ManifestDraft.Rotate(_state, Now + 100).To(_zone.Both), next), _state, Now + 100);
        using ZoneSecrets last = _first.Rotate(_zone.Crypto, rotateObjectIdKey: false);
        ManifestDraft draft = ManifestDraft.Rotate(state, Now - 50);
        Assert.True(new ManifestOrder(draft.ValidFromUnixSeconds, draft.CreatedAtUnixSeconds) > state.Current!.Order);
        _zone.Accept(_zone.Author(draft.To(_zone.Both), last), state, Now + 100);
    }

    [Fact]
    public void Rewrap_ToAnotherCircle_KeepsTheKeys()
    {
        using ManifestOutcome outcome = _zone.Judge(_zone.Author(ManifestDraft.Rewrap(_state, Now).To(_zone.Both[..1]), _first), _state);
        Assert.Equal(FcpStatus.Accepted, outcome.Status);
        Assert.Equal([_zone.Node], outcome.State.Members);
        Assert.Equal(_first.ZoneKeyId, outcome.State.SealingKeyId);
        Assert.Equal(TestZone.BytesOf(_first.ZoneKey), TestZone.BytesOf(outcome.Keys!.ZoneKey));
    }

    [Fact]
    public void Rewrap_BeforeTheFirstOrDuringAContradiction_Throws()
    {
        Assert.Throws<ArgumentException>(() => ManifestDraft.Rewrap(_zone.Fresh, Now));
        using ZoneSecrets rival = ZoneSecrets.Generate(_zone.Crypto);
        using ManifestOutcome contradicted = _zone.Judge(_zone.First(rival), _state); // a second first one of the same second
        Assert.Equal(FcpStatus.ManifestEquivocation, contradicted.Status);
        Assert.Throws<ArgumentException>(() => ManifestDraft.Rewrap(contradicted.State, Now));
    }

    [Fact]
    public void Rotate_InAZoneWithAProfile_NamesTheOneInForce()
    {
        ZoneState profiled = _zone.WithProfile(_state, SecurityTerms.Default with { MinSuite = MacSuite.Blake3 });
        using ZoneSecrets next = _first.Rotate(_zone.Crypto, rotateObjectIdKey: false);
        ZoneKeyManifest manifest = _zone.Author(ManifestDraft.Rotate(profiled, Now).To(_zone.Both), next);
        Assert.Equal([profiled.Profiles.InForce!.Digest.Value], manifest.Header.Refs);
        _zone.Accept(manifest, profiled);
    }

    [Fact]
    public void To_Recipients_BindsTheirBoxesToValidFrom()
    {
        using ZoneSecrets next = _first.Rotate(_zone.Crypto, rotateObjectIdKey: false);
        ZoneKeyManifest manifest = _zone.Author(ManifestDraft.Rotate(_state, Now).To(_zone.Both), next);
        List<WrappedKey> entries = [.. manifest.WrappedKeys, .. manifest.WrappedObjectIdKeys];
        Assert.All(entries, static entry => Assert.Equal(Now + 5, entry.IssuedAtUnixSeconds));
        Assert.All(entries, static entry => Assert.Equal(80, entry.Box.Length));
        Assert.Equal(4, entries.Select(static entry => Convert.ToHexString(entry.Box.Span)).Distinct().Count());
    }

    [Fact]
    public void Author_ADraftThatNoNodeWouldTake_IsRefusedByName()
    {
        ManifestDraft good = ManifestDraft.First(_zone.Zone, AeadAlgorithm.ChaCha20Poly1305, null, Now).To(_zone.Both);
        AssertRefused(FcpStatus.ZoneIdMismatch, good with { Zone = default });
        AssertRefused(FcpStatus.InvalidRekeyPolicy, good with { RekeyPolicy = new RekeyPolicy { RetainEpochs = 4097 } });
        AssertRefused(FcpStatus.InvalidValidity, good with { ValidUntilUnixSeconds = Now });
        AssertRefused(FcpStatus.DuplicateRecipient, good.To([.. _zone.Both, .. _zone.OnlyOther]));
        AssertRefused(FcpStatus.InvalidNodeId, good.To([new KeyValuePair<NodeId, PublicKey>(default, _zone.Keys.Public.Encryption)]));
        AssertRefused(FcpStatus.HpkeFailed, good.To([new KeyValuePair<NodeId, PublicKey>(_zone.Node, default)])); // the zero key
    }

    [Fact]
    public void Author_WithKeysDisposed_Throws()
    {
        ZoneSecrets gone = ZoneSecrets.Generate(_zone.Crypto);
        gone.Dispose();
        ManifestDraft draft = ManifestDraft.First(_zone.Zone, AeadAlgorithm.ChaCha20Poly1305, null, Now).To(_zone.Both);
        Assert.Throws<InvalidOperationException>(() => ManifestAuthor.Author(draft, gone, _zone.Owner, _zone.Signer, Now, _zone.Crypto, out _));
        Assert.Throws<InvalidOperationException>(() => gone.Rotate(_zone.Crypto, rotateObjectIdKey: false));
    }

    [Fact]
    public void ZoneSecrets_Rotated_HaveANewZoneKeyAndTheObjectIdKeyThatPolicyAsksFor()
    {
        using ZoneSecrets kept = _first.Rotate(_zone.Crypto, rotateObjectIdKey: false);
        using ZoneSecrets rotated = _first.Rotate(_zone.Crypto, rotateObjectIdKey: true);
        Assert.NotEqual(_first.ZoneKeyId, kept.ZoneKeyId);
        Assert.NotEqual(TestZone.BytesOf(_first.ZoneKey), TestZone.BytesOf(kept.ZoneKey));
        Assert.Equal(_first.ObjectIdKeyId, kept.ObjectIdKeyId);
        Assert.Equal(TestZone.BytesOf(_first.ObjectIdKey), TestZone.BytesOf(kept.ObjectIdKey));
        Assert.NotEqual(_first.ObjectIdKeyId, rotated.ObjectIdKeyId);
        Assert.NotEqual(TestZone.BytesOf(_first.ObjectIdKey), TestZone.BytesOf(rotated.ObjectIdKey));
    }

    private void AssertRefused(FcpStatus expected, ManifestDraft draft)
    {
        Assert.Equal(expected, ManifestAuthor.Author(draft, _first, _zone.Owner, _zone.Signer, Now, _zone.Crypto, out ZoneKeyManifest? none));
        Assert.Null(none);
    }
}
