using System;
using System.Security.Cryptography;
using FcpFast.Mls.Codec;
using FcpFast.Mls.Crypto;
using FcpFast.Mls.Messages;
using FcpFast.Mls.Schedule;
using FcpFast.Mls.Tree;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Mls.Groups;

/// <summary>Joins a group by a Welcome: opens it, distrusts everything in it, and derives the epoch.</summary>
/// <remarks>
/// Errors:  the first check that fails, with the leaf; every secret derived on the way is erased then.
/// Cost:    a signature and the authentication service for every member, a hash or two for every node.
/// Source:  [RFC 9420 §12.4.3.1].
/// </remarks>
internal static class WelcomeReader
{
    private static ReadOnlySpan<byte> Label => "Welcome"u8;

    /// <param name="client">The client.</param>
    /// <param name="package">The key package that was used; stays the caller's.</param>
    /// <param name="welcome">The Welcome.</param>
    /// <param name="givenTree">The ratchet tree, if it does not lie in the Welcome.</param>
    /// <param name="state">The epoch joined, if accepted.</param>
    public static MlsVerdict Join(MlsClient client, MlsKeyPackage package, Welcome welcome, RatchetTree? givenTree, out GroupState? state)
    {
        state = null;
        MlsCrypto crypto = client.Crypto;
        if (welcome.CipherSuite != crypto.Suite || package.Package.CipherSuite != crypto.Suite) return MlsVerdict.Of(MlsStatus.CipherSuiteMismatch);
        MlsStatus status = OpenSecrets(crypto, package, welcome, out GroupSecrets? secrets);
        if (secrets is null) return MlsVerdict.Of(status);
        using (secrets)
        {
            using SecretKey joiner = crypto.Keep(secrets.JoinerSecret);
            status = MemberSecret(client, secrets, joiner, out SecretKey? member);
            if (member is null) return MlsVerdict.Of(status);
            using (member)
            {
                status = OpenInfo(crypto, member, welcome, out GroupInfo? info);
                if (info is null) return MlsVerdict.Of(status);
                status = TreeOf(info, givenTree, out RatchetTree? tree);
                if (tree is null) return MlsVerdict.Of(status);
                MlsVerdict verdict = Verify(client, info, tree);
                return verdict.IsAccepted ? Enter(crypto, package, secrets, member, info, tree, out state) : verdict;
            }
        }
    }

    internal static MlsStatus OpenSecrets(MlsCrypto crypto, MlsKeyPackage package, Welcome welcome, out GroupSecrets? secrets)
    {
        secrets = null;
        byte[] reference = package.Package.Reference(crypto);
        EncryptedGroupSecrets? entry = Array.Find(welcome.Secrets, entry => entry.NewMember.AsSpan().SequenceEqual(reference));
        if (entry is null) return MlsStatus.NotInvited;
        byte[]? opened = crypto.DecryptWithLabel(package.Init, Label, welcome.EncryptedGroupInfo, entry.Secrets);
        if (opened is null) return MlsStatus.DecryptFailed;
        MlsStatus status = MlsCodec.Decode(opened, out GroupSecrets decoded);
        CryptographicOperations.ZeroMemory(opened);
        if (status != MlsStatus.Accepted)
        {
            decoded?.Dispose(); // what was read before the fault
            return status;
        }

        bool lengths = decoded.JoinerSecret.Length == MlsCrypto.HashBytes && (decoded.PathSecret?.Length ?? MlsCrypto.HashBytes) == MlsCrypto.HashBytes;
        if (!lengths)
        {
            decoded.Dispose();
            return MlsStatus.Malformed;
        }

        secrets = decoded;
        return MlsStatus.Accepted;
    }

    internal static MlsStatus OpenInfo(MlsCrypto crypto, SecretKey member, Welcome welcome, out GroupInfo? info)
    {
        info = null;
        using SecretKey welcomeKey = KeySchedule.WelcomeKey(crypto, member);
        using KeyLease lease = welcomeKey.Lease();
        byte[]? opened = crypto.Open(lease.Bytes[..crypto.KeyBytes], lease.Bytes[crypto.KeyBytes..], default, welcome.EncryptedGroupInfo);
        if (opened is null) return MlsStatus.DecryptFailed;
        MlsStatus status = MlsCodec.Decode(opened, out GroupInfo decoded);
        if (status == MlsStatus.Accepted && decoded.Context.CipherSuite != crypto.Suite) status = MlsStatus.CipherSuiteMismatch;
        if (status == MlsStatus.Accepted) info = decoded;
        return status;
    }

    private static MlsStatus MemberSecret(MlsClient client, GroupSecrets secrets, SecretKey joiner, out SecretKey? member)
    {
        member = null;
        for (int i = 0; i < secrets.Psks.Length; i++)
        {
            PreSharedKeyId psk = secrets.Psks[i];
            if (psk.IsOfAnotherGroup) return MlsStatus.ResumptionUnsupported;
            if (psk.Nonce.Length != MlsCrypto.HashBytes || Array.FindIndex(secrets.Psks, i + 1, psk.IsSame) >= 0) return MlsStatus.InvalidPsk;
        }

        MlsStatus status = NextEpoch.PskSecret(client, secrets.Psks, null, out SecretKey? pskSecret);
        using (pskSecret)
        {
            if (status == MlsStatus.Accepted) member = KeySchedule.Member(client.Crypto, joiner, pskSecret);
            return status;
        }
    }

    private static MlsStatus TreeOf(GroupInfo info, RatchetTree? given, out RatchetTree? tree)
    {
        tree = given;
        if (MlsExtension.Find(info.Extensions, ExtensionTypes.RatchetTree) is not { } extension)
        {
            return given is null ? MlsStatus.TreeMissing : MlsStatus.Accepted;
        }

        MlsStatus status = MlsCodec.Decode(extension.Data, out RatchetTree decoded);
        tree = status == MlsStatus.Accepted ? decoded : null;
        return status;
    }

    /// <summary>Everything that can be said about the group without its secrets.</summary>
    private static MlsVerdict Verify(MlsClient client, GroupInfo info, RatchetTree tree)
    {
        MlsCrypto crypto = client.Crypto;
        if (!tree.TreeHash(crypto).AsSpan().SequenceEqual(info.Context.TreeHash)) return MlsVerdict.Of(MlsStatus.TreeHashMismatch);
        if (tree.Leaf(info.Signer) is not { } signer) return new MlsVerdict(MlsStatus.UnknownLeaf, info.Signer);
        if (!info.Verify(crypto, signer.SignatureKey)) return new MlsVerdict(MlsStatus.InvalidGroupInfoSignature, info.Signer);
        MlsVerdict verdict = TreeRules.CheckUnmerged(tree);
        if (verdict.IsAccepted) verdict = TreeRules.CheckTogether(tree, info.Context.Extensions);
        if (verdict.IsAccepted) verdict = ParentHashes.Verify(crypto, tree);
        var rules = new LeafRules(crypto, client.Policy);
        foreach ((uint index, LeafNode leaf) in tree.Members())
        {
            if (verdict.IsAccepted) verdict = rules.Check(leaf, index, info.Context.GroupId, info.Context.Extensions);
        }

        return verdict.IsAccepted ? rules.CheckClients(tree) : verdict;
    }

    private static MlsVerdict Enter(
        MlsCrypto crypto, MlsKeyPackage package, GroupSecrets secrets, SecretKey member, GroupInfo info, RatchetTree tree, out GroupState? state)
    {
        state = null;
        if (FindOwn(tree, package.Package.Leaf) is not { } own) return MlsVerdict.Of(MlsStatus.LeafNotInTree);
        if (own == info.Signer) return new MlsVerdict(MlsStatus.InvalidGroupInfoSignature, own);
        var keys = new PathKeys();
        using (KeyLease lease = package.Encryption.Lease()) keys.Set(2 * own, crypto.Vault.Import(lease.Bytes));
        MlsVerdict verdict = secrets.PathSecret is { } pathSecret
            ? TreeKem.Join(crypto, tree, keys, own, info.Signer, crypto.Keep(pathSecret))
            : MlsVerdict.Accepted;
        if (verdict.IsAccepted)
        {
            EpochSecrets epoch = EpochSecrets.From(crypto, KeySchedule.Epoch(crypto, member, info.Context), tree.Leaves);
            byte[] tag = epoch.ConfirmationTag(crypto, info.Context.ConfirmedTranscriptHash);
            if (CryptographicOperations.FixedTimeEquals(tag, info.ConfirmationTag))
            {
                byte[] interim = AuthenticatedContent.InterimTranscriptHash(crypto, info.Context.ConfirmedTranscriptHash, tag);
                state = new GroupState(crypto, info.Context, tree, keys, epoch, new ResumptionKeys(), interim, tag, own);
                return MlsVerdict.Accepted;
            }

            epoch.Dispose();
            verdict = new MlsVerdict(MlsStatus.InvalidConfirmationTag, info.Signer);
        }

        keys.EraseAllBut(null);
        return verdict;
    }

    private static uint? FindOwn(RatchetTree tree, LeafNode leaf)
    {
        byte[] encoded = leaf.ToBytes();
        foreach ((uint index, LeafNode member) in tree.Members())
        {
            if (member.EncryptionKey.AsSpan().SequenceEqual(leaf.EncryptionKey)) return member.ToBytes().AsSpan().SequenceEqual(encoded) ? index : null;
        }

        return null;
    }
}
