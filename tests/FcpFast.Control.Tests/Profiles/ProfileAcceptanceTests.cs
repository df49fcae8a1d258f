using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Control.Identities;
using FcpFast.Control.Profiles;
using FcpFast.Control.Tests.Support;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Tests.Profiles;

/// <summary>[WIRE §14]: which profile comes into force.</summary>
public sealed class ProfileAcceptanceTests : IDisposable
{
    private static readonly SecurityTerms Strong = SecurityTerms.Default with { RequireRatchet = true, MinSuite = MacSuite.Blake3 };

    private readonly TestZone _zone = new();

    public void Dispose() => _zone.Dispose();

    [Fact]
    public void Judge_TheFirst_ComesIntoForce()
    {
        ZoneSecurityProfile profile = Sign(Strong, 1);
        ProfileOutcome outcome = Judge(profile, ProfileHistory.Empty);
        Assert.Equal(FcpStatus.Accepted, outcome.Status);
        Assert.True(outcome.IsNew);
        Assert.Equal(Strong, outcome.History.Terms);
        Assert.Equal(profile.Digest, outcome.History.InForce!.Digest);
        Assert.True(outcome.History.Holds(profile.Digest.Value));
    }

    [Fact]
    public void Judge_TheSameAgain_ChangesNothing()
    {
        ZoneSecurityProfile profile = Sign(Strong, 1);
        ProfileHistory held = Judge(profile, ProfileHistory.Empty).History;
        ProfileOutcome outcome = Judge(profile, held);
        Assert.Equal(FcpStatus.Accepted, outcome.Status);
        Assert.False(outcome.IsNew);
        Assert.Same(held, outcome.History);
    }

    [Fact]
    public void Judge_AHigherRevision_ReplacesAndKeepsTheOlderAsHistory()
    {
        ZoneSecurityProfile first = Sign(SecurityTerms.Default, 1), second = Sign(Strong, 5);
        ProfileHistory held = Judge(second, Judge(first, ProfileHistory.Empty).History).History;
        Assert.Equal(5ul, held.InForce!.Revision);
        Assert.True(held.Holds(first.Digest.Value));
        Assert.True(held.Holds(second.Digest.Value));
        Assert.False(held.Holds(default));
        AssertRefused(FcpStatus.ProfileRollback, first, held);
    }

    [Fact]
    public void Judge_AnotherOfTheSameRevision_IsEquivocation()
    {
        ProfileHistory held = Judge(Sign(Strong, 3), ProfileHistory.Empty).History;
        AssertRefused(FcpStatus.ProfileEquivocation, Sign(Strong with { MaxEpochSeconds = 300 }, 3), held);
    }

    [Fact]
    public void Judge_Weaker_NeedsTheNameOfTheOneInForce()
    {
        ZoneSecurityProfile strong = Sign(Strong, 1);
        ProfileHistory held = Judge(strong, ProfileHistory.Empty).History;
        AssertRefused(FcpStatus.Downgrade, Sign(SecurityTerms.Default, 2), held);
        AssertRefused(FcpStatus.Downgrade, Sign(SecurityTerms.Default, 2, new ManifestDigest(default)), held);
        ProfileOutcome outcome = Judge(Sign(SecurityTerms.Default, 2, strong.Digest), held);
        Assert.Equal(FcpStatus.Accepted, outcome.Status);
        Assert.Equal(SecurityTerms.Default, outcome.History.Terms);
    }

    [Fact]
    public void Judge_WeakerInTheNameOfAnOlderOne_IsDowngrade()
    {
        ZoneSecurityProfile first = Sign(SecurityTerms.Default, 1);
        ProfileHistory held = Judge(Sign(Strong, 2), Judge(first, ProfileHistory.Empty).History).History;
        AssertRefused(FcpStatus.Downgrade, Sign(SecurityTerms.Default, 3, first.Digest), held);
    }

    [Fact]
    public void Judge_AZoneWithoutOne_IsWeakenedByNothing() =>
        Assert.Equal(FcpStatus.Accepted, Judge(Sign(SecurityTerms.Default with { MaxEpochSeconds = 31_536_000 }, 1), ProfileHistory.Empty).Status);

    [Fact]
    public void Judge_SeveralFaults_NamesTheFirst()
    {
        ZoneSecurityProfile strong = Sign(Strong, 7);
        ProfileHistory held = Judge(strong, ProfileHistory.Empty).History;
        using OwnerKey stranger = OwnerKey.Generate(_zone.Crypto);
        ZoneSecurityProfile weak = Sign(SecurityTerms.Default, 6, owner: stranger);
        Assert.Equal(FcpStatus.ZoneIdMismatch, Judge(weak, held, TestZone.ZoneOf("z:home")).Status); // before the signature
        Assert.Equal(FcpStatus.InvalidSignature, Judge(weak, held).Status); // before the revision
        Assert.Equal(FcpStatus.ProfileRollback, Judge(Sign(SecurityTerms.Default, 6), held).Status); // before the terms
        Assert.Equal(FcpStatus.ProfileEquivocation, Judge(Sign(SecurityTerms.Default, 7), held).Status);
        Assert.Equal(FcpStatus.Downgrade, Judge(Sign(SecurityTerms.Default, 8), held).Status);
    }

    [Fact]
    public void Judge_AnyBitFlipped_IsRefusedOrSaysTheSame()
    {
        ZoneSecurityProfile profile = Sign(Strong with { MaxEpochSeconds = 4_000 }, 2);
        ProfileHistory held = Judge(profile, Judge(Sign(Strong, 1), ProfileHistory.Empty).History).History;
        int same = 0;
        foreach ((int position, byte[] flipped) in TestZone.Flips(profile.Encoded.ToArray()))
        {
            foreach (ProfileHistory before in (ProfileHistory[])[held, ProfileHistory.Empty])
            {
                ProfileOutcome outcome = ProfileAcceptance.Judge(flipped, _zone.Zone, _zone.Owner.PublicKey, before, _zone.Crypto.Signatures);
                if (outcome.Status == FcpStatus.Accepted)
                {
                    // The signer's name and time are outside the signature: another copy of the same profile.
                    Assert.Equal(profile.SigningBytes(), outcome.Profile!.SigningBytes());
                    Assert.Equal(2ul, outcome.History.InForce!.Revision);
                    same++;
                }
                else
                {
                    Assert.True(ReferenceEquals(before, outcome.History), $"position {position}: {outcome.Status}");
                }
            }
        }

        Assert.InRange(same, 1, 2 * 8 * (7 + 5)); // "owner-1" and a time of five bytes
    }

    [Fact]
    public void Judge_CopiesWithOtherSignerAndTime_AreTheSameProfile()
    {
        ZoneSecurityProfile profile = Sign(Strong, 1), copy = Sign(Strong, 1, signer: "another", signedAt: 3);
        Assert.NotEqual(profile.Digest, copy.Digest);
        ProfileHistory held = Judge(copy, ProfileHistory.Empty).History;
        Assert.False(held.Holds(profile.Digest.Value));
        ProfileOutcome outcome = Judge(profile, held);
        Assert.Equal(FcpStatus.Accepted, outcome.Status); // neither equivocation nor rollback
        Assert.False(outcome.IsNew);
        Assert.True(outcome.History.Holds(profile.Digest.Value)); // so that manifests which name the owner's copy can be used
        Assert.True(outcome.History.NamesInForce(profile.Digest));
        Assert.Equal(FcpStatus.Accepted, Judge(Sign(SecurityTerms.Default, 2, profile.Digest), outcome.History).Status);
    }

    [Fact]
    public void Judge_EndlessCopies_KeepOlderRevisionsKnown()
    {
        ZoneSecurityProfile old = Sign(Strong, 1);
        ProfileHistory held = Judge(Sign(Strong, 2), Judge(old, ProfileHistory.Empty).History).History;
        ZoneSecurityProfile last = old;
        for (ulong i = 0; i < 20; i++)
        {
            last = Sign(Strong, 2, signedAt: 100 + i);
            held = Judge(last, held).History;
        }

        Assert.Equal(1 + ProfileHistory.NamesMax, held.Known.Length);
        Assert.True(held.Holds(old.Digest.Value));
        Assert.True(held.Holds(last.Digest.Value));
    }

    [Fact]
    public void Judge_MoreRevisionsThanAreKept_ForgetsTheOldest()
    {
        ProfileHistory held = ProfileHistory.Empty;
        List<ZoneSecurityProfile> profiles = Enumerable.Range(1, ProfileHistory.KnownMax + 2).Select(i => Sign(Strong, (ulong)i)).ToList();
        foreach (ZoneSecurityProfile profile in profiles) held = Judge(profile, held).History;
        Assert.Equal(ProfileHistory.KnownMax, held.Known.Length);
        Assert.False(held.Holds(profiles[1].Digest.Value));
        Assert.True(held.Holds(profiles[2].Digest.Value));
        Assert.True(held.Holds(profiles[^1].Digest.Value));
    }

    [Fact]
    public void Parse_TheCoordinator_IsForMlsOnly()
    {
        SecurityTerms mls = SecurityTerms.Default with { KeyMode = KeyMode.MlsTreeKem };
        ZoneSecurityProfile profile = Sign(mls, 1, coordinator: "node-00");
        Assert.Equal(FcpStatus.Accepted, ZoneSecurityProfile.Parse(profile.Encoded.Span, out ZoneSecurityProfile? parsed));
        Assert.Equal("node-00", parsed!.Coordinator.ToString());
        byte[] manifestMode = Replace(profile.Encoded.ToArray(), "mls_tree_kem"u8, "manifest_distributed"u8);
        Assert.Equal(FcpStatus.InvalidProfile, ZoneSecurityProfile.Parse(manifestMode, out _));
        byte[] badNode = profile.Encoded.ToArray();
        badNode[badNode.AsSpan().IndexOf("node-00"u8)] = (byte)' ';
        Assert.Equal(FcpStatus.InvalidNodeId, ZoneSecurityProfile.Parse(badNode, out _));
    }

    [Fact]
    public void Parse_OfWhatWasSigned_GivesEveryField()
    {
        ZoneSecurityProfile profile = Sign(Strong, 9, new ManifestDigest(new Bytes32(1, 2, 3, 4)));
        Assert.Equal(FcpStatus.Accepted, ZoneSecurityProfile.Parse(profile.Encoded.Span, out ZoneSecurityProfile? parsed));
        Assert.Equal(profile.Digest, parsed!.Digest);
        Assert.Equal(_zone.Zone, parsed.Zone);
        Assert.Equal(Strong, parsed.Terms);
        Assert.Equal(9ul, parsed.Revision);
        Assert.Equal(new ManifestDigest(new Bytes32(1, 2, 3, 4)), parsed.DowngradeOf);
        Assert.Equal(_zone.Signer, parsed.Signature.Signer);
        Assert.Null(parsed.Coordinator);
        Assert.Equal(profile.SigningBytes(), parsed.SigningBytes());
    }

    [Fact]
    public void Parse_LongerThanTheLimit_IsTooLarge() => Assert.Equal(
        FcpStatus.PayloadTooLarge, ZoneSecurityProfile.Parse(new byte[CborLimits.ManifestBytesMax + 1], out _));

    [Fact]
    public void Sign_WhatNoNodeWouldAccept_IsInvalidProfile()
    {
        ProfileDraft draft = Draft(Strong, 1);
        foreach (ProfileDraft broken in (ProfileDraft[])
        [
            draft with { Revision = 0 }, draft with { Terms = Strong with { RequirePcs = true } }, draft with { Zone = default },
            draft with { Coordinator = _zone.Node }, draft with { Terms = Strong with { MaxEpochSeconds = 299 } },
        ])
        {
            Assert.Equal(FcpStatus.InvalidProfile, ZoneSecurityProfile.Sign(broken, _zone.Owner, _zone.Signer, 0, out ZoneSecurityProfile? none));
            Assert.Null(none);
        }

        Assert.Equal(FcpStatus.InvalidProfile, ZoneSecurityProfile.Sign(draft, _zone.Owner, default, 0, out _));
    }

    private static byte[] Replace(byte[] bytes, ReadOnlySpan<byte> text, ReadOnlySpan<byte> other)
    {
        int at = bytes.AsSpan().IndexOf(text) - 1; // text of 12 and of 20 bytes both have a head of one byte
        return [.. bytes[..at], (byte)(0x60 + other.Length), .. other, .. bytes[(at + 1 + text.Length)..]];
    }

    private ProfileDraft Draft(SecurityTerms terms, ulong revision) =>
        new() { Zone = _zone.Zone, CreatedAtUnixSeconds = TestZone.Now, Terms = terms, Revision = revision };

    private ZoneSecurityProfile Sign(
        SecurityTerms terms, ulong revision, ManifestDigest? downgradeOf = null, OwnerKey? owner = null, string signer = "owner-1",
        ulong signedAt = TestZone.Now, string? coordinator = null)
    {
        ProfileDraft draft = Draft(terms, revision) with
        {
            DowngradeOf = downgradeOf,
            Coordinator = coordinator is null ? null : TestZone.NodeOf(coordinator),
        };
        FcpStatus status = ZoneSecurityProfile.Sign(
            draft, owner ?? _zone.Owner, TestZone.NodeOf(signer), signedAt, out ZoneSecurityProfile? profile);
        Assert.Equal(FcpStatus.Accepted, status);
        return profile!;
    }

    private ProfileOutcome Judge(ZoneSecurityProfile profile, ProfileHistory history, ZoneId? zone = null) =>
        ProfileAcceptance.Judge(profile.Encoded.Span, zone ?? _zone.Zone, _zone.Owner.PublicKey, history, _zone.Crypto.Signatures);

    private void AssertRefused(FcpStatus expected, ZoneSecurityProfile profile, ProfileHistory held)
    {
        ProfileOutcome outcome = Judge(profile, held);
        Assert.Equal(expected, outcome.Status);
        Assert.Same(held, outcome.History);
        Assert.False(outcome.IsNew);
    }
}
