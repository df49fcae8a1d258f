using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Mls.Codec;
using FcpFast.Mls.Crypto;
using FcpFast.Mls.Messages;
using FcpFast.Mls.Schedule;
using FcpFast.Mls.Tree;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Mls.Groups;

/// <summary>A group as one record: its epoch, its proposals, the commit that waits and the epoch behind that.</summary>
/// <remarks>
/// Shape:   version, epoch, proposals, optional commit; the private keys that both epochs share stand twice. The writer erases its bytes.
/// Errors:  a record that is not one gives null; it comes from this node's own sealed store.
/// </remarks>
internal sealed record GroupRecord(GroupState State, IReadOnlyList<SentProposal> Proposals, MlsPendingCommit? Pending)
{
    private const ushort Version = 1;

    public static void Write(MlsWriter writer, GroupState state, MlsPendingCommit? pending, ProposalCache? proposals)
    {
        writer.U16(Version);
        WriteState(writer, state);
        int start = writer.Begin();
        foreach ((_, SentProposal sent) in proposals?.All ?? [])
        {
            sent.Message!.Write(writer);
            WriteOptionalKey(writer, sent.LeafKey);
        }

        writer.End(start);
        writer.U8(pending is null ? (byte)0 : (byte)1);
        if (pending is null) return;
        writer.Vector(pending.Message.Span);
        writer.Vector(pending.Welcome.Span);
        WriteState(writer, pending.Next);
    }

    public static GroupRecord? Read(MlsClient client, ReadOnlySpan<byte> record)
    {
        var reader = new MlsReader(record);
        if (reader.U16() != Version) reader.Break();
        var read = new List<IDisposable>();
        GroupState? state = ReadState(ref reader, client.Crypto, read);
        SentProposal[] proposals = reader.List((ref MlsReader inner) => ReadProposal(ref inner, client.Crypto, read), uint.MaxValue);
        MlsPendingCommit? pending = null;
        if (reader.Optional())
        {
            byte[] message = reader.Bytes(), welcome = reader.Bytes();
            GroupState? next = ReadState(ref reader, client.Crypto, read);
            if (next is not null) pending = new MlsPendingCommit(message, welcome, next);
        }

        bool isOwn = state?.Tree.Leaf(state.OwnLeaf) is { } leaf && KeyComparer.Instance.Equals(leaf.SignatureKey, client.SignatureKey);
        if (!reader.IsBroken && reader.IsEmpty && isOwn) return new GroupRecord(state!, proposals, pending);
        foreach (IDisposable secret in read) secret.Dispose();
        return null;
    }

    private static void WriteState(MlsWriter writer, GroupState state)
    {
        state.Context.Write(writer);
        state.Tree.Write(writer);
        writer.Vector(state.InterimTranscriptHash);
        writer.Vector(state.ConfirmationTag);
        writer.U32(state.OwnLeaf);
        int start = writer.Begin();
        foreach ((uint node, SecretKey key) in state.Keys.ByNode) WriteNumbered(writer, node, key);
        writer.End(start);
        EpochSecrets secrets = state.Secrets;
        foreach (SecretKey key in new[]
        {
            secrets.SenderData, secrets.Exporter, secrets.Confirmation, secrets.Membership, secrets.Resumption, secrets.Init,
        })
        {
            WriteKey(writer, key);
        }

        start = writer.Begin();
        foreach ((ulong epoch, SecretKey key) in state.Past.ByEpoch)
        {
            writer.U64(epoch);
            WriteKey(writer, key);
        }

        writer.End(start);
        writer.Vector(secrets.Authenticator);
        WriteTree(writer, secrets.Messages);
    }

    private static void WriteTree(MlsWriter writer, SecretTree tree)
    {
        writer.U32(tree.Leaves);
        int start = writer.Begin();
        foreach ((uint node, SecretKey key) in tree.Nodes) WriteNumbered(writer, node, key);
        writer.End(start);
        start = writer.Begin();
        foreach (((uint leaf, bool isHandshake), SenderRatchet ratchet) in tree.Ratchets)
        {
            writer.U32(leaf);
            writer.U8(isHandshake ? (byte)1 : (byte)0);
            WriteNumbered(writer, ratchet.Generation, ratchet.Secret);
            int kept = writer.Begin();
            foreach ((uint generation, SecretKey key) in ratchet.Kept) WriteNumbered(writer, generation, key);
            writer.End(kept);
        }

        writer.End(start);
    }

    private static void WriteNumbered(MlsWriter writer, uint number, SecretKey key)
    {
        writer.U32(number);
        WriteKey(writer, key);
    }

    private static void WriteKey(MlsWriter writer, SecretKey key)
    {
        using KeyLease lease = key.Lease();
        writer.Vector(lease.Bytes);
    }

    private static void WriteOptionalKey(MlsWriter writer, SecretKey? key)
    {
        writer.U8(key is null ? (byte)0 : (byte)1);
        if (key is not null) WriteKey(writer, key);
    }

    private static GroupState? ReadState(ref MlsReader reader, MlsCrypto crypto, List<IDisposable> read)
    {
        GroupContext context = GroupContext.Read(ref reader);
        RatchetTree tree = RatchetTree.Read(ref reader);
        byte[] interim = reader.Bytes(), tag = reader.Bytes();
        uint own = reader.U32();
        var keys = new PathKeys();
        foreach ((uint node, SecretKey key) in ReadNumbered(ref reader, crypto, read)) keys.Set(node, key);
        var secrets = new SecretKey[6];
        for (int i = 0; i < secrets.Length; i++) secrets[i] = ReadKey(ref reader, crypto, read);
        var past = new ResumptionKeys();
        reader.List((ref MlsReader inner) =>
        {
            ulong number = inner.U64();
            past.Add(number, ReadKey(ref inner, crypto, read));
            return number;
        }, uint.MaxValue);
        byte[] authenticator = reader.Bytes();
        SecretTree messages = ReadTree(ref reader, crypto, read);
        if (reader.IsBroken || context.CipherSuite != crypto.Suite) return null;
        var epoch = new EpochSecrets(secrets[0], secrets[1], secrets[2], secrets[3], secrets[4], secrets[5], authenticator, messages);
        return new GroupState(crypto, context, tree, keys, epoch, past, interim, tag, own);
    }

    private static SecretTree ReadTree(ref MlsReader reader, MlsCrypto crypto, List<IDisposable> read)
    {
        uint leaves = reader.U32();
        var nodes = ReadNumbered(ref reader, crypto, read).ToDictionary(static pair => pair.Number, static pair => pair.Key);
        var ratchets = new Dictionary<(uint Leaf, bool IsHandshake), SenderRatchet>();
        reader.List((ref MlsReader inner) =>
        {
            (uint Leaf, bool IsHandshake) place = (inner.U32(), inner.U8() == 1);
            uint generation = inner.U32();
            var ratchet = new SenderRatchet(crypto, ReadKey(ref inner, crypto, read), generation);
            foreach ((uint number, SecretKey key) in ReadNumbered(ref inner, crypto, read)) ratchet.Return(number, key);
            ratchets[place] = ratchet;
            return place;
        }, uint.MaxValue);
        return new SecretTree(crypto, leaves, nodes, ratchets);
    }

    private static (uint Number, SecretKey Key)[] ReadNumbered(ref MlsReader reader, MlsCrypto crypto, List<IDisposable> read) =>
        reader.List((ref MlsReader inner) => (inner.U32(), ReadKey(ref inner, crypto, read)), uint.MaxValue);

    private static SecretKey ReadKey(ref MlsReader reader, MlsCrypto crypto, List<IDisposable> read)
    {
        ReadOnlySpan<byte> bytes = reader.Vector();
        if (bytes.IsEmpty || bytes.Length > crypto.KeyBytes + MlsCrypto.NonceBytes + MlsCrypto.HashBytes) reader.Break();
        SecretKey key = reader.IsBroken ? crypto.Draw() : crypto.Vault.Import(bytes);
        read.Add(key);
        return key;
    }

    private static SentProposal ReadProposal(ref MlsReader reader, MlsCrypto crypto, List<IDisposable> read)
    {
        AuthenticatedContent message = AuthenticatedContent.Read(ref reader);
        SecretKey? leafKey = reader.Optional() ? ReadKey(ref reader, crypto, read) : null;
        if (message.Content.Proposal is null) reader.Break();
        return new SentProposal(message.Content.Proposal ?? new RemoveProposal(0), message.Content.Sender.Index, message, leafKey);
    }
}
