using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Control.Attestations;
using FcpFast.Control.Evidence;
using FcpFast.Control.Groups;
using FcpFast.Control.Identities;
using FcpFast.Control.Manifests;
using FcpFast.Control.Profiles;
using FcpFast.Control.Records;
using FcpFast.Control.Revocations;
using FcpFast.Control.Tests.Support;
using FcpFast.Control.Witnesses;
using FcpFast.Fuzz.Corpora;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Fuzz.Targets;

/// <summary>Records of the control plane, whoever brings them: what is accepted keeps its bytes, and nothing is accepted with one byte more or less.</summary>
/// <remarks>Source: [WIRE §11], [WIRE §11.3], [WIRE §14], [WIRE §15].</remarks>
internal static class RecordTargets
{
    private static readonly ISignatures Signatures = new RealCrypto().Provider.Signatures;
    private static readonly ZoneId Zone = TestZone.ZoneOf("z:work");

    private static readonly (string Name, ParseRecord Parse)[] Kinds =
    [
        ("manifest", static bytes => Kept(ZoneKeyManifest.Parse(bytes, out ZoneKeyManifest? record), bytes, record?.Encoded)),
        ("attestation", static bytes => Kept(NodeKeyAttestation.Parse(bytes, out NodeKeyAttestation? record), bytes, record?.Encoded)),
        ("profile", static bytes => Kept(ZoneSecurityProfile.Parse(bytes, out ZoneSecurityProfile? record), bytes, record?.Encoded)),
        ("revocation", static bytes => Kept(RevocationList.Parse(bytes, out RevocationList? record), bytes, record?.Encoded)),
        ("generation", static bytes => Kept(GenerationStatement.Parse(bytes, out GenerationStatement? record), bytes, record?.Encoded)),
        ("grant", static bytes => Kept(MembershipGrant.Parse(bytes, out MembershipGrant? record), bytes, record?.Encoded)),
        ("group", static bytes => Kept(GroupMessage.Parse(bytes, Zone, out GroupMessage? record), bytes, record?.Encoded)),
        ("rekey", static bytes => RekeyPolicy.Parse(bytes, out _)),
        ("owner_key", static bytes => OwnerKeyFile.Parse(bytes, out _)),
        ("owner_card", static bytes => OwnerCard.Parse(bytes, Signatures, out _)),
        ("evidence", static bytes => EquivocationEvidence.Verify(bytes, Signatures, out _)),
        ("file", static bytes => RecordFile.Read(bytes.ToArray(), out _)),
    ];

    private delegate FcpStatus ParseRecord(ReadOnlySpan<byte> bytes);

    public static IEnumerable<FuzzTarget> All { get; } =
    [
        new("records", Record, Seeds) { AllocatedPerInputByte = 512 },
    ];

    /// <summary>The first byte tells what the rest is read as.</summary>
    private static void Record(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty) return;
        (string name, ParseRecord parse) = Kinds[input[0] % Kinds.Length];
        ReadOnlySpan<byte> bytes = input[1..];
        FcpStatus status = parse(bytes);
        FuzzFinding.Unless(status != FcpStatus.Undecided, $"a {name} was left undecided");
        if (status != FcpStatus.Accepted || bytes.IsEmpty) return;
        FuzzFinding.Unless(parse(bytes[..^1]) != FcpStatus.Accepted, $"a {name} is accepted with a byte less");
        FuzzFinding.Unless(parse([.. bytes, 0]) != FcpStatus.Accepted, $"a {name} is accepted with a byte more");
    }

    private static FcpStatus Kept(FcpStatus status, ReadOnlySpan<byte> bytes, ReadOnlyMemory<byte>? encoded)
    {
        FuzzFinding.Unless((status == FcpStatus.Accepted) == encoded.HasValue, "a record is there if it was accepted, and only then");
        if (encoded is { } kept) FuzzFinding.Unless(bytes.SequenceEqual(kept.Span), "a record's bytes are those that came");
        return status;
    }

    private static IEnumerable<byte[]> Seeds()
    {
        string[] files = ["oracle_manifests.json", "oracle_attestations.json", "oracle_profiles.json", "control_records.json"];
        foreach (byte[] bytes in files.SelectMany(static file => VectorSeeds.Of(file, "bytes", "manifest", "record", "cbor", "policy", "evidence", "profile", "attestation")))
        {
            for (int kind = 0; kind < Kinds.Length; kind++)
            {
                if (Kinds[kind].Parse(bytes) == FcpStatus.Accepted) yield return [(byte)kind, .. bytes];
            }
        }
    }
}
