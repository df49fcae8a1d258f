namespace FcpFast.Tool.Bench.Runs;

/// <summary>Stands for the picture in a native build, which has no library that draws.</summary>
internal static class LadderPicture
{
    /// <summary>False: nothing can be drawn.</summary>
    public static bool CanDraw => false;

    /// <summary>Does nothing; nobody asks for it.</summary>
    public static void Write(BenchReport report, string file) => _ = (report, file);
}
