using System;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;

namespace FcpFast.Tool.Tests.Support;

/// <summary>The tool as it was built, in the configuration of these tests.</summary>
internal static class ToolProgram
{
    private static readonly Lazy<bool> Resets = new(static () => OperatingSystem.IsLinux() && Try("env", "--default-signal", "true"));

    /// <summary>The tool's assembly, in its own output folder.</summary>
    public static string Path { get; } = Find();

    /// <summary>How to start the tool: the program and the arguments that stand before the tool's own.</summary>
    /// <remarks>Where these tests run in the background of a shell, interruptions are ignored, and a child would inherit that.</remarks>
    public static string[] Command => Resets.Value ? ["env", "--default-signal", "dotnet", Path] : ["dotnet", Path];

    /// <summary>Runs a program to its end; true if it was there and said that all is well.</summary>
    public static bool Try(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            Task<string> words = process.StandardError.ReadToEndAsync();
            process.StandardOutput.ReadToEnd();
            words.Wait();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static string Find()
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(System.IO.Path.DirectorySeparatorChar)); // …/FcpFast.Tool.Tests/debug
        string path = System.IO.Path.Combine(own.Parent!.Parent!.FullName, "FcpFast.Tool", own.Name, "FcpFast.Tool.dll");
        return File.Exists(path) ? path : throw new FileNotFoundException("the tool is built with its tests, beside them", path);
    }
}
