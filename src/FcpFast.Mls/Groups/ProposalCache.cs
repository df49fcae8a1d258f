using System.Collections.Generic;
using System.Linq;
using FcpFast.Mls.Codec;
using FcpFast.Mls.Crypto;
using FcpFast.Mls.Tree;

namespace FcpFast.Mls.Groups;

/// <summary>The proposals of an epoch that a commit may refer to.</summary>
/// <remarks>
/// Shape:   at most <see cref="PerMemberMax"/> and <see cref="BytesPerMemberMax"/> a member; more are refused. They stand in the group's record.
/// Threads: one user at a time.
/// </remarks>
internal sealed class ProposalCache
{
    /// <summary>Proposals that a member may make in an epoch.</summary>
    public const int PerMemberMax = 64;

    /// <summary>Bytes of them all.</summary>
    public const int BytesPerMemberMax = 1024 * 1024;

    private readonly Dictionary<uint, long> _bytesOf = [];
    private readonly Dictionary<byte[], SentProposal> _byReference = new(KeyComparer.Instance);
    private readonly List<byte[]> _order = [];

    /// <summary>In the order in which they came.</summary>
    public IEnumerable<(byte[] Reference, SentProposal Proposal)> All => _order.Select(reference => (reference, _byReference[reference]));

    public SentProposal? Find(byte[] reference) => _byReference.GetValueOrDefault(reference);

    public MlsStatus Add(MlsCrypto crypto, SentProposal proposal)
    {
        byte[] reference = proposal.Message!.ProposalReference(crypto);
        if (_byReference.ContainsKey(reference)) return MlsStatus.Accepted;
        if (_byReference.Values.Count(other => other.Sender == proposal.Sender) >= PerMemberMax) return MlsStatus.TooLarge;
        long bytes = _bytesOf.GetValueOrDefault(proposal.Sender) + proposal.Message.ToBytes().Length;
        if (bytes > BytesPerMemberMax) return MlsStatus.TooLarge;
        _bytesOf[proposal.Sender] = bytes;
        _byReference[reference] = proposal;
        _order.Add(reference);
        return MlsStatus.Accepted;
    }

    /// <summary>Forgets a proposal whose record could not be written.</summary>
    public void Drop(MlsCrypto crypto, SentProposal proposal)
    {
        byte[] reference = proposal.Message!.ProposalReference(crypto);
        if (!_byReference.Remove(reference)) return;
        _bytesOf[proposal.Sender] -= proposal.Message.ToBytes().Length;
        _order.RemoveAll(other => KeyComparer.Instance.Equals(other, reference));
    }

    /// <summary>Forgets all, and erases the secrets of own updates.</summary>
    public void Clear()
    {
        foreach (SentProposal proposal in _byReference.Values) proposal.LeafKey?.Dispose();
        _byReference.Clear();
        _bytesOf.Clear();
        _order.Clear();
    }
}
