using System;
using System.Linq;
using FcpFast.Control.Attestations;
using FcpFast.Control.Identities;
using FcpFast.Control.Tests.Support;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Tests.Attestations;

/// <summary>[WIRE §15]: the owner's word on a node's keys.</summary>
public sealed class AttestationAcceptanceTests : IDisposable
{
    private const ulong Now = TestZone.Now, Month = 30 * 86_400;

    private readonly TestZone _zone = new();

    public void Dispose() => _zone.Dispose();

    [Fact]
    public void Issue_ThenJudge_GivesEveryField()
    {
        AttestationDraft draft = Draft() with { Tags = ["tag:a", "tag:b-c.d_e:f"] };
        Assert.Equal(FcpStatus.Accepted, NodeKeyAttestation.Issue(draft, _zone.Owner, out NodeKeyAttestation? issued));
        Assert.Equal(FcpStatus.Accepted, Judge(issued!.Encoded.ToArray(), out NodeKeyAttestation? accepted));
        Assert.Equal(_zone.Node, accepted!.Node);
        Assert.Equal(_zone.Keys.Public, accepted.Keys);
        Assert.Equal(["tag:a", "tag:b-c.d_e:f"], accepted.Tags);
        Assert.Equal(Now, accepted.IssuedAtUnixSeconds);
        Assert.Equal(Now + 3600, accepted.ExpiresAtUnixSeconds);
        Assert.Equal(_zone.Owner.PublicKey, accepted.Owner);
        Assert.Equal(_zone.Owner.KeyId, accepted.SignerKeyId);
        Assert.Equal(issued.SigningBytes(), accepted.SigningBytes());
        Assert.Equal(issued.FullSigningBytes(), accepted.FullSigningBytes());
    }

    [Fact]
    public void Issue_EqualsTheRecordWrittenByHand()
    {
        AttestationDraft draft = Draft() with { Tags = ["tag:fcp-work"], Nonce = Bytes32.Read(Enumerable.Repeat((byte)7, 32).ToArray()) };
        Assert.Equal(FcpStatus.Accepted, NodeKeyAttestation.Issue(draft, _zone.Owner, out NodeKeyAttestation? issued));
        Assert.Equal(Forge().Sign(_zone.Owner), issued!.Encoded.ToArray());
    }

    [Fact]
    public void Issue_WhatNoNodeWouldAccept_IsInvalid()
    {
        NodePublicKeys keys = _zone.Keys.Public;
        foreach (AttestationDraft broken in (AttestationDraft[])
        [
            Draft() with { Node = default },
            Draft() with { Tags = ["tag:b", "tag:a"] },
            Draft() with { ExpiresAtUnixSeconds = Now },
            Draft() with { ExpiresAtUnixSeconds = Now + Month + 1 },
            Draft() with { Keys = keys with { Encryption = default } },
            Draft() with { Keys = keys with { Issuance = keys.Signing } },
        ])
        {
            Assert.Equal(FcpStatus.InvalidAttestation, NodeKeyAttestation.Issue(broken, _zone.Owner, out NodeKeyAttestation? none));
            Assert.Null(none);
        }
    }

    [Theory]
    [InlineData(Now - 121, FcpStatus.InvalidAttestation)] // issued further ahead than clocks may differ
    [InlineData(Now - 120, FcpStatus.Accepted)]
    [InlineData(Now + 3599, FcpStatus.Accepted)]
    [InlineData(Now + 3600, FcpStatus.AttestationExpired)]
    [InlineData(0ul, FcpStatus.InvalidAttestation)]
    [InlineData(ulong.MaxValue, FcpStatus.AttestationExpired)]
    public void Judge_AtATime_CountsWhileItLasts(ulong now, FcpStatus expected) =>
        Assert.Equal(expected, Judge(Forge().Sign(_zone.Owner), out _, now));

    [Theory]
    [InlineData(0ul, 0ul)]
    [InlineData(Now, Now)]
    [InlineData(Now, Now - 1)]
    [InlineData(Now - 1, Now + Month)]
    [InlineData(0ul, ulong.MaxValue)]
    public void Judge_ALifeOfNoneOrTooLong_IsInvalid(ulong issuedAt, ulong expiresAt) => Assert.Equal(
        FcpStatus.InvalidAttestation, Judge((Forge() with { IssuedAt = issuedAt, ExpiresAt = expiresAt }).Sign(_zone.Owner), out _));

    [Fact]
    public void Judge_ALifeOf30Days_Counts() => Assert.Equal(
        FcpStatus.Accepted, Judge((Forge() with { ExpiresAt = Now + Month }).Sign(_zone.Owner), out _));

    [Theory]
    [InlineData("tag:")]
    [InlineData("tag:A")]
    [InlineData("Tag:a")]
    [InlineData("fcp-work")]
    [InlineData("tag:a b")]
    [InlineData("tag:\u00e4")]
    public void Judge_ATagOutsideTheGrammar_IsInvalid(string tag) =>
        Assert.Equal(FcpStatus.InvalidAttestation, Judge((Forge() with { Tags = [tag] }).Sign(_zone.Owner), out _));

    [Fact]
    public void Judge_TagsAtTheirBounds_AreTakenAndBeyondRefused()
    {
        string[] most = Enumerable.Range(0, 32).Select(static i => $"tag:{i:00}").ToArray();
        string longest = "tag:" + new string('a', 60);
        Assert.Equal(FcpStatus.Accepted, Judge((Forge() with { Tags = most }).Sign(_zone.Owner), out _));
        Assert.Equal(FcpStatus.Accepted, Judge((Forge() with { Tags = [] }).Sign(_zone.Owner), out _));
        Assert.Equal(FcpStatus.Accepted, Judge((Forge() with { Tags = [longest] }).Sign(_zone.Owner), out _));
        Assert.Equal(FcpStatus.InvalidAttestation, Judge((Forge() with { Tags = [.. most, "tag:99"] }).Sign(_zone.Owner), out _));
        Assert.Equal(FcpStatus.InvalidAttestation, Judge((Forge() with { Tags = [longest + "a"] }).Sign(_zone.Owner), out _));
        Assert.Equal(FcpStatus.InvalidAttestation, Judge((Forge() with { Tags = ["tag:b", "tag:a"] }).Sign(_zone.Owner), out _));
        Assert.Equal(FcpStatus.InvalidAttestation, Judge((Forge() with { Tags = ["tag:a", "tag:a"] }).Sign(_zone.Owner), out _));
    }

    /// <summary>Every rule broken alone, and every two together: the one that stands first in the specification names the refusal.</summary>
    [Fact]
    public void Judge_FaultsInPairs_NamesTheFirst()
    {
        using OwnerKey stranger = OwnerKey.Generate(_zone.Crypto);
        (string Name, Func<AttestationForge, AttestationForge> Break, FcpStatus Status)[] faults =
        [
            ("node", static forge => forge with { Node = "no node" }, FcpStatus.InvalidAttestation),
            ("tags", static forge => forge with { Tags = ["none"] }, FcpStatus.InvalidAttestation),
            ("owner", forge => forge with { OwnerNamed = stranger.PublicKey }, FcpStatus.InvalidAttestation),
            ("kid", forge => forge with { SignerNamed = stranger.KeyId }, FcpStatus.InvalidAttestation),
            ("expired", static forge => forge with { IssuedAt = Now - 7200, ExpiresAt = Now - 3600 }, FcpStatus.AttestationExpired),
            ("signature", static forge => forge with { BreakSignature = true }, FcpStatus.AttestationVerifyFailed),
            ("full signature", static forge => forge with { BreakFullSignature = true }, FcpStatus.AttestationVerifyFailed),
            ("keys", static forge => forge with { Keys = forge.Keys with { Issuance = forge.Keys.Signing } }, FcpStatus.InvalidAttestation),
            ("zero", static forge => forge with { Keys = forge.Keys with { Encryption = default } }, FcpStatus.InvalidAttestation),
        ];
        for (int first = 0; first < faults.Length; first++)
        {
            for (int second = first; second < faults.Length; second++)
            {
                byte[] bytes = faults[second].Break(faults[first].Break(Forge())).Sign(_zone.Owner);
                FcpStatus status = Judge(bytes, out NodeKeyAttestation? attestation);
                Assert.True(faults[first].Status == status, $"{faults[first].Name} and {faults[second].Name}: {status}");
                Assert.Null(attestation);
            }
        }
    }

    [Fact]
    public void Judge_SignedByAStranger_IsRefusedWhoeverItNames()
    {
        using OwnerKey stranger = OwnerKey.Generate(_zone.Crypto);
        Assert.Equal(FcpStatus.InvalidAttestation, Judge(Forge().Sign(stranger), out _));
        AttestationForge pretending = Forge() with { OwnerNamed = _zone.Owner.PublicKey, SignerNamed = _zone.Owner.KeyId };
        Assert.Equal(FcpStatus.AttestationVerifyFailed, Judge(pretending.Sign(stranger), out _));
    }

    [Fact]
    public void Judge_AnyBitFlipped_IsRefusedAndTheDirectoryStays()
    {
        byte[] bytes = Forge().Sign(_zone.Owner);
        AttestationDirectory held = File(AttestationDirectory.Empty, bytes, FcpStatus.Accepted);
        foreach ((int position, byte[] flipped) in TestZone.Flips(bytes))
        {
            foreach (AttestationDirectory before in (AttestationDirectory[])[held, AttestationDirectory.Empty])
            {
                FcpStatus status = before.File(flipped, _zone.Owner.PublicKey, Now, _zone.Crypto.Signatures, out AttestationDirectory after);
                Assert.True(status != FcpStatus.Accepted && ReferenceEquals(before, after), $"position {position}: {status}");
            }
        }
    }

    [Fact]
    public void Parse_Truncated_IsRefusedAtEveryLength()
    {
        byte[] bytes = Forge().Sign(_zone.Owner);
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.Equal(FcpStatus.CborDeserialize, NodeKeyAttestation.Parse(bytes.AsSpan(0, length), out _));
        }
    }

    [Fact]
    public void Parse_LongerThanTheLimit_IsTooLarge() => Assert.Equal(
        FcpStatus.PayloadTooLarge, NodeKeyAttestation.Parse(new byte[CborLimits.AttestationBytesMax + 1], out _));

    [Fact]
    public void Directory_ANewerRecord_ReplacesAndAnOlderNever()
    {
        byte[] first = Forge().Sign(_zone.Owner), newer = (Forge() with { IssuedAt = Now + 1, Keys = _zone.OtherKeys.Public }).Sign(_zone.Owner);
        byte[] rival = (Forge() with { Keys = _zone.OtherKeys.Public }).Sign(_zone.Owner);
        AttestationDirectory directory = File(AttestationDirectory.Empty, first, FcpStatus.Accepted);
        Assert.Same(directory, File(directory, first, FcpStatus.Accepted));
        Assert.Same(directory, File(directory, rival, FcpStatus.InvalidAttestation)); // of the same second: neither is the newer
        directory = File(directory, newer, FcpStatus.Accepted);
        Assert.Same(directory, File(directory, first, FcpStatus.InvalidAttestation));
        Assert.Equal(FcpStatus.Accepted, directory.Find(_zone.Node, Now, out NodeKeyAttestation? found));
        Assert.Equal(_zone.OtherKeys.Public, found!.Keys);
    }

    [Fact]
    public void Directory_Find_KnowsStrangersAndExpiry()
    {
        AttestationDirectory directory = File(AttestationDirectory.Empty, Forge().Sign(_zone.Owner), FcpStatus.Accepted);
        Assert.Equal(FcpStatus.AttestationNodeMismatch, directory.Find(_zone.OtherNode, Now, out NodeKeyAttestation? none));
        Assert.Null(none);
        Assert.Equal(FcpStatus.AttestationExpired, directory.Find(_zone.Node, Now + 3600, out none));
        Assert.Null(none);
        Assert.Equal(FcpStatus.Accepted, directory.Find(_zone.Node, Now + 3599, out _));
    }

    private AttestationDraft Draft() => new()
    {
        Node = _zone.Node,
        Keys = _zone.Keys.Public,
        IssuedAtUnixSeconds = Now,
        ExpiresAtUnixSeconds = Now + 3600,
        Nonce = new Bytes32(1, 2, 3, 4),
    };

    private AttestationForge Forge() => new()
    {
        Node = _zone.Node.ToString(),
        Keys = _zone.Keys.Public,
        IssuedAt = Now,
        ExpiresAt = Now + 3600,
    };

    private FcpStatus Judge(byte[] bytes, out NodeKeyAttestation? attestation, ulong now = Now) =>
        AttestationAcceptance.Judge(bytes, _zone.Owner.PublicKey, now, _zone.Crypto.Signatures, out attestation);

    private AttestationDirectory File(AttestationDirectory directory, byte[] bytes, FcpStatus expected)
    {
        Assert.Equal(expected, directory.File(bytes, _zone.Owner.PublicKey, Now, _zone.Crypto.Signatures, out AttestationDirectory after));
        return after;
    }
}
