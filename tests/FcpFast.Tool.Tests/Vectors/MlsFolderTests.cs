using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using FcpFast.Tool.Tests.Support;

namespace FcpFast.Tool.Tests.Vectors;

/// <summary>The reader of MLS's vectors notices one wrong digit in any field of any family, and judges no suite that it does not speak.</summary>
public sealed class MlsFolderTests
{
    /// <summary>A family and a field, by its path, whose last digit decides.</summary>
    public static TheoryData<string, string> Fields => new()
    {
        { "crypto-basics", "ref_hash.out" }, { "crypto-basics", "expand_with_label.out" }, { "crypto-basics", "derive_secret.out" },
        { "crypto-basics", "derive_tree_secret.out" }, { "crypto-basics", "sign_with_label.signature" },
        { "crypto-basics", "encrypt_with_label.plaintext" }, { "key-schedule", "epochs.1.joiner_secret" },
        { "key-schedule", "epochs.0.welcome_secret" }, { "key-schedule", "epochs.2.init_secret" }, { "key-schedule", "epochs.0.external_pub" },
        { "key-schedule", "epochs.0.exporter.secret" }, { "key-schedule", "epochs.0.encryption_secret" }, { "message-protection", "proposal" },
        { "message-protection", "commit_pub" }, { "message-protection", "application_priv" }, { "messages", "commit" },
        { "psk_secret", "psk_secret" }, { "secret-tree", "sender_data.nonce" }, { "secret-tree", "leaves.0.0.handshake_key" },
        { "secret-tree", "leaves.0.0.application_nonce" }, { "transcript-hashes", "confirmed_transcript_hash_after" },
        { "transcript-hashes", "interim_transcript_hash_after" }, { "transcript-hashes", "confirmation_key" },
        { "tree-operations", "tree_after" }, { "tree-operations", "tree_hash_before" }, { "tree-validation", "tree_hashes.0" },
        { "tree-validation", "group_id" }, { "treekem", "update_paths.0.commit_secret" }, { "treekem", "update_paths.0.tree_hash_after" },
        { "treekem", "leaves_private.0.encryption_priv" }, { "welcome", "signer_pub" }, { "welcome", "welcome" },
        { "passive-client-welcome", "initial_epoch_authenticator" }, { "passive-client-handling-commit", "epochs.1.epoch_authenticator" },
        { "passive-client-handling-commit", "epochs.0.commit" },
    };

    [Theory]
    [MemberData(nameof(Fields))]
    public async Task Check_OneDigitOfAFieldChanged_Fails(string family, string field)
    {
        JsonObject first = First(family);
        string[] path = field.Split('.');
        JsonNode parent = path[..^1].Aggregate((JsonNode)first, static (node, name) => int.TryParse(name, out int at) ? node[at]! : node[name]!);
        string before = (string)Get(parent, path[^1])!, after = before[..^1] + (before.EndsWith('7') ? "6" : "7");
        Assert.Equal(0, (await CheckAsync(family, first)).ExitCode);
        if (parent is JsonArray array) array[int.Parse(path[^1])] = after;
        else parent[path[^1]] = after;
        ToolRun run = await CheckAsync(family, first);
        Assert.Equal((1, 1), (run.ExitCode, (int)run.Family("mls")["failed"]!));
        run.AssertNoStackTrace();
    }

    [Fact]
    public async Task Check_AForgedWelcomeThatIsSaidToBeRight_FailsAndTheOtherWayToo()
    {
        JsonArray cases = All("welcome-forged");
        foreach (JsonNode? item in cases)
        {
            bool wasValid = (bool)item!["valid"]!;
            item["valid"] = !wasValid;
        }

        using TemporaryFolder folder = new TemporaryFolder().With("mls/welcome-forged.json", cases.ToJsonString());
        ToolRun run = await ToolRun.CheckAsync(folder.Path);
        Assert.Equal((1, cases.Count), (run.ExitCode, (int)run.Family("mls")["failed"]!));
    }

    [Fact]
    public async Task Check_AnotherCipherSuite_IsUnknown()
    {
        JsonObject first = First("psk_secret");
        first["cipher_suite"] = 2;
        ToolRun run = await CheckAsync("psk_secret", first);
        Assert.Equal((1, 1), (run.ExitCode, (int)run.Family("mls")["unknown"]!["psk_secret"]!));
    }

    private static JsonNode? Get(JsonNode parent, string name) => parent is JsonArray array ? array[int.Parse(name)] : parent[name];

    private static JsonObject First(string family) => (JsonObject)All(family)[0]!.DeepClone();

    private static JsonArray All(string family) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(VectorFolders.RequireShared("mls"), "mls", family + ".json")))!.AsArray();

    private static async Task<ToolRun> CheckAsync(string family, JsonObject item)
    {
        using TemporaryFolder folder = new TemporaryFolder().With($"mls/{family}.json", new JsonArray(item.DeepClone()).ToJsonString());
        return await ToolRun.CheckAsync(folder.Path);
    }
}
