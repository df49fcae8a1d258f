using System;
using System.Text;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Protocol.Ids;

/// <summary>The text that separates what one signature is for from what another is for.</summary>
/// <param name="Text">Such as <c>fcp.zone.ZoneKeyManifest/1.0.0</c>.</param>
/// <remarks>Source: [WIRE §2.4], [WIRE §2.7].</remarks>
public readonly record struct SigningId(string Text)
{
    /// <summary>The manifest of a zone's keys.</summary>
    public static SigningId ZoneKeyManifest => new("fcp.zone.ZoneKeyManifest/1.0.0");

    /// <summary>A zone's security profile.</summary>
    public static SigningId ZoneSecurityProfile => new("fcp.zone.ZoneSecurityProfile/1.0.0");

    /// <summary>The owner's leave to add or remove a member of an MLS zone.</summary>
    public static SigningId MembershipGrant => new("fcp.zone.MembershipGrant/1.0.0");

    /// <summary>The attestation that the snapshot can verify.</summary>
    public static SigningId Attestation => new("fcp.attestation.v1");

    /// <summary>The attestation over the full keys.</summary>
    public static SigningId FullAttestation => new("fcpfast.attestation.v1");

    private static ReadOnlySpan<byte> Domain => "FCP2-SIGN-V1"u8;

    /// <summary>Bytes before the object in its signing bytes.</summary>
    public const int PrefixBytes = 20;

    /// <summary>The signing tag: the first 8 bytes of the text's hash.</summary>
    public Bytes8 ComputeTag()
    {
        Span<byte> hash = stackalloc byte[CryptoSizes.HashBytes];
        Blake3Hasher.Hash([], Encoding.UTF8.GetBytes(Text), hash);
        return Bytes8.Read(hash);
    }

    /// <summary>The bytes that are signed: domain, tag, object. Allocates; for the control path.</summary>
    /// <param name="canonicalCbor">The object without its signature field.</param>
    public byte[] SigningBytes(ReadOnlySpan<byte> canonicalCbor)
    {
        byte[] bytes = new byte[PrefixBytes + canonicalCbor.Length];
        Domain.CopyTo(bytes);
        ComputeTag().Write(bytes.AsSpan(Domain.Length));
        canonicalCbor.CopyTo(bytes.AsSpan(PrefixBytes));
        return bytes;
    }
}
