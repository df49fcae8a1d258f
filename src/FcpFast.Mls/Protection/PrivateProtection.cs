using System;
using System.Buffers.Binary;
using System.Security.Cryptography;
using FcpFast.Mls.Codec;
using FcpFast.Mls.Crypto;
using FcpFast.Mls.Messages;
using FcpFast.Mls.Schedule;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Mls.Protection;

/// <summary>Messages that are signed and encrypted.</summary>
/// <remarks>
/// Shape:   a message that is refused leaves everything as it was, its sender's ratchet too: no member can use up another's keys.
/// Source:  [RFC 9420 §6.3].
/// </remarks>
internal static class PrivateProtection
{
    private const int GuardBytes = 4;
    private const int SenderDataBytes = (2 * sizeof(uint)) + GuardBytes;

    /// <summary>Contents are padded to a multiple of this, so that lengths tell less.</summary>
    private const int PadBytes = 32;

    public static PrivateMessage Protect(Epoch epoch, AuthenticatedContent authenticated)
    {
        FramedContent content = authenticated.Content;
        Invariant.Require(content.Sender.Type == SenderType.Member, "only members encrypt");
        SenderRatchet ratchet = epoch.Secrets.Messages.RatchetOf(content.Sender.Index, content.ContentType);
        Invariant.Require(ratchet.HasNext, "a message key is used once");
        Span<byte> guard = stackalloc byte[GuardBytes];
        epoch.Crypto.Fill(guard);
        var message = new PrivateMessage(content.GroupId, content.Epoch, content.ContentType, content.AuthenticatedData, [], []);
        using MlsWriter plaintext = Plaintext(authenticated);
        using SecretKey key = ratchet.Next(out uint generation);
        message = message with { Ciphertext = SealContent(epoch.Crypto, key, guard, message, plaintext.Written) };
        return message with { EncryptedSenderData = SealSender(epoch, message, content.Sender.Index, generation, guard) };
    }

    /// <summary>Opens a member's message and checks its signature.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="message">The message.</param>
    /// <param name="own">This member's leaf; its own messages have no keys left.</param>
    /// <param name="generationsAheadMax">How far a ratchet may be moved.</param>
    /// <param name="content">What it says, if accepted.</param>
    /// <param name="keepsKey">True keeps the key as if nothing had come: for a commit that may yet be refused. A new epoch erases it.</param>
    public static MlsVerdict Unprotect(
        Epoch epoch, PrivateMessage message, uint own, uint generationsAheadMax, out AuthenticatedContent? content, bool keepsKey = false)
    {
        content = null;
        Span<byte> guard = stackalloc byte[GuardBytes];
        if (!TryOpenSender(epoch, message, guard, out uint sender, out uint generation)) return MlsVerdict.Of(MlsStatus.DecryptFailed);
        if (epoch.Tree.Leaf(sender) is not { } leaf) return new MlsVerdict(MlsStatus.UnknownLeaf, sender);
        if (sender == own) return new MlsVerdict(MlsStatus.OwnMessage, own);
        SenderRatchet ratchet = epoch.Secrets.Messages.RatchetOf(sender, message.ContentType);
        MlsStatus tried = ratchet.Peek(generation, generationsAheadMax, out SecretKey? key);
        if (key is null) return new MlsVerdict(tried, sender);
        MlsStatus read;
        using (key)
        {
            byte[]? plaintext = OpenContent(epoch.Crypto, key, guard, message);
            if (plaintext is null) return new MlsVerdict(MlsStatus.DecryptFailed, sender);
            read = Read(message, sender, plaintext, out content);
            CryptographicOperations.ZeroMemory(plaintext);
        }

        if (read == MlsStatus.Accepted && !content.Verify(epoch.Crypto, epoch.Context, leaf.SignatureKey)) read = MlsStatus.InvalidSignature;
        if (read != MlsStatus.Accepted) return new MlsVerdict(read, sender);
        if (!keepsKey && ratchet.Take(generation, generationsAheadMax, out SecretKey? used) == MlsStatus.Accepted) used!.Dispose();
        return MlsVerdict.Accepted;
    }

    /// <summary>Key and nonce of the sender data, bound to a sample of the ciphertext.</summary>
    /// <remarks>Source: [RFC 9420 §6.3.2].</remarks>
    internal static void SenderDataKey(MlsCrypto crypto, SecretKey senderData, ReadOnlySpan<byte> ciphertext, Span<byte> key, Span<byte> nonce)
    {
        ReadOnlySpan<byte> sample = ciphertext[..Math.Min(ciphertext.Length, MlsCrypto.HashBytes)];
        using KeyLease lease = senderData.Lease();
        crypto.ExpandWithLabel(lease.Bytes, "key"u8, sample, key);
        crypto.ExpandWithLabel(lease.Bytes, "nonce"u8, sample, nonce);
    }

    private static MlsWriter Plaintext(AuthenticatedContent authenticated)
    {
        var plaintext = new MlsWriter();
        authenticated.Content.WriteContent(plaintext);
        authenticated.Auth.Write(plaintext);
        while (plaintext.Written.Length % PadBytes != 0) plaintext.U8(0);
        return plaintext;
    }

    private static MlsStatus Read(PrivateMessage message, uint sender, ReadOnlySpan<byte> plaintext, out AuthenticatedContent content)
    {
        var reader = new MlsReader(plaintext);
        FramedContent framed = FramedContent.ReadContent(
            ref reader, message.GroupId, message.Epoch, Sender.Member(sender), message.AuthenticatedData, message.ContentType);
        ContentAuth auth = ContentAuth.Read(ref reader, message.ContentType);
        content = new AuthenticatedContent(WireFormat.PrivateMessage, framed, auth);
        if (reader.IsBroken) return reader.Status;
        return reader.Rest.ContainsAnyExcept((byte)0) ? MlsStatus.InvalidPadding : MlsStatus.Accepted;
    }

    private static byte[] SealContent(
        MlsCrypto crypto, SecretKey key, ReadOnlySpan<byte> guard, PrivateMessage message, ReadOnlySpan<byte> plaintext)
    {
        using var context = new MlsWriter();
        message.WriteContentContext(context);
        Span<byte> nonce = stackalloc byte[MlsCrypto.NonceBytes];
        using KeyLease lease = key.Lease();
        WriteNonce(lease.Bytes[crypto.KeyBytes..], guard, nonce);
        return crypto.Seal(lease.Bytes[..crypto.KeyBytes], nonce, context.Written, plaintext);
    }

    private static byte[]? OpenContent(MlsCrypto crypto, SecretKey key, ReadOnlySpan<byte> guard, PrivateMessage message)
    {
        using var context = new MlsWriter();
        message.WriteContentContext(context);
        Span<byte> nonce = stackalloc byte[MlsCrypto.NonceBytes];
        using KeyLease lease = key.Lease();
        WriteNonce(lease.Bytes[crypto.KeyBytes..], guard, nonce);
        return crypto.Open(lease.Bytes[..crypto.KeyBytes], nonce, context.Written, message.Ciphertext);
    }

    private static void WriteNonce(ReadOnlySpan<byte> scheduled, ReadOnlySpan<byte> guard, Span<byte> nonce)
    {
        scheduled.CopyTo(nonce);
        for (int i = 0; i < GuardBytes; i++) nonce[i] ^= guard[i];
    }

    private static byte[] SealSender(Epoch epoch, PrivateMessage message, uint sender, uint generation, ReadOnlySpan<byte> guard)
    {
        Span<byte> key = stackalloc byte[epoch.Crypto.KeyBytes], nonce = stackalloc byte[MlsCrypto.NonceBytes];
        Span<byte> data = stackalloc byte[SenderDataBytes];
        BinaryPrimitives.WriteUInt32BigEndian(data, sender);
        BinaryPrimitives.WriteUInt32BigEndian(data[sizeof(uint)..], generation);
        guard.CopyTo(data[(2 * sizeof(uint))..]);
        SenderDataKey(epoch.Crypto, epoch.Secrets.SenderData, message.Ciphertext, key, nonce);
        using var context = new MlsWriter();
        message.WriteSenderDataContext(context);
        byte[] ciphertext = epoch.Crypto.Seal(key, nonce, context.Written, data);
        CryptographicOperations.ZeroMemory(key);
        return ciphertext;
    }

    private static bool TryOpenSender(Epoch epoch, PrivateMessage message, Span<byte> guard, out uint sender, out uint generation)
    {
        sender = generation = 0;
        Span<byte> key = stackalloc byte[epoch.Crypto.KeyBytes], nonce = stackalloc byte[MlsCrypto.NonceBytes];
        SenderDataKey(epoch.Crypto, epoch.Secrets.SenderData, message.Ciphertext, key, nonce);
        using var context = new MlsWriter();
        message.WriteSenderDataContext(context);
        byte[]? data = epoch.Crypto.Open(key, nonce, context.Written, message.EncryptedSenderData);
        CryptographicOperations.ZeroMemory(key);
        if (data is null || data.Length != SenderDataBytes) return false;
        sender = BinaryPrimitives.ReadUInt32BigEndian(data);
        generation = BinaryPrimitives.ReadUInt32BigEndian(data.AsSpan(sizeof(uint)));
        data.AsSpan(2 * sizeof(uint)).CopyTo(guard);
        return true;
    }
}
