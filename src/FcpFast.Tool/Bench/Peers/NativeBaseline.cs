using System;
using System.Collections.Generic;
using System.IO;

namespace FcpFast.Tool.Bench.Peers;

/// <summary>Where the C baseline is, if it was built.</summary>
internal static class NativeBaseline
{
    /// <summary>Names the program, for installations elsewhere.</summary>
    public const string Variable = "FCPFAST_NATIVE";

    private const string Name = "fcpfast-baseline";

    /// <summary>Why there are no rows of C, and how to get them.</summary>
    public const string Missing = "libsodium-c, openssl-c: the C baseline was not built ('./build.sh native', or name it in FCPFAST_NATIVE); ratios are to libsodium from C#";

    /// <summary>The program; null if there is none.</summary>
    public static string? Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            return File.Exists(named) ? named : throw new ToolException($"{Variable} names {named}, which is not there", "unset it, or build with './build.sh native'");
        }

        foreach (string folder in Ancestors(AppContext.BaseDirectory))
        {
            string program = Path.Combine(folder, ".artifacts", "native", "build", OperatingSystem.IsWindows() ? Name + ".exe" : Name);
            if (File.Exists(program)) return program;
        }

        return null;
    }

    private static IEnumerable<string> Ancestors(string start)
    {
        for (string? folder = Path.TrimEndingDirectorySeparator(start); folder is not null; folder = Path.GetDirectoryName(folder)) yield return folder;
    }
}
