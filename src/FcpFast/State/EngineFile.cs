using System;
using System.IO;

namespace FcpFast.State;

/// <summary>Which engine an earlier start found to be fastest: a file beside the store that may be lost at any time.</summary>
/// <remarks>Source: DESIGN §2.</remarks>
internal static class EngineFile
{
    private const string Name = "engine";

    /// <summary>What was found; null if that is not known, and is to be measured.</summary>
    public static string? Read(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, Name)).TrimEnd('\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Remembers it. A folder that cannot be written only costs the next start some time.</summary>
    public static void Write(string folder, string engine)
    {
        if (engine == Read(folder)) return;
        try
        {
            string path = Path.Combine(folder, Name), temporary = path + ".new";
            File.WriteAllText(temporary, engine + "\n");
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // As above.
        }
    }
}
