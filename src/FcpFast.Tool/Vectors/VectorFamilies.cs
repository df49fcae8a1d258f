using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using System.Linq;

namespace FcpFast.Tool.Vectors;

/// <summary>The families of our own form and the ops of each, as the contract names them.</summary>
/// <remarks>
/// Shape:  an op counts only in its family; <c>corpus</c> takes the ops of all of them.
/// Source: <c>vectors/README.md</c>, "Families and ops".
/// </remarks>
internal static class VectorFamilies
{
    private const string Corpus = "corpus";

    private static readonly FrozenDictionary<string, string[]> OpsOf = new Dictionary<string, string>
    {
        ["hashes_ids"] = "canonical_id node_id zone_id zone_from_tag schema_hash object_id object_id_unscoped kid signing_tag signing_bytes",
        ["primitives"] = "blake3_keyed hkdf_sha256 aead_seal x25519_public x25519_shared ed25519_public ed25519_sign",
        ["canonical_cbor"] = "cbor_encode cbor_decode cbor_reencode schema_payload_encode schema_payload_decode",
        ["fcps_frame"] = "flag header_encode header_decode record_encode record_decode frame_encode frame_decode sealed_frame",
        ["symbol_envelope"] = "nonce12 nonce24 symbol_aad symbol_seal symbol_open",
        ["datagram"] = "datagram_encode datagram_decode session_mac datagram_seal datagram_open mtu_symbol_size",
        ["session"] = "hello ack hello_retry hello_decode ack_decode hello_verify ack_verify cookie cookie_check cookie_length negotiate "
            + "session_keys suite max_datagram",
        ["replay_window"] = "replay_window",
        ["fcpc_frame"] = "fcpc_header fcpc_header_decode fcpc_seal fcpc_decode fcpc_open",
        ["hpke"] = "hpke_aad hpke_seal hpke_open",
        ["zone_key_manifest"] = "algorithm_text rekey_policy rekey_policy_decode object_header manifest manifest_accept manifest_history",
        ["epochs"] = "epoch_number epoch_key epoch_from_chain epoch_accept",
        ["security_profile"] = "profile profile_accept",
        ["attestation"] = "attestation attestation_accept",
        ["symbol_control"] = "symbol_request decode_status symbol_ack control_payload signed_frame_transcript signed_frame_decode",
        ["objects"] = "symbol_counts chunk_id chunked_manifest chunked_accept",
        ["transfers"] = "control_key zone_seal zone_open transfer_id file_body segment_body transfer_status_body file_accept segment_accept "
            + "transfer_status_accept",
        ["control_records"] = "owner_card owner_key_file enrolment_accept revocation_accept generation_accept evidence_verify "
            + "stream_notice", // ours: the READMEs of FcpFast.Control and FcpFast.Protocol
        ["group_records"] = "membership_grant mls_message heal_order mls_zone_keys", // ours: WIRE §14 and that README
    }.ToFrozenDictionary(static pair => pair.Key, static pair => pair.Value.Split(' '));

    private static readonly FrozenSet<string> EveryOp = OpsOf.Values.SelectMany(static ops => ops).ToFrozenSet();

    /// <summary>The families, without <c>corpus</c>.</summary>
    public static IEnumerable<string> Names => OpsOf.Keys;

    /// <summary>True if the contract has that op in that family.</summary>
    public static bool Has(string family, string op) =>
        family == Corpus ? EveryOp.Contains(op) : OpsOf.TryGetValue(family, out string[]? ops) && Array.IndexOf(ops, op) >= 0;
}
