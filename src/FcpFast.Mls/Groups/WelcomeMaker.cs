using System.Collections.Generic;
using FcpFast.Mls.Codec;
using FcpFast.Mls.Crypto;
using FcpFast.Mls.Messages;
using FcpFast.Mls.Schedule;
using FcpFast.Mls.Tree;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Mls.Groups;

/// <summary>Makes one Welcome for all who join by a commit.</summary>
/// <remarks>Source: [RFC 9420 §12.4.3].</remarks>
internal static class WelcomeMaker
{
    private static System.ReadOnlySpan<byte> Label => "Welcome"u8;

    /// <summary>Null if a joiner's init key is none.</summary>
    public static Welcome? Make(MlsClient client, NextEpoch epoch, GroupState derived, PathDraft? path)
    {
        MlsCrypto crypto = client.Crypto;
        var info = new GroupInfo(
            derived.Context, [new MlsExtension(ExtensionTypes.RatchetTree, derived.Tree.ToBytes())], derived.ConfirmationTag, derived.OwnLeaf, []);
        byte[] sealedInfo;
        using (SecretKey welcomeKey = KeySchedule.WelcomeKey(crypto, epoch.Member!))
        {
            using KeyLease lease = welcomeKey.Lease();
            sealedInfo = crypto.Seal(lease.Bytes[..crypto.KeyBytes], lease.Bytes[crypto.KeyBytes..], default, info.Sign(crypto, client.Signing).ToBytes());
        }

        var secrets = new List<EncryptedGroupSecrets>();
        foreach ((uint leaf, KeyPackage package) in epoch.Applied.Added)
        {
            HpkeCiphertext? ciphertext = Seal(crypto, epoch, derived.OwnLeaf, leaf, package, path, sealedInfo);
            if (ciphertext is null) return null;
            secrets.Add(new EncryptedGroupSecrets(package.Reference(crypto), ciphertext));
        }

        return new Welcome(crypto.Suite, [.. secrets], sealedInfo);
    }

    private static HpkeCiphertext? Seal(
        MlsCrypto crypto, NextEpoch epoch, uint own, uint leaf, KeyPackage package, PathDraft? path, byte[] sealedInfo)
    {
        using KeyLease joiner = epoch.Joiner!.Lease();
        using KeyLease pathSecret = path?.PathSecretAt(TreeMath.CommonAncestor(own, leaf)) is { } secret ? secret.Lease() : default;
        using var groupSecrets = new GroupSecrets(joiner.Bytes.ToArray(), path is null ? null : pathSecret.Bytes.ToArray(), [.. epoch.Applied.Psks]);
        using var plaintext = new MlsWriter();
        groupSecrets.Write(plaintext);
        return crypto.EncryptWithLabel(package.InitKey, Label, sealedInfo, plaintext.Written);
    }
}
