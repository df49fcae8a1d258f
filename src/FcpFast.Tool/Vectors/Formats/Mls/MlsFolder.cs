using System;
using System.Collections.Generic;
using System.Text.Json;
using FcpFast.Mls;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Tool.Vectors.Formats.Mls;

/// <summary>The folder <c>mls</c>: the vectors of RFC 9420's working group in their own form, and our forged Welcomes.</summary>
/// <remarks>
/// Shape:  a file is an array of cases, and its name is their op. Cipher suites that are not spoken here are unknown, never passed.
/// Source: <c>vectors/mls/README.md</c>, [RFC 9420].
/// </remarks>
internal sealed class MlsFolder : IVectorFormat
{
    private const string Family = "mls";
    private readonly Dictionary<string, Func<VectorInputs, string?>> _judges;

    public MlsFolder(CryptoProvider crypto)
    {
        var basics = new MlsBasicsJudges(crypto);
        var schedule = new MlsScheduleJudges(crypto);
        var trees = new MlsTreeJudges(crypto);
        var groups = new MlsGroupJudges(crypto);
        _judges = new Dictionary<string, Func<VectorInputs, string?>>(StringComparer.Ordinal)
        {
            ["tree-math"] = MlsBasicsJudges.TreeMath,
            ["deserialization"] = MlsBasicsJudges.Deserialization,
            ["crypto-basics"] = basics.CryptoBasics,
            ["messages"] = MlsBasicsJudges.Messages,
            ["key-schedule"] = schedule.KeySchedules,
            ["psk_secret"] = schedule.PskSecret,
            ["secret-tree"] = schedule.SecretTrees,
            ["message-protection"] = schedule.MessageProtection,
            ["transcript-hashes"] = schedule.TranscriptHashes,
            ["tree-operations"] = trees.TreeOperations,
            ["tree-validation"] = trees.TreeValidation,
            ["treekem"] = trees.TreeKems,
            ["welcome"] = groups.WelcomeOpens,
            ["passive-client-welcome"] = groups.PassiveClient,
            ["passive-client-handling-commit"] = groups.PassiveClientHandlingCommit,
            ["passive-client-random"] = groups.PassiveClient,
            ["welcome-forged"] = groups.ForgedWelcome,
        };
    }

    public bool PassesOver(string fileName) => false;

    public IEnumerable<VectorCase> Read(string stem, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Array) throw new VectorFormatException("it is no array of cases");
        Func<VectorInputs, string?>? judge = _judges.GetValueOrDefault(stem);
        for (int i = 0; i < root.GetArrayLength(); i++)
        {
            var inputs = new VectorInputs(root[i]);
            string name = inputs.Has("name") ? $"{stem} {i} {inputs.Text("name")}" : $"{stem} {i}";
            VectorStanding standing = judge is null || !IsSpoken(inputs) ? VectorStanding.Unknown : VectorStanding.Known;
            yield return new VectorCase(Family, stem, name, standing, judge is null ? null : () => judge(inputs));
        }
    }

    /// <summary>The cipher suite of a case.</summary>
    internal static MlsCipherSuite SuiteOf(VectorInputs inputs) => (MlsCipherSuite)inputs.UInt("cipher_suite");

    private static bool IsSpoken(VectorInputs inputs) =>
        !inputs.Has("cipher_suite")
        || SuiteOf(inputs) is MlsCipherSuite.X25519Aes128GcmSha256Ed25519 or MlsCipherSuite.X25519ChaCha20Poly1305Sha256Ed25519;
}
