using System;
using System.IO;

namespace FcpFast.Tool.Tests.Support;

/// <summary>A small file system of its own, in a mount namespace that only one process sees: it ends with the process.</summary>
internal static class Mount
{
    private static readonly Lazy<bool> Works = new(static () =>
    {
        using var folder = new TemporaryFolder();
        return OperatingSystem.IsLinux() && ToolProgram.Try("unshare", "-m", "sh", "-c", $"mount -t tmpfs -o size=1m none '{folder.Path}'");
    });

    /// <summary>Skips the test where no file system may be mounted.</summary>
    public static void Require() => Assert.SkipUnless(Works.Value, "a full or read-only file system needs Linux, unshare and the right to mount (root)");

    /// <summary>A command that starts the tool with a file system of these options mounted at a folder.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="options">Such as <c>size=4m</c>.</param>
    /// <param name="arguments">The tool's arguments.</param>
    public static string[] Command(string folder, string options, params string[] arguments) =>
        ["unshare", "-m", "sh", "-c", $"mount -t tmpfs -o {options} none '{folder}' && exec \"$0\" \"$@\"", .. ToolProgram.Command, .. arguments];

    /// <summary>A folder as the process sees it.</summary>
    public static string Seen(RunningTool by, string folder) => $"/proc/{by.Id}/root{folder}";

    /// <summary>Takes all room that is left below a folder, and returns the file that has it.</summary>
    public static string Fill(string folder)
    {
        string filler = Path.Combine(folder, "filler");
        byte[] zeroes = new byte[4096];
        try
        {
            using var file = new FileStream(filler, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
            while (true) file.Write(zeroes);
        }
        catch (IOException)
        {
            return filler;
        }
    }
}
