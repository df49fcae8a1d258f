using System;
using System.Linq;
using System.Text;
using System.Text.Json;
using FcpFast.Mls.Codec;
using FcpFast.Mls.Crypto;
using FcpFast.Mls.Messages;
using FcpFast.Mls.Tree;
using FcpFast.Protocol.Crypto;
using Tree = FcpFast.Mls.Tree.TreeMath;

namespace FcpFast.Tool.Vectors.Formats.Mls;

/// <summary>Judges tree-math, deserialization, crypto-basics and messages.</summary>
internal sealed class MlsBasicsJudges(CryptoProvider provider)
{
    public static string? TreeMath(VectorInputs inputs)
    {
        uint leaves = inputs.UInt("n_leaves"), nodes = inputs.UInt("n_nodes");
        if (Tree.NodesOf(leaves) != nodes) return $"n_nodes is {Tree.NodesOf(leaves)}";
        if (Tree.Root(leaves) != inputs.UInt("root")) return $"root is {Tree.Root(leaves)}";
        for (uint node = 0; node < nodes; node++)
        {
            bool isRoot = node == Tree.Root(leaves), isLeaf = Tree.IsLeaf(node);
            string? difference = SameNode(inputs, "left", node, isLeaf ? null : Tree.Left(node))
                ?? SameNode(inputs, "right", node, isLeaf ? null : Tree.Right(node))
                ?? SameNode(inputs, "parent", node, isRoot ? null : Tree.Parent(node))
                ?? SameNode(inputs, "sibling", node, isRoot ? null : Tree.Sibling(node));
            if (difference is not null) return difference;
        }

        return null;
    }

    public static string? Deserialization(VectorInputs inputs)
    {
        byte[] header = inputs.Bytes("vlbytes_header");
        var reader = new MlsReader(header);
        int length = reader.Length();
        if (reader.IsBroken || !reader.IsEmpty) return "the header does not decode";
        return length == inputs.Int("length") ? null : $"length is {length}";
    }

    public static string? Messages(VectorInputs inputs) =>
        inputs.Element.EnumerateObject().Select(field => Reencode(field.Name, VectorInputs.ParseBytes(field.Value))).FirstOrDefault(static d => d is not null);

    public string? CryptoBasics(VectorInputs inputs)
    {
        var crypto = new MlsCrypto(MlsFolder.SuiteOf(inputs), provider);
        return RefHash(crypto, inputs.Object("ref_hash")) ?? ExpandWithLabel(crypto, inputs.Object("expand_with_label"))
            ?? DeriveSecret(crypto, inputs.Object("derive_secret")) ?? DeriveTreeSecret(crypto, inputs.Object("derive_tree_secret"))
            ?? SignWithLabel(crypto, inputs.Object("sign_with_label")) ?? EncryptWithLabel(crypto, inputs.Object("encrypt_with_label"));
    }

    private static string? SameNode(VectorInputs inputs, string name, uint node, uint? found)
    {
        JsonElement value = inputs.Raw(name)[(int)node];
        uint? expected = value.ValueKind == JsonValueKind.Null ? null : value.GetUInt32();
        return expected == found ? null : $"{name} of {node} is {found}, expected {expected}";
    }

    private static string? Reencode(string field, byte[] bytes) => field switch
    {
        "mls_welcome" => Same<MlsMessage>(field, bytes, static m => m.Format == WireFormat.Welcome),
        "mls_group_info" => Same<MlsMessage>(field, bytes, static m => m.Format == WireFormat.GroupInfo),
        "mls_key_package" => Same<MlsMessage>(field, bytes, static m => m.Format == WireFormat.KeyPackage),
        "ratchet_tree" => Same<RatchetTree>(field, bytes),
        "group_secrets" => Same<GroupSecrets>(field, bytes),
        "add_proposal" => SameProposal(field, bytes, ProposalType.Add),
        "update_proposal" => SameProposal(field, bytes, ProposalType.Update),
        "remove_proposal" => SameProposal(field, bytes, ProposalType.Remove),
        "pre_shared_key_proposal" => SameProposal(field, bytes, ProposalType.PreSharedKey),
        "re_init_proposal" => SameProposal(field, bytes, ProposalType.ReInit),
        "external_init_proposal" => SameProposal(field, bytes, ProposalType.ExternalInit),
        "group_context_extensions_proposal" => SameProposal(field, bytes, ProposalType.GroupContextExtensions),
        "commit" => Same<Commit>(field, bytes),
        "public_message_application" => Same<MlsMessage>(field, bytes, static m => IsPublic(m, ContentType.Application)),
        "public_message_proposal" => Same<MlsMessage>(field, bytes, static m => IsPublic(m, ContentType.Proposal)),
        "public_message_commit" => Same<MlsMessage>(field, bytes, static m => IsPublic(m, ContentType.Commit)),
        "private_message" => Same<MlsMessage>(field, bytes, static m => m.Format == WireFormat.PrivateMessage),
        _ => $"the structure '{field}' is unknown",
    };

    private static bool IsPublic(MlsMessage message, ContentType type) => message.Body is PublicMessage content && content.Content.ContentType == type;

    /// <summary>The vector holds a proposal's content without the type before it.</summary>
    private static string? SameProposal(string field, byte[] content, ProposalType type)
    {
        byte[] bytes = [0, (byte)type, .. content];
        return Same<Proposal>(field, bytes, proposal => proposal.Type == type);
    }

    private static string? Same<T>(string field, byte[] bytes, Func<T, bool>? isRight = null)
        where T : IMlsStruct<T>
    {
        T value = MlsExpect.Decode<T>(bytes);
        if (isRight?.Invoke(value) == false) return $"{field} is another structure";
        return VectorComparison.Difference(field, Convert.ToHexStringLower(bytes), value.ToBytes());
    }

    private static string? RefHash(MlsCrypto crypto, VectorInputs inputs) =>
        MlsExpect.Same(inputs, "out", crypto.RefHash(Utf8(inputs, "label"), inputs.Bytes("value")));

    private static string? ExpandWithLabel(MlsCrypto crypto, VectorInputs inputs)
    {
        byte[] output = new byte[inputs.Int("length")];
        crypto.ExpandWithLabel(inputs.Bytes("secret"), Utf8(inputs, "label"), inputs.Bytes("context"), output);
        return MlsExpect.Same(inputs, "out", output);
    }

    private static string? DeriveSecret(MlsCrypto crypto, VectorInputs inputs)
    {
        byte[] output = new byte[MlsCrypto.HashBytes];
        crypto.DeriveSecret(inputs.Bytes("secret"), Utf8(inputs, "label"), output);
        return MlsExpect.Same(inputs, "out", output);
    }

    private static string? DeriveTreeSecret(MlsCrypto crypto, VectorInputs inputs)
    {
        byte[] output = new byte[inputs.Int("length")];
        crypto.DeriveTreeSecret(inputs.Bytes("secret"), Utf8(inputs, "label"), inputs.UInt("generation"), output);
        return MlsExpect.Same(inputs, "out", output);
    }

    private static string? SignWithLabel(MlsCrypto crypto, VectorInputs inputs)
    {
        byte[] label = Utf8(inputs, "label"), content = inputs.Bytes("content"), publicKey = inputs.Bytes("pub");
        if (!crypto.VerifyWithLabel(publicKey, label, content, inputs.Bytes("signature"))) return "the signature does not verify";
        using SecretKey seed = crypto.Keep(inputs.Bytes("priv"));
        return MlsExpect.Same(inputs, "signature", crypto.SignWithLabel(seed, label, content)); // Ed25519 has one signature
    }

    private static string? EncryptWithLabel(MlsCrypto crypto, VectorInputs inputs)
    {
        byte[] label = Utf8(inputs, "label"), context = inputs.Bytes("context"), plaintext = inputs.Bytes("plaintext");
        using SecretKey secret = crypto.Keep(inputs.Bytes("priv"));
        var given = new HpkeCiphertext(inputs.Bytes("kem_output"), inputs.Bytes("ciphertext"));
        HpkeCiphertext? own = crypto.EncryptWithLabel(inputs.Bytes("pub"), label, context, plaintext);
        if (own is null) return "the public key is refused";
        return MlsExpect.Same(inputs, "plaintext", crypto.DecryptWithLabel(secret, label, context, given))
            ?? MlsExpect.Same(inputs, "plaintext", crypto.DecryptWithLabel(secret, label, context, own));
    }

    private static byte[] Utf8(VectorInputs inputs, string name) => Encoding.UTF8.GetBytes(inputs.Text(name));
}
