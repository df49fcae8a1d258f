namespace FcpFast.Tool;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>A check failed.</summary>
    public const int CheckFailed = 1;

    /// <summary>Wrong usage.</summary>
    public const int WrongUsage = 2;

    /// <summary>It could not be done; the reason and the remedy are on stderr.</summary>
    public const int NotDone = 3;

    /// <summary>A gateway was told a second time to end, and ended at once: what was under way is cut off, and goes on after the next start.</summary>
    public const int CutShort = 4;
}
