using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Mls;
using FcpFast.Mls.Crypto;
using FcpFast.Mls.Groups;
using FcpFast.Mls.Messages;
using FcpFast.Mls.Schedule;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Tool.Vectors.Formats.Mls;

/// <summary>Judges welcome, the passive clients and our forged Welcomes.</summary>
internal sealed class MlsGroupJudges(CryptoProvider provider)
{
    /// <summary>Inside the lifetimes of every leaf but those of passive-client-handling-commit, which begin later.</summary>
    private const long Early = 1_705_000_000;
    private const long Late = 1_715_000_000;

    public string? WelcomeOpens(VectorInputs inputs)
    {
        var crypto = new MlsCrypto(MlsFolder.SuiteOf(inputs), provider);
        var package = (KeyPackage)MlsExpect.Decode<MlsMessage>(inputs.Bytes("key_package")).Body;
        var welcome = (Welcome)MlsExpect.Decode<MlsMessage>(inputs.Bytes("welcome")).Body;
        using var own = new MlsKeyPackage(package, crypto.Keep(inputs.Bytes("init_priv")), crypto.Draw());
        MlsStatus status = WelcomeReader.OpenSecrets(crypto, own, welcome, out GroupSecrets? secrets);
        if (secrets is null) return $"the secrets: {status}";
        using SecretKey joiner = crypto.Keep(secrets.JoinerSecret), member = KeySchedule.Member(crypto, joiner, null);
        status = WelcomeReader.OpenInfo(crypto, member, welcome, out GroupInfo? info);
        if (info is null) return $"the group's information: {status}";
        if (!info.Verify(crypto, inputs.Bytes("signer_pub"))) return "its signature does not verify";
        using EpochSecrets epoch = EpochSecrets.From(crypto, KeySchedule.Epoch(crypto, member, info.Context), 1);
        return VectorComparison.Difference(
            "confirmation_tag", Convert.ToHexStringLower(info.ConfirmationTag), epoch.ConfirmationTag(crypto, info.Context.ConfirmedTranscriptHash));
    }

    public string? PassiveClient(VectorInputs inputs) => PassiveClient(inputs, Early);

    public string? PassiveClientHandlingCommit(VectorInputs inputs) => PassiveClient(inputs, Late);

    public string? ForgedWelcome(VectorInputs inputs)
    {
        string? difference = Join(inputs, null, Early, out MlsGroup? group, out MlsVerdict verdict);
        if (difference is not null) return difference;
        using (group)
        {
            if (!inputs.Flag("valid")) return group is null ? null : $"it was accepted: {inputs.Text("reason")}";
            return group is null
                ? $"it does not join: {verdict}"
                : MlsExpect.Same(inputs, "initial_epoch_authenticator", group.Authenticator.Span);
        }
    }

    private string? PassiveClient(VectorInputs inputs, long unixSeconds)
    {
        using var psks = new VectorPsks(provider, inputs.Objects("external_psks"));
        string? difference = Join(inputs, psks, unixSeconds, out MlsGroup? group, out MlsVerdict verdict);
        if (difference is not null || group is null) return difference ?? $"it does not join: {verdict}";
        using (group)
        {
            difference = MlsExpect.Same(inputs, "initial_epoch_authenticator", group.Authenticator.Span);
            if (difference is not null) return difference;
            int number = 0;
            foreach (VectorInputs epoch in inputs.Objects("epochs"))
            {
                difference = Follow(group, epoch);
                if (difference is not null) return $"epoch {number}: {difference}";
                number++;
            }
        }

        return null;
    }

    private string? Join(VectorInputs inputs, IMlsPsks? psks, long unixSeconds, out MlsGroup? group, out MlsVerdict verdict)
    {
        group = null;
        verdict = default;
        byte[] published = inputs.Bytes("key_package");
        var package = (KeyPackage)MlsExpect.Decode<MlsMessage>(published).Body;
        using SecretKey seed = Keep(inputs, "signature_priv");
        var policy = new MlsPolicy(new EveryCredential(), new VectorTime(unixSeconds)) { LifetimeSecondsMax = ulong.MaxValue };
        var client = new MlsClient(MlsFolder.SuiteOf(inputs), provider, package.Leaf.Credential.Content, seed, policy) { Psks = psks };
        using MlsKeyPackage? own = MlsKeyPackage.Restore(client, published, Keep(inputs, "init_priv"), Keep(inputs, "encryption_priv"));
        if (own is null) return "the secrets are not those of the key package";
        verdict = MlsGroup.Join(client, own, inputs.Bytes("welcome"), inputs.TryBytes("ratchet_tree"), null, null, out group);
        return null;
    }

    private static string? Follow(MlsGroup group, VectorInputs epoch)
    {
        foreach (byte[] proposal in epoch.ByteStrings("proposals"))
        {
            if (MlsExpect.Accepted("proposal", group.Receive(proposal)) is { } difference) return difference;
        }

        return MlsExpect.Accepted("commit", group.Process(epoch.Bytes("commit")))
            ?? MlsExpect.Same(epoch, "epoch_authenticator", group.Authenticator.Span);
    }

    private SecretKey Keep(VectorInputs inputs, string name) => provider.Vault.Import(inputs.Bytes(name));

    private sealed class VectorTime(long unixSeconds) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeSeconds(unixSeconds);
    }

    /// <summary>The vectors' identities are nobody's.</summary>
    private sealed class EveryCredential : IMlsCredentials
    {
        public bool Vouches(ReadOnlySpan<byte> identity, ReadOnlySpan<byte> signatureKey) => true;

        public ReadOnlyMemory<byte> ClientOf(ReadOnlyMemory<byte> identity) => identity;
    }

    private sealed class VectorPsks(CryptoProvider provider, VectorInputs[] psks) : IMlsPsks, IDisposable
    {
        private readonly List<(byte[] Id, SecretKey Key)> _keys = psks.Select(psk => (psk.Bytes("psk_id"), provider.Vault.Import(psk.Bytes("psk")))).ToList();

        public SecretKey? Find(ReadOnlySpan<byte> id)
        {
            foreach ((byte[] own, SecretKey key) in _keys)
            {
                if (id.SequenceEqual(own)) return key;
            }

            return null;
        }

        public void Dispose() => _keys.ForEach(static pair => pair.Key.Dispose());
    }
}
