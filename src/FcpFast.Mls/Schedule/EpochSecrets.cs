using System;
using FcpFast.Mls.Crypto;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Mls.Schedule;

/// <summary>What is kept of an epoch's secret; the secret itself is erased. Disposing erases the rest.</summary>
/// <remarks>
/// Shape:   the secret for external commits is never derived: nobody joins that way here.
/// Threads: one user at a time.
/// Source:  [RFC 9420 §8].
/// </remarks>
internal sealed class EpochSecrets : IDisposable
{
    private EpochSecrets(MlsCrypto crypto, ReadOnlySpan<byte> epoch, uint leaves)
    {
        SenderData = crypto.Derive(epoch, "sender data"u8);
        Exporter = crypto.Derive(epoch, "exporter"u8);
        Confirmation = crypto.Derive(epoch, "confirm"u8);
        Membership = crypto.Derive(epoch, "membership"u8);
        Resumption = crypto.Derive(epoch, "resumption"u8);
        Init = crypto.Derive(epoch, "init"u8);
        Authenticator = new byte[MlsCrypto.HashBytes];
        crypto.DeriveSecret(epoch, "authentication"u8, Authenticator);
        Messages = new SecretTree(crypto, crypto.Derive(epoch, "encryption"u8), leaves);
    }

    public EpochSecrets(
        SecretKey senderData, SecretKey exporter, SecretKey confirmation, SecretKey membership, SecretKey resumption, SecretKey init,
        byte[] authenticator, SecretTree messages)
    {
        SenderData = senderData;
        Exporter = exporter;
        Confirmation = confirmation;
        Membership = membership;
        Resumption = resumption;
        Init = init;
        Authenticator = authenticator;
        Messages = messages;
    }

    public SecretKey SenderData { get; }

    public SecretKey Exporter { get; }

    public SecretKey Confirmation { get; }

    public SecretKey Membership { get; }

    public SecretKey Resumption { get; }

    /// <summary>Goes into the next epoch.</summary>
    public SecretKey Init { get; }

    /// <summary>What members compare to know that they see the same group; tells nothing of the other secrets.</summary>
    public byte[] Authenticator { get; }

    public SecretTree Messages { get; }

    /// <summary>Derives everything from an epoch secret, which is consumed.</summary>
    public static EpochSecrets From(MlsCrypto crypto, SecretKey epoch, uint leaves)
    {
        using (epoch)
        {
            using KeyLease lease = epoch.Lease();
            return new EpochSecrets(crypto, lease.Bytes, leaves);
        }
    }

    /// <summary>The MAC that confirms a transcript.</summary>
    public byte[] ConfirmationTag(MlsCrypto crypto, ReadOnlySpan<byte> confirmedTranscriptHash)
    {
        using KeyLease lease = Confirmation.Lease();
        return crypto.Mac(lease.Bytes, confirmedTranscriptHash);
    }

    public void Dispose()
    {
        SenderData.Dispose();
        Exporter.Dispose();
        Confirmation.Dispose();
        Membership.Dispose();
        Resumption.Dispose();
        Init.Dispose();
        Messages.Dispose();
    }
}
