using System;
using System.Collections.Generic;
using System.Text;
using FcpFast.Fuzz.Targets;
using FcpFast.Mls;
using FcpFast.Mls.Codec;
using FcpFast.Mls.Messages;
using FcpFast.Mls.Tree;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Fuzz.Corpora;

/// <summary>What three members of a group say to each other, made by our own library.</summary>
internal static class MlsSeeds
{
    private const ulong LifetimeSeconds = 3600;

    public static IEnumerable<byte[]> Structures()
    {
        var crypto = new RealCrypto(7);
        var policy = new MlsPolicy(new AnyCredential(), TimeProvider.System);
        MlsClient[] clients = Array.ConvertAll(["ann", "bob", "cleo"], name => Client(crypto.Provider, name, policy));
        MlsGroup group = MlsGroup.Create(clients[0], "a group"u8.ToArray(), null)!;
        MlsKeyPackage[] packages = Array.ConvertAll(clients[1..], static client => MlsKeyPackage.Generate(client, LifetimeSeconds));
        foreach (MlsKeyPackage package in packages) yield return [MlsTargets.NumberOf<MlsMessage>(), .. package.Message.Span];
        yield return [MlsTargets.NumberOf<KeyPackage>(), .. packages[0].Message.Span[4..]];
        group.Commit(new MlsCommitPlan { Add = Array.ConvertAll(packages, static package => package.Message) });
        yield return [MlsTargets.NumberOf<MlsMessage>(), .. group.Pending!.Message.Span];
        yield return [MlsTargets.NumberOf<MlsMessage>(), .. group.Pending.Welcome.Span];
        yield return [MlsTargets.NumberOf<Welcome>(), .. group.Pending.Welcome.Span[4..]];
        yield return [MlsTargets.NumberOf<RatchetTree>(), .. group.Pending.Next.Tree.ToBytes()];
        yield return [MlsTargets.NumberOf<GroupContext>(), .. group.Pending.Next.Context.ToBytes()];
        yield return [MlsTargets.NumberOf<LeafNode>(), .. group.Pending.Next.Tree.Leaf(0)!.ToBytes()];
        yield return [MlsTargets.NumberOf<Proposal>(), 0, 3, 0, 0, 0, 1];
        yield return [MlsTargets.NumberOf<Proposal>(), 0, 7, 6, 0, 9, 0, 0, 8, 0];
        yield return [MlsTargets.NumberOf<Commit>(), 0, 0];
        yield return [MlsTargets.NumberOf<ParentNode>(), 0, 0, 8, 0, 0, 0, 1, 0, 0, 0, 2];
    }

    private static MlsClient Client(CryptoProvider crypto, string name, MlsPolicy policy)
    {
        Span<byte> seed = stackalloc byte[32];
        crypto.Random.Fill(seed);
        return new MlsClient(MlsCipherSuite.X25519ChaCha20Poly1305Sha256Ed25519, crypto, Encoding.UTF8.GetBytes(name), crypto.Vault.Import(seed), policy);
    }
}
