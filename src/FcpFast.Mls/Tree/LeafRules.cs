using System;
using System.Collections.Generic;
using FcpFast.Mls.Crypto;
using FcpFast.Mls.Messages;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Mls.Tree;

/// <summary>What must hold for a leaf and a key package by themselves.</summary>
/// <remarks>
/// Cost:    a signature or two, and what the authentication service takes.
/// Source:  [RFC 9420 §7.3], [RFC 9420 §10.1].
/// </remarks>
internal sealed class LeafRules(MlsCrypto crypto, MlsPolicy policy)
{
    /// <summary>Checks a leaf in its place.</summary>
    /// <param name="leaf">The leaf.</param>
    /// <param name="index">Its place.</param>
    /// <param name="groupId">The group.</param>
    /// <param name="contextExtensions">The group's extensions, as they will be.</param>
    public MlsVerdict Check(LeafNode leaf, uint index, ReadOnlySpan<byte> groupId, MlsExtension[] contextExtensions)
    {
        MlsStatus status = CheckAlone(leaf, contextExtensions);
        if (status == MlsStatus.Accepted && !leaf.Verify(crypto, groupId, index)) status = MlsStatus.InvalidLeafSignature;
        return status == MlsStatus.Accepted ? MlsVerdict.Accepted : new MlsVerdict(status, index);
    }

    /// <summary>Checks a key package for a group.</summary>
    public MlsStatus Check(KeyPackage package, MlsExtension[] contextExtensions)
    {
        if (package.CipherSuite != crypto.Suite) return MlsStatus.CipherSuiteMismatch;
        if (package.Leaf.Source != LeafNodeSource.KeyPackage) return MlsStatus.InvalidLeafSource;
        if (package.InitKey.Length != CryptoSizes.KeyBytes) return MlsStatus.InvalidPublicKey;
        if (MlsExtension.BytesOf(package.Extensions) > policy.LeafBytesMax) return MlsStatus.TooLarge;
        MlsStatus status = CheckAlone(package.Leaf, contextExtensions);
        if (status != MlsStatus.Accepted) return status;
        if (!package.Leaf.Verify(crypto, default, 0)) return MlsStatus.InvalidLeafSignature;
        if (!package.Verify(crypto)) return MlsStatus.InvalidKeyPackageSignature;
        return package.InitKey.AsSpan().SequenceEqual(package.Leaf.EncryptionKey) ? MlsStatus.InitKeyReused : MlsStatus.Accepted;
    }

    /// <summary>Checks the leaf of an update in its place.</summary>
    /// <param name="tree">The tree before it.</param>
    /// <param name="leaf">The new leaf.</param>
    /// <param name="index">Whose it is.</param>
    /// <param name="groupId">The group.</param>
    /// <param name="contextExtensions">The group's extensions, as they will be.</param>
    public MlsVerdict CheckUpdate(RatchetTree tree, LeafNode leaf, uint index, ReadOnlySpan<byte> groupId, MlsExtension[] contextExtensions)
    {
        if (tree.Leaf(index) is not { } old) return new MlsVerdict(MlsStatus.UnknownLeaf, index);
        if (leaf.Source != LeafNodeSource.Update) return new MlsVerdict(MlsStatus.InvalidLeafSource, index);
        if (tree.HasKey(leaf.EncryptionKey)) return new MlsVerdict(MlsStatus.DuplicateKey, index);
        return IsSuccessor(old, leaf) ? Check(leaf, index, groupId, contextExtensions) : new MlsVerdict(MlsStatus.NoSuccessor, index);
    }

    /// <summary>True if the leaf that replaces another is of the same client.</summary>
    public bool IsSuccessor(LeafNode old, LeafNode replacement) => ClientOf(old).SequenceEqual(ClientOf(replacement));

    /// <summary>No client is in the tree twice.</summary>
    public MlsVerdict CheckClients(RatchetTree tree)
    {
        var clients = new HashSet<byte[]>(KeyComparer.Instance);
        foreach ((uint index, LeafNode leaf) in tree.Members())
        {
            if (!clients.Add(ClientOf(leaf).ToArray())) return new MlsVerdict(MlsStatus.DuplicateClient, index);
        }

        return MlsVerdict.Accepted;
    }

    private ReadOnlySpan<byte> ClientOf(LeafNode leaf) => leaf.Credential.ClientBy(policy.Credentials).Span;

    private MlsStatus CheckAlone(LeafNode leaf, MlsExtension[] contextExtensions)
    {
        if (leaf.ContentBytes > policy.LeafBytesMax) return MlsStatus.TooLarge;
        Capabilities capabilities = leaf.Capabilities;
        if (leaf.EncryptionKey.Length != CryptoSizes.KeyBytes || leaf.SignatureKey.Length != CryptoSizes.KeyBytes) return MlsStatus.InvalidPublicKey;
        bool listsItself = Array.IndexOf(capabilities.Versions, ProtocolVersions.Mls10) >= 0
            && Array.IndexOf(capabilities.CipherSuites, (ushort)crypto.Suite) >= 0;
        if (!listsItself) return MlsStatus.InvalidCapabilities;
        if (!capabilities.HasCredential(leaf.Credential.Type)) return MlsStatus.UnsupportedCredential;
        foreach (MlsExtension extension in leaf.Extensions)
        {
            if (!capabilities.HasExtension(extension.Type)) return MlsStatus.UnsupportedExtension;
        }

        if (TreeRules.RequiredBy(contextExtensions, out RequiredCapabilities? required) is var status && status != MlsStatus.Accepted) return status;
        if (required?.AreMetBy(capabilities) == false) return MlsStatus.InvalidCapabilities;
        if (leaf.Source == LeafNodeSource.KeyPackage && !IsAlive(leaf)) return MlsStatus.InvalidLifetime;
        bool vouched = leaf.Credential.Type == CredentialTypes.Basic && policy.Credentials.Vouches(leaf.Credential.Content, leaf.SignatureKey);
        return vouched ? MlsStatus.Accepted : MlsStatus.CredentialRefused;
    }

    /// <remarks>Shape: sums are kept from running over: an end far ahead is u64's highest in vectors.</remarks>
    private bool IsAlive(LeafNode leaf)
    {
        ulong now = policy.NowSeconds, skew = policy.SkewSeconds;
        if (leaf.NotAfter < leaf.NotBefore || leaf.NotAfter - leaf.NotBefore > policy.LifetimeSecondsMax) return false;
        bool begun = leaf.NotBefore <= now || leaf.NotBefore - now <= skew;
        bool over = leaf.NotAfter < now && now - leaf.NotAfter > skew;
        return begun && !over;
    }
}
