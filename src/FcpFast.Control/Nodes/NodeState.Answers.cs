using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Control.Attestations;
using FcpFast.Control.Evidence;
using FcpFast.Control.Records;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Nodes;

/// <content>What this node asks others for, and what it answers.</content>
public sealed partial class NodeState
{
    /// <summary>No further record is added to an answer once it has so many bytes.</summary>
    public const int AnswerBytesMax = 16 * 1024 * 1024;

    /// <summary>Asks for what came after this node's manifest of a zone.</summary>
    public ManifestRequest AskForManifests(ZoneId zone) => new(zone, _zones.GetValueOrDefault(zone)?.State.Current?.Digest);

    /// <summary>Asks for attestations and revocations that this node lacks.</summary>
    public RecordRequest AskForRecords(ulong nowUnixSeconds) => new(Revocations.Serial, DigestOfAttestations(nowUnixSeconds), default);

    /// <summary>Every profile and later manifest that is kept, oldest first. [WIRE §12.2]</summary>
    public IReadOnlyList<ControlRecord> Answer(ManifestRequest request) =>
        _zones.ContainsKey(request.Zone) ? _store.ReadRecords(request.Zone, request.Have, AnswerBytesMax) : [];

    /// <summary>The attestations, if the asker's are others, and the revocations, if they are newer.</summary>
    public IReadOnlyList<ControlRecord> Answer(RecordRequest request, ulong nowUnixSeconds)
    {
        var records = new List<ControlRecord>();
        if (Revocations.Serial > request.RevocationSerial) records.Add(ControlRecord.Of(RecordKind.Revocations, Revocations.InForce!.Encoded.Span));
        if (request.Attestations == DigestOfAttestations(nowUnixSeconds)) return records;
        long bytes = 0;
        foreach (NodeKeyAttestation attestation in Counting(nowUnixSeconds))
        {
            bool isWanted = request.After.IsEmpty || string.CompareOrdinal(attestation.Node.ToString(), request.After.ToString()) > 0;
            if (!isWanted) continue;
            if (bytes > AnswerBytesMax) break;
            bytes += attestation.Encoded.Length;
            records.Add(ControlRecord.Of(RecordKind.Attestation, attestation.Encoded.Span));
        }

        return records;
    }

    /// <summary>Everything that can be carried to another node of the owner as a file.</summary>
    public IReadOnlyList<ControlRecord> Export(ulong nowUnixSeconds)
    {
        List<ControlRecord> records = [.. Answer(new RecordRequest(0, default, default), nowUnixSeconds)];
        foreach (ZoneId zone in _zones.Keys) records.AddRange(_store.ReadRecords(zone, null, int.MaxValue));
        return records;
    }

    /// <summary>The manifests of a zone that contradict each other, as a proof for anybody; null if there are none that are kept whole.</summary>
    /// <remarks>Source: [WIRE §12.2].</remarks>
    public ControlRecord? ExportEvidence(ZoneId zone)
    {
        IReadOnlyList<byte[]> manifests = _store.ReadEvidence(zone);
        return manifests.Count < 2 ? null : ControlRecord.Of(
            RecordKind.Evidence, EquivocationEvidence.Write(zone, Owner, [.. manifests.Take(EquivocationEvidence.CountMax)]));
    }

    private IEnumerable<NodeKeyAttestation> Counting(ulong nowUnixSeconds) => Attestations.Nodes.Values
        .Where(one => AttestationAcceptance.JudgeExpiry(one, nowUnixSeconds) == FcpStatus.Accepted && !Revocations.IsRevoked(one.Keys.Signing))
        .OrderBy(static one => one.Node.ToString(), StringComparer.Ordinal);

    private Bytes32 DigestOfAttestations(ulong nowUnixSeconds)
    {
        Span<byte> hash = stackalloc byte[CryptoSizes.HashBytes];
        Blake3Hasher all = _crypto.NewHasher();
        foreach (NodeKeyAttestation attestation in Counting(nowUnixSeconds))
        {
            Blake3Hasher one = _crypto.NewHasher();
            one.Update(attestation.Encoded.Span);
            one.Finish(hash);
            all.Update(hash);
        }

        all.Finish(hash);
        return Bytes32.Read(hash);
    }
}
