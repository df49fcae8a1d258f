using System;
using System.IO;

namespace FcpFast.Tool.Tests.Support;

/// <summary>Where the vectors are.</summary>
internal static class VectorFolders
{
    private const string SharedVariable = "FCPFAST_VECTORS";

    /// <summary>Our own files, from <c>tests/Vectors</c>, beside the test program.</summary>
    public static string Own => Path.Combine(AppContext.BaseDirectory, "OwnVectors");

    /// <summary>The golden and the third parties' files: <c>FCPFAST_VECTORS</c>, else <c>../shared/vectors</c> beside the repository.</summary>
    /// <remarks>They are not part of the repository: without them the test is skipped by name, except in CI, where it fails.</remarks>
    public static string RequireShared(string wanted)
    {
        string folder = Environment.GetEnvironmentVariable(SharedVariable) ?? Path.Combine(RepositoryRoot(), "..", "shared", "vectors");
        if (Directory.Exists(folder)) return folder;
        string reason = $"the vectors of {wanted} are not there: {Path.GetFullPath(folder)} is no folder; set {SharedVariable}";
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(reason);
        Assert.Skip(reason);
        return folder;
    }

    private static string RepositoryRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "FcpFast.sln"))) return folder.FullName;
        }

        return AppContext.BaseDirectory;
    }
}
