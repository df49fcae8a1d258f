using System.Collections.Generic;
using System.Linq;
using FcpFast.Mls.Crypto;
using FcpFast.Mls.Tree;

namespace FcpFast.Mls.Groups;

/// <summary>The proposals of an epoch that a commit may refer to.</summary>
/// <remarks>
/// Shape:   at most <see cref="PerMemberMax"/> a member; more are refused.
/// Threads: one user at a time.
/// </remarks>
internal sealed class ProposalCache
{
    /// <summary>Proposals that a member may make in an epoch.</summary>
    public const int PerMemberMax = 64;

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
        _byReference[reference] = proposal;
        _order.Add(reference);
        return MlsStatus.Accepted;
    }

    /// <summary>Forgets a proposal whose record could not be written.</summary>
    public void Drop(MlsCrypto crypto, SentProposal proposal)
    {
        byte[] reference = proposal.Message!.ProposalReference(crypto);
        if (_byReference.Remove(reference)) _order.RemoveAll(other => KeyComparer.Instance.Equals(other, reference));
    }

    /// <summary>Forgets all, and erases the secrets of own updates.</summary>
    public void Clear()
    {
        foreach (SentProposal proposal in _byReference.Values) proposal.LeafKey?.Dispose();
        _byReference.Clear();
        _order.Clear();
    }
}
