using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using FcpFast.Control.Attestations;
using FcpFast.Control.Identities;
using FcpFast.Control.Manifests;
using FcpFast.Control.Revocations;
using FcpFast.Control.Tests.Support;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Tests.Nodes;

/// <summary>
/// Every changed byte of valid records is refused, and changes no state. FCPFAST_CAMPAIGN=1000 takes as many of each kind. [WIRE §11.5], [WIRE §15]
/// </summary>
/// <remarks>The signer's name and date in a manifest's or list's signature map are not signed: with them changed it says the same, and is told as known.</remarks>
public sealed class ByteChangeCampaignTests
{
    private static readonly int Count = int.TryParse(Environment.GetEnvironmentVariable("FCPFAST_CAMPAIGN"), CultureInfo.InvariantCulture, out int count) ? count : 6;

    [Fact]
    public void Take_AnyChangedByteOfAManifest_IsRefusedWithoutATrace() => Seeded.Run(Count, random =>
    {
        using var test = new TestZone(random.Next());
        using ZoneSecrets keys = ZoneSecrets.Generate(test.Crypto), next = keys.Rotate(test.Crypto, random.Next(2) == 0);
        ZoneState state = test.Accept(test.First(keys), test.Fresh);
        ZoneKeyManifest manifest = test.Author(ManifestDraft.Rotate(state, TestZone.Now).To(random.Next(2) == 0 ? test.Both : test.OnlyOther), next);
        ContentDigest content = ContentDigest.Of(manifest.SigningBytes());
        foreach (byte[] changed in Changes(manifest.Encoded.ToArray(), random))
        {
            using ManifestOutcome outcome = test.Judge(changed, state);
            if (ReferenceEquals(outcome.State, state)) Assert.NotEqual(FcpStatus.Accepted, outcome.Status);
            else Assert.Equal(content, ContentDigest.Of(outcome.Manifest!.SigningBytes())); // an unsigned field: it says the very same
        }
    });

    [Fact]
    public void Take_AnyChangedByteOfAnAttestation_IsRefusedWithoutATrace() => Seeded.Run(Count, random =>
    {
        using var test = new TestZone(random.Next());
        var draft = new AttestationDraft
        {
            Node = test.OtherNode, Keys = test.OtherKeys.Public, Tags = ["tag:a", "tag:b"], IssuedAtUnixSeconds = TestZone.Now - (ulong)random.Next(100),
            ExpiresAtUnixSeconds = TestZone.Now + (ulong)random.Next(1, 10_000), Nonce = random.Next32(),
        };
        Assert.Equal(FcpStatus.Accepted, NodeKeyAttestation.Issue(draft, test.Owner, out NodeKeyAttestation? attestation));
        foreach (byte[] changed in Changes(attestation!.Encoded.ToArray(), random))
        {
            FcpStatus status = AttestationDirectory.Empty.File(changed, test.Owner.PublicKey, TestZone.Now, test.Crypto.Signatures, out AttestationDirectory after);
            Assert.NotEqual(FcpStatus.Accepted, status);
            Assert.Same(AttestationDirectory.Empty, after);
        }
    });

    [Fact]
    public void Take_AnyChangedByteOfARevocationList_IsRefusedWithoutATrace() => Seeded.Run(Count, random =>
    {
        using var test = new TestZone(random.Next());
        RevokedKey[] revoked = [.. Enumerable.Range(0, random.Next(1, 4)).Select(i => new RevokedKey(new PublicKey(random.Next32()), test.OtherNode, RevocationReason.Lost, TestZone.Now))];
        Assert.Equal(FcpStatus.Accepted, RevocationList.Sign(
            (ulong)random.Next(1, 100), revoked, FreshnessPolicy.None, test.Owner, test.Signer, TestZone.Now, out RevocationList? list));
        ContentDigest content = ContentDigest.Of(list!.SigningBytes());
        foreach (byte[] changed in Changes(list.Encoded.ToArray(), random))
        {
            FcpStatus status = RevocationHistory.Empty.Take(changed, test.Owner.PublicKey, TestZone.Now, test.Crypto.Signatures, out RevocationHistory after);
            if (ReferenceEquals(after, RevocationHistory.Empty)) Assert.NotEqual(FcpStatus.Accepted, status);
            else Assert.Equal(content, ContentDigest.Of(after.InForce!.SigningBytes()));
        }
    });

    /// <summary>Each byte, changed to another one.</summary>
    private static IEnumerable<byte[]> Changes(byte[] bytes, Random random)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            byte[] changed = (byte[])bytes.Clone();
            changed[i] ^= (byte)random.Next(1, 256);
            yield return changed;
        }
    }
}
