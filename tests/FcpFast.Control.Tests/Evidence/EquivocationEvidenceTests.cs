using System;
using FcpFast.Control.Evidence;
using FcpFast.Control.Identities;
using FcpFast.Control.Manifests;
using FcpFast.Control.Tests.Support;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Control.Tests.Evidence;

/// <summary>[WIRE §12.2]: two manifests in one slot, shown to a third party.</summary>
public sealed class EquivocationEvidenceTests : IDisposable
{
    private readonly TestZone _zone = new();

    public void Dispose() => _zone.Dispose();

    [Fact]
    public void Verify_TwoRotationsOfOneKey_AreProof()
    {
        (byte[] left, byte[] right) = Rivals();
        Assert.Equal(FcpStatus.Accepted, Verify([left, right], out EquivocationEvidence? evidence));
        Assert.Equal((_zone.Zone, _zone.Owner.PublicKey, 2), (evidence!.Zone, evidence.Owner, evidence.Records.Length));
    }

    [Fact]
    public void Verify_WhatDoesNotContradict_IsNoProof()
    {
        using ZoneSecrets keys = ZoneSecrets.Generate(_zone.Crypto), next = keys.Rotate(_zone.Crypto, false);
        ZoneKeyManifest first = _zone.First(keys);
        ZoneKeyManifest second = _zone.Author(ManifestDraft.Rotate(_zone.Accept(first, _zone.Fresh), TestZone.Now).To(_zone.Both), next);
        Assert.Equal(FcpStatus.InvalidEvidence, Verify([first.Encoded.ToArray(), second.Encoded.ToArray()], out _));
        Assert.Equal(FcpStatus.InvalidEvidence, Verify([first.Encoded.ToArray()], out _));
        (byte[] left, byte[] right) = Rivals();
        Assert.Equal(FcpStatus.InvalidEvidence, Verify([left, right, first.Encoded.ToArray()], out _)); // one of three stands apart
    }

    [Fact]
    public void Verify_OneManifestWithItsUnsignedFieldsChanged_IsNoProof()
    {
        (byte[] left, _) = Rivals();
        byte[] copy = (byte[])left.Clone();
        copy[copy.AsSpan().IndexOf("owner-1"u8)] = (byte)'O';
        Assert.Equal(FcpStatus.InvalidEvidence, Verify([left, copy], out _));
    }

    [Fact]
    public void Verify_AnotherOwnerOrZone_IsRefused()
    {
        (byte[] left, byte[] right) = Rivals();
        using OwnerKey stranger = OwnerKey.Generate(_zone.Crypto);
        byte[] ofStranger = EquivocationEvidence.Write(_zone.Zone, stranger.PublicKey, [left, right]);
        Assert.Equal(FcpStatus.InvalidSignature, EquivocationEvidence.Verify(ofStranger, _zone.Crypto.Signatures, out _));
        byte[] ofOtherZone = EquivocationEvidence.Write(TestZone.ZoneOf("z:other"), _zone.Owner.PublicKey, [left, right]);
        Assert.Equal(FcpStatus.ZoneIdMismatch, EquivocationEvidence.Verify(ofOtherZone, _zone.Crypto.Signatures, out _));
        left[^1] ^= 1;
        Assert.NotEqual(FcpStatus.Accepted, Verify([left, right], out _));
    }

    private (byte[] Left, byte[] Right) Rivals()
    {
        using ZoneSecrets keys = ZoneSecrets.Generate(_zone.Crypto), left = keys.Rotate(_zone.Crypto, false), right = keys.Rotate(_zone.Crypto, false);
        ZoneState state = _zone.Accept(_zone.First(keys), _zone.Fresh);
        ManifestDraft draft = ManifestDraft.Rotate(state, TestZone.Now).To(_zone.Both);
        return (_zone.Author(draft, left).Encoded.ToArray(), _zone.Author(draft, right).Encoded.ToArray());
    }

    private FcpStatus Verify(byte[][] manifests, out EquivocationEvidence? evidence) => EquivocationEvidence.Verify(
        EquivocationEvidence.Write(_zone.Zone, _zone.Owner.PublicKey, manifests), _zone.Crypto.Signatures, out evidence);
}
