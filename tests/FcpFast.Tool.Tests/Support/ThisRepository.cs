using System;
using System.IO;

namespace FcpFast.Tool.Tests.Support;

/// <summary>The repository that these tests were built from.</summary>
internal static class ThisRepository
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = Find();

    /// <summary>A file of the repository.</summary>
    public static string Read(string relativePath) => File.ReadAllText(Path.Combine(Root, relativePath));

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "FcpFast.sln"))) return folder.FullName;
        }

        throw new DirectoryNotFoundException("FcpFast.sln is in no folder above the tests");
    }
}
