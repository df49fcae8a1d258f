using System;
using FcpFast.Mls.Crypto;
using FcpFast.Mls.Messages;
using FcpFast.Mls.Protection;
using FcpFast.Mls.Schedule;
using FcpFast.Mls.Tree;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Mls.Groups;

/// <summary>All that a member knows in one epoch. A commit makes the next one beside it; then one of both is erased.</summary>
/// <remarks>Threads: one user at a time.</remarks>
internal sealed record GroupState(
    MlsCrypto Crypto, GroupContext Context, RatchetTree Tree, PathKeys Keys, EpochSecrets Secrets, ResumptionKeys Past, byte[] InterimTranscriptHash,
    byte[] ConfirmationTag, uint OwnLeaf)
{
    public Epoch Epoch => new(Crypto, Context, Tree, Secrets);

    public void Export(ReadOnlySpan<byte> label, ReadOnlySpan<byte> context, Span<byte> output) =>
        KeySchedule.Export(Crypto, Secrets.Exporter, label, context, output);

    /// <summary>The resumption key of an epoch of this group; null if it is not kept, or another group's.</summary>
    public SecretKey? Resumption(PreSharedKeyId id)
    {
        if (!id.Id.AsSpan().SequenceEqual(Context.GroupId)) return null;
        return id.Epoch == Context.Epoch ? Secrets.Resumption : Past.Find(id.Epoch);
    }

    /// <summary>Erases the epoch's secrets; tree keys may be shared with another state and stay.</summary>
    public void EraseSecrets()
    {
        Secrets.Dispose();
        Past.Dispose();
    }

    /// <summary>Erases what <paramref name="survivor"/> does not share.</summary>
    public void EraseAllBut(GroupState? survivor)
    {
        Keys.EraseAllBut(survivor?.Keys);
        EraseSecrets();
    }
}
