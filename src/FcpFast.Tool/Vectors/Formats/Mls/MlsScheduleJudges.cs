using System;
using System.Linq;
using System.Text;
using System.Text.Json;
using FcpFast.Mls;
using FcpFast.Mls.Codec;
using FcpFast.Mls.Crypto;
using FcpFast.Mls.Messages;
using FcpFast.Mls.Protection;
using FcpFast.Mls.Schedule;
using FcpFast.Mls.Tree;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Tool.Vectors.Formats.Mls;

/// <summary>Judges key-schedule, psk_secret, secret-tree, message-protection and transcript-hashes.</summary>
internal sealed class MlsScheduleJudges(CryptoProvider provider)
{
    /// <summary>As far as a ratchet must go for the vectors.</summary>
    private const uint GenerationsAheadMax = 1024;

    private static readonly Capabilities NoCapabilities = new([], [], [], [], []);

    public string? KeySchedules(VectorInputs inputs)
    {
        var crypto = new MlsCrypto(MlsFolder.SuiteOf(inputs), provider);
        SecretKey init = crypto.Keep(inputs.Bytes("initial_init_secret"));
        ulong number = 0;
        foreach (VectorInputs epoch in inputs.Objects("epochs"))
        {
            var context = new GroupContext(
                crypto.Suite, inputs.Bytes("group_id"), number++, epoch.Bytes("tree_hash"), epoch.Bytes("confirmed_transcript_hash"), []);
            string? difference = MlsExpect.Same(epoch, "group_context", context.ToBytes()) ?? Epoch(crypto, epoch, context, ref init);
            if (difference is not null) return $"epoch {context.Epoch}: {difference}";
        }

        init.Dispose();
        return null;
    }

    public string? PskSecret(VectorInputs inputs)
    {
        var crypto = new MlsCrypto(MlsFolder.SuiteOf(inputs), provider);
        (PreSharedKeyId, SecretKey)[] psks = inputs.Objects("psks")
            .Select(psk => (PreSharedKeyId.External(psk.Bytes("psk_id"), psk.Bytes("psk_nonce")), crypto.Keep(psk.Bytes("psk")))).ToArray();
        using SecretKey secret = KeySchedule.Psk(crypto, psks) ?? crypto.Keep(new byte[MlsCrypto.HashBytes]);
        return MlsExpect.Same(inputs, "psk_secret", secret);
    }

    public string? SecretTrees(VectorInputs inputs)
    {
        var crypto = new MlsCrypto(MlsFolder.SuiteOf(inputs), provider);
        VectorInputs data = inputs.Object("sender_data");
        byte[] key = new byte[crypto.KeyBytes], nonce = new byte[MlsCrypto.NonceBytes];
        using SecretKey senderData = crypto.Keep(data.Bytes("sender_data_secret"));
        PrivateProtection.SenderDataKey(crypto, senderData, data.Bytes("ciphertext"), key, nonce);
        string? difference = MlsExpect.Same(data, "key", key) ?? MlsExpect.Same(data, "nonce", nonce);
        JsonElement leaves = inputs.Raw("leaves");
        using var tree = new SecretTree(crypto, crypto.Keep(inputs.Bytes("encryption_secret")), (uint)leaves.GetArrayLength());
        for (int leaf = 0; leaf < leaves.GetArrayLength() && difference is null; leaf++)
        {
            foreach (JsonElement item in leaves[leaf].EnumerateArray())
            {
                var generation = new VectorInputs(item);
                difference ??= MessageKey(crypto, tree, (uint)leaf, ContentType.Proposal, generation, "handshake")
                    ?? MessageKey(crypto, tree, (uint)leaf, ContentType.Application, generation, "application");
            }
        }

        return difference;
    }

    public string? TranscriptHashes(VectorInputs inputs)
    {
        var crypto = new MlsCrypto(MlsFolder.SuiteOf(inputs), provider);
        AuthenticatedContent commit = MlsExpect.Decode<AuthenticatedContent>(inputs.Bytes("authenticated_content"));
        if (commit.Content.Commit is null || commit.Auth.ConfirmationTag is not { } tag) return "the content is no commit";
        byte[] confirmed = commit.ConfirmedTranscriptHash(crypto, inputs.Bytes("interim_transcript_hash_before"));
        byte[] interim = AuthenticatedContent.InterimTranscriptHash(crypto, confirmed, tag);
        return MlsExpect.Same(inputs, "confirmed_transcript_hash_after", confirmed)
            ?? MlsExpect.Same(inputs, "interim_transcript_hash_after", interim)
            ?? VectorComparison.Difference("confirmation_tag", Convert.ToHexStringLower(tag), crypto.Mac(inputs.Bytes("confirmation_key"), confirmed));
    }

    public string? MessageProtection(VectorInputs inputs)
    {
        var crypto = new MlsCrypto(MlsFolder.SuiteOf(inputs), provider);
        return Protection(crypto, inputs, "proposal", ContentType.Proposal) ?? Protection(crypto, inputs, "commit", ContentType.Commit)
            ?? Protection(crypto, inputs, "application", ContentType.Application);
    }

    private static string? Epoch(MlsCrypto crypto, VectorInputs epoch, GroupContext context, ref SecretKey init)
    {
        using SecretKey commit = crypto.Keep(epoch.Bytes("commit_secret")), psk = crypto.Keep(epoch.Bytes("psk_secret"));
        using SecretKey joiner = KeySchedule.Joiner(crypto, init, commit, context), member = KeySchedule.Member(crypto, joiner, psk);
        using SecretKey epochSecret = KeySchedule.Epoch(crypto, member, context), again = KeySchedule.Epoch(crypto, member, context);
        using EpochSecrets secrets = EpochSecrets.From(crypto, again, 1);
        using SecretKey welcome = Derive(crypto, member, "welcome"), external = Derive(crypto, epochSecret, "external");
        string? difference = MlsExpect.Same(epoch, "joiner_secret", joiner) ?? MlsExpect.Same(epoch, "welcome_secret", welcome)
            ?? MlsExpect.Same(epoch, "init_secret", secrets.Init) ?? MlsExpect.Same(epoch, "sender_data_secret", secrets.SenderData)
            ?? MlsExpect.Same(epoch, "encryption_secret", secrets.Messages.Nodes[TreeMath.Root(1)])
            ?? MlsExpect.Same(epoch, "exporter_secret", secrets.Exporter) ?? MlsExpect.Same(epoch, "epoch_authenticator", secrets.Authenticator)
            ?? MlsExpect.Same(epoch, "external_secret", external) ?? MlsExpect.Same(epoch, "confirmation_key", secrets.Confirmation)
            ?? MlsExpect.Same(epoch, "membership_key", secrets.Membership) ?? MlsExpect.Same(epoch, "resumption_psk", secrets.Resumption)
            ?? ExternalKey(crypto, epoch, external) ?? Exporter(crypto, epoch.Object("exporter"), secrets);
        init.Dispose();
        init = Copy(crypto, secrets.Init);
        return difference;
    }

    private static string? ExternalKey(MlsCrypto crypto, VectorInputs epoch, SecretKey external)
    {
        using KeyLease lease = external.Lease();
        using SecretKey secret = crypto.DeriveKeyPair(lease.Bytes, out byte[] publicKey);
        return MlsExpect.Same(epoch, "external_pub", publicKey);
    }

    private static string? Exporter(MlsCrypto crypto, VectorInputs exporter, EpochSecrets secrets)
    {
        byte[] output = new byte[exporter.Int("length")];
        KeySchedule.Export(crypto, secrets.Exporter, Encoding.UTF8.GetBytes(exporter.Text("label")), exporter.Bytes("context"), output);
        return MlsExpect.Same(exporter, "secret", output);
    }

    private static string? MessageKey(MlsCrypto crypto, SecretTree tree, uint leaf, ContentType type, VectorInputs generation, string prefix)
    {
        MlsStatus status = tree.RatchetOf(leaf, type).Take(generation.UInt("generation"), GenerationsAheadMax, out SecretKey? key);
        if (key is null) return $"leaf {leaf} generation {generation.UInt("generation")}: {status}";
        using (key)
        {
            using KeyLease lease = key.Lease();
            return MlsExpect.Same(generation, prefix + "_key", lease.Bytes[..crypto.KeyBytes])
                ?? MlsExpect.Same(generation, prefix + "_nonce", lease.Bytes[crypto.KeyBytes..]);
        }
    }

    private static string? Protection(MlsCrypto crypto, VectorInputs inputs, string name, ContentType type)
    {
        Epoch Fresh() => EpochOf(crypto, inputs);
        byte[] raw = inputs.Bytes(name);
        if (inputs.TryBytes(name + "_pub") is { } publicBytes)
        {
            var received = (PublicMessage)MlsExpect.Decode<MlsMessage>(publicBytes).Body;
            string? difference = MlsExpect.Accepted(name + "_pub", PublicProtection.Unprotect(Fresh(), received, out AuthenticatedContent opened))
                ?? VectorComparison.Difference(name, inputs.Text(name), Raw(opened.Content));
            if (difference is not null) return difference;
            PublicMessage own = PublicProtection.Protect(Fresh(), Sign(crypto, inputs, WireFormat.PublicMessage, raw, type, opened.Auth));
            difference = MlsExpect.Accepted("own " + name, PublicProtection.Unprotect(Fresh(), own, out _));
            if (difference is not null) return difference;
        }
        else
        {
            PublicMessage forbidden = PublicProtection.Protect(Fresh(), Sign(crypto, inputs, WireFormat.PublicMessage, raw, type, null));
            if (PublicProtection.Unprotect(Fresh(), forbidden, out _).IsAccepted) return "application data was accepted unencrypted";
        }

        var message = (PrivateMessage)MlsExpect.Decode<MlsMessage>(inputs.Bytes(name + "_priv")).Body;
        MlsVerdict verdict = PrivateProtection.Unprotect(Fresh(), message, 0, GenerationsAheadMax, out AuthenticatedContent? content);
        if (!verdict.IsAccepted) return $"{name}_priv: {verdict}";
        PrivateMessage ownPrivate = PrivateProtection.Protect(Fresh(), Sign(crypto, inputs, WireFormat.PrivateMessage, raw, type, content!.Auth));
        return VectorComparison.Difference(name, inputs.Text(name), Raw(content.Content))
            ?? MlsExpect.Accepted("own " + name, PrivateProtection.Unprotect(Fresh(), ownPrivate, 0, GenerationsAheadMax, out _));
    }

    private static byte[] Raw(FramedContent content)
    {
        if (content.Application is not null) return content.Application;
        using var writer = new MlsWriter();
        content.WriteContent(writer);
        return writer.ToArray();
    }

    /// <summary>The same content, signed here; a commit's tag is not judged by protection and taken over.</summary>
    private static AuthenticatedContent Sign(
        MlsCrypto crypto, VectorInputs inputs, WireFormat format, byte[] raw, ContentType type, ContentAuth? auth)
    {
        var content = new FramedContent(
            inputs.Bytes("group_id"), inputs.ULong("epoch"), Sender.Member(1), [], type, type == ContentType.Application ? raw : null,
            type == ContentType.Proposal ? MlsExpect.Decode<Proposal>(raw) : null, type == ContentType.Commit ? MlsExpect.Decode<Commit>(raw) : null);
        using SecretKey seed = crypto.Keep(inputs.Bytes("signature_priv"));
        AuthenticatedContent signed = AuthenticatedContent.Sign(crypto, format, content, ContextOf(crypto, inputs), seed);
        return signed with { Auth = signed.Auth with { ConfirmationTag = auth?.ConfirmationTag } };
    }

    private static Epoch EpochOf(MlsCrypto crypto, VectorInputs inputs)
    {
        LeafNode Leaf(byte[] signatureKey) =>
            new([], signatureKey, MlsCredential.Basic([]), NoCapabilities, LeafNodeSource.Update, 0, 0, [], [], []);
        var tree = new RatchetTree(Leaf([]));
        tree.AddLeaf(Leaf(inputs.Bytes("signature_pub")));
        SecretKey Unused() => crypto.Draw();
        var secrets = new EpochSecrets(
            crypto.Keep(inputs.Bytes("sender_data_secret")), Unused(), Unused(), crypto.Keep(inputs.Bytes("membership_key")), Unused(), Unused(), [],
            new SecretTree(crypto, crypto.Keep(inputs.Bytes("encryption_secret")), 2));
        return new Epoch(crypto, ContextOf(crypto, inputs), tree, secrets);
    }

    private static GroupContext ContextOf(MlsCrypto crypto, VectorInputs inputs) => new(
        crypto.Suite, inputs.Bytes("group_id"), inputs.ULong("epoch"), inputs.Bytes("tree_hash"), inputs.Bytes("confirmed_transcript_hash"), []);

    private static SecretKey Derive(MlsCrypto crypto, SecretKey secret, string label)
    {
        using KeyLease lease = secret.Lease();
        return crypto.Derive(lease.Bytes, Encoding.UTF8.GetBytes(label));
    }

    private static SecretKey Copy(MlsCrypto crypto, SecretKey secret)
    {
        using KeyLease lease = secret.Lease();
        return crypto.Vault.Import(lease.Bytes);
    }
}
