using System;
using System.IO;
using System.Linq;

namespace FcpFast.Tool.Tests.Support;

/// <summary>Where the vectors are.</summary>
internal static class VectorFolders
{
    private const string SharedVariable = "FCPFAST_VECTORS";
    private static readonly string[] ThirdParties = ["blake3", "hpke", "mls", "raptorq", "rfc8439", "wycheproof"];

    /// <summary>Our own files, from <c>tests/Vectors</c>, beside the test program.</summary>
    public static string Own => Path.Combine(AppContext.BaseDirectory, "OwnVectors");

    /// <summary>The golden and the third parties' files: <c>FCPFAST_VECTORS</c>, else <c>../shared/vectors</c> beside the repository.</summary>
    /// <param name="wanted">What is to be read there; if it is a third party's family, its folder must be there too.</param>
    /// <remarks>They are not part of the repository: without them the test is skipped by name, except in CI, where it fails.</remarks>
    public static string RequireShared(string wanted)
    {
        string folder = Environment.GetEnvironmentVariable(SharedVariable) ?? Path.Combine(ThisRepository.Root, "..", "shared", "vectors");
        string needed = ThirdParties.Contains(wanted) ? Path.Combine(folder, wanted) : folder;
        if (Directory.Exists(needed)) return folder;
        string reason = $"the vectors of {wanted} are not there: {Path.GetFullPath(needed)} is no folder; set {SharedVariable}";
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(reason);
        Assert.Skip(reason);
        return folder;
    }
}
