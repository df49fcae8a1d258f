namespace FcpFast.Mls;

/// <summary>The application's rules for commits.</summary>
/// <remarks>
/// Errors:  must not throw; anything but accepted refuses the commit, made here or received.
/// Threads: called on the thread that uses the group.
/// </remarks>
public interface IMlsCommitJudge
{
    /// <summary>Judges a commit before it takes effect.</summary>
    MlsVerdict Judge(MlsCommitSummary commit);
}
