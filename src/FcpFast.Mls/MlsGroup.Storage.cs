using System;
using FcpFast.Mls.Codec;
using FcpFast.Mls.Groups;

namespace FcpFast.Mls;

/// <content>The record: one write a change, so that a crash leaves the epoch before or the one after.</content>
public sealed partial class MlsGroup
{
    private readonly IMlsGroupStore? _store;

    /// <summary>Takes up a group from its record; null if the bytes are none, or another client's.</summary>
    public static MlsGroup? Restore(MlsClient client, ReadOnlySpan<byte> record, IMlsGroupStore? store)
    {
        ArgumentNullException.ThrowIfNull(client);
        if (GroupRecord.Read(client, record) is not { } restored) return null;
        var group = new MlsGroup(client, restored.State, store) { Pending = restored.Pending };
        foreach (SentProposal proposal in restored.Proposals) group._proposals.Add(client.Crypto, proposal);
        return group;
    }

    /// <summary>Writes the record as it would be with this epoch and this commit waiting; a new epoch begins without proposals.</summary>
    private bool TryStore(GroupState state, MlsPendingCommit? pending)
    {
        if (_store is null) return true;
        using var writer = new MlsWriter();
        GroupRecord.Write(writer, state, pending, ReferenceEquals(state, _state) ? _proposals : null);
        return _store.Write(writer.Written);
    }
}
