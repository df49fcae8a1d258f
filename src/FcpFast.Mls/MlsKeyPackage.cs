using System;
using FcpFast.Mls.Codec;
using FcpFast.Mls.Messages;
using FcpFast.Mls.Tree;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Mls;

/// <summary>A key package with its secrets, kept until a Welcome comes. Use it for one group; disposing erases the secrets.</summary>
/// <remarks>
/// Threads: one user at a time.
/// Source:  [RFC 9420 §10].
/// </remarks>
public sealed class MlsKeyPackage : IDisposable
{
    internal MlsKeyPackage(KeyPackage package, SecretKey init, SecretKey encryption)
    {
        Package = package;
        Init = init;
        Encryption = encryption;
        Message = MlsMessage.Of(package).ToBytes();
    }

    /// <summary>The message to publish.</summary>
    public ReadOnlyMemory<byte> Message { get; }

    internal KeyPackage Package { get; }

    /// <summary>The secret of its init key, for storing it sealed until the Welcome comes; stays the package's.</summary>
    public SecretKey Init { get; }

    /// <summary>The secret of its leaf, likewise.</summary>
    public SecretKey Encryption { get; }

    /// <summary>Makes a key package that is valid for so many seconds from now, and a little before for clocks that lag.</summary>
    public static MlsKeyPackage Generate(MlsClient client, ulong lifetimeSeconds)
    {
        ArgumentNullException.ThrowIfNull(client);
        ulong now = client.Policy.NowSeconds, skew = Math.Min(client.Policy.SkewSeconds, now);
        SecretKey init = client.Crypto.DrawKeyPair(out byte[] initKey), encryption = client.Crypto.DrawKeyPair(out byte[] encryptionKey);
        LeafNode leaf = client.Template(LeafNodeSource.KeyPackage) with
        {
            EncryptionKey = encryptionKey,
            NotBefore = now - skew,
            NotAfter = checked(now + lifetimeSeconds),
        };
        leaf = leaf.Sign(client.Crypto, client.Signing, default, 0);
        var package = new KeyPackage(client.Suite, initKey, leaf, [], []);
        return new MlsKeyPackage(package.Sign(client.Crypto, client.Signing), init, encryption);
    }

    /// <summary>Judges a key package that somebody offers, as a group of this client's suite without extensions would.</summary>
    /// <param name="client">The one that judges.</param>
    /// <param name="message">The key package, as a message.</param>
    /// <param name="owner">Who offers itself; its leaf has no place yet.</param>
    /// <param name="notBeforeUnixSeconds">From when on it counts.</param>
    public static MlsVerdict Check(MlsClient client, ReadOnlySpan<byte> message, out MlsMember owner, out ulong notBeforeUnixSeconds)
    {
        ArgumentNullException.ThrowIfNull(client);
        owner = default;
        notBeforeUnixSeconds = 0;
        MlsStatus status = MlsCodec.Decode(message, out MlsMessage envelope);
        if (status != MlsStatus.Accepted) return MlsVerdict.Of(status);
        if (envelope.Body is not KeyPackage package) return MlsVerdict.Of(MlsStatus.WrongContent);
        status = new LeafRules(client.Crypto, client.Policy).Check(package, []);
        if (status != MlsStatus.Accepted) return MlsVerdict.Of(status);
        owner = new MlsMember(0, package.Leaf.Credential.Content, package.Leaf.SignatureKey);
        notBeforeUnixSeconds = package.Leaf.NotBefore;
        return MlsVerdict.Accepted;
    }

    /// <summary>Takes over a stored key package; null if the secrets are not its own.</summary>
    /// <param name="client">The client.</param>
    /// <param name="message">The published message.</param>
    /// <param name="init">The secret of its init key; the package's from now on, also the next.</param>
    /// <param name="encryption">The secret of its leaf's encryption key.</param>
    public static MlsKeyPackage? Restore(MlsClient client, ReadOnlySpan<byte> message, SecretKey init, SecretKey encryption)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(init);
        ArgumentNullException.ThrowIfNull(encryption);
        if (MlsCodec.Decode(message, out MlsMessage envelope) != MlsStatus.Accepted || envelope.Body is not KeyPackage package) return null;
        bool own = package.CipherSuite == client.Suite && package.InitKey.AsSpan().SequenceEqual(client.Crypto.PublicOf(init))
            && package.Leaf.EncryptionKey.AsSpan().SequenceEqual(client.Crypto.PublicOf(encryption))
            && package.Leaf.SignatureKey.AsSpan().SequenceEqual(client.SignatureKey);
        return own ? new MlsKeyPackage(package, init, encryption) : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Init.Dispose();
        Encryption.Dispose();
    }
}
