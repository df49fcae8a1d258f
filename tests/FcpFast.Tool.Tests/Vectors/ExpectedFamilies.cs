namespace FcpFast.Tool.Tests.Vectors;

/// <summary>How many cases each family has.</summary>
internal static class ExpectedFamilies
{
    /// <summary>Cases in <c>tests/Vectors</c>, exactly: a line a family.</summary>
    public static readonly TheoryData<string, int> Own = new()
    {
        { "attestation", 80 },
        { "canonical_cbor", 85 },
        { "control_records", 28 },
        { "datagram", 137 },
        { "epochs", 53 },
        { "fcpc_frame", 54 },
        { "fcps_frame", 90 },
        { "group_records", 19 },
        { "hashes_ids", 62 },
        { "hpke", 78 },
        { "objects", 56 },
        { "replay_window", 112 },
        { "security_profile", 30 },
        { "session", 184 },
        { "symbol_control", 48 },
        { "symbol_envelope", 62 },
        { "transfers", 283 },
        { "zone_key_manifest", 101 },
    };

    /// <summary>Cases in the shared folder, ours, golden and third parties' together. It lies outside the repository and may grow: at least these.</summary>
    public static readonly TheoryData<string, int> Shared = new()
    {
        { "attestation", 80 },
        { "blake3", 72 },
        { "canonical_cbor", 115 },
        { "corpus", 57 },
        { "datagram", 145 },
        { "epochs", 53 },
        { "fcpc_frame", 73 },
        { "fcps_frame", 120 },
        { "hashes_ids", 110 },
        { "hpke", 484 },
        { "mls", 436 },
        { "objects", 68 },
        { "primitives", 10 },
        { "replay_window", 122 },
        { "rfc8439", 111 },
        { "security_profile", 30 },
        { "session", 228 },
        { "symbol_control", 48 },
        { "symbol_envelope", 68 },
        { "transfers", 283 },
        { "wycheproof", 1048 },
        { "zone_key_manifest", 101 },
    };

    /// <summary>Cases in the shared folder that a later issue owns, at least.</summary>
    public static readonly TheoryData<string, int> Later = new() { { "raptorq", 91 } };
}
