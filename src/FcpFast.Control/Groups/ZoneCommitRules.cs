using FcpFast.Mls;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Groups;

/// <summary>What a zone allows a commit to do: heal, or change one membership with the owner's grant.</summary>
/// <remarks>
/// Shape:   one grant a commit, so one node added or removed; the group's extensions never change.
/// Source:  [WIRE §14].
/// </remarks>
internal sealed class ZoneCommitRules(ZoneId zone, PublicKey owner, ISignatures signatures) : IMlsCommitJudge
{
    /// <summary>The highest serial used; a grant must be above it.</summary>
    public ulong SerialFloor { get; set; }

    /// <summary>True refuses a commit that heals nothing.</summary>
    public bool RequiresPath { get; set; }

    public MlsVerdict Judge(MlsCommitSummary commit)
    {
        uint committer = commit.Committer.Leaf;
        if (RequiresPath && !commit.HasPath) return new MlsVerdict(MlsStatus.PathRequired, committer);
        int changes = commit.Added.Count + commit.Removed.Count;
        if (commit.ChangesExtensions || changes > 1) return new MlsVerdict(MlsStatus.PolicyRefused, committer);
        if (changes == 0) return commit.AuthenticatedData.IsEmpty ? MlsVerdict.Accepted : new MlsVerdict(MlsStatus.PolicyRefused, committer);
        bool adds = commit.Added.Count == 1;
        MlsMember member = adds ? commit.Added[0] : commit.Removed[0];
        bool isGranted = MembershipGrant.Parse(commit.AuthenticatedData.Span, out MembershipGrant? grant) == FcpStatus.Accepted
            && grant!.Zone == zone && grant.Action == (adds ? MembershipAction.Add : MembershipAction.Remove) && grant.Serial > SerialFloor
            && ZoneCredentials.NodeOf(member.Identity.Span) == grant.Node && grant.IsOf(owner, signatures);
        return isGranted ? MlsVerdict.Accepted : new MlsVerdict(MlsStatus.PolicyRefused, member.Leaf);
    }
}
