using System;

namespace FcpFast.Mls.Tests.Support;

/// <summary>Accepts every commit, or says what a test wants.</summary>
internal sealed class TestJudge : IMlsCommitJudge
{
    public Func<MlsCommitSummary, MlsVerdict>? Rule { get; set; }

    public MlsVerdict Judge(MlsCommitSummary commit) => Rule?.Invoke(commit) ?? MlsVerdict.Accepted;
}
