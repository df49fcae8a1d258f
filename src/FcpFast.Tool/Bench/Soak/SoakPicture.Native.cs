using System.Text.Json.Nodes;

namespace FcpFast.Tool.Bench.Soak;

/// <summary>Stands for the picture in a native build, which has no library that draws.</summary>
internal static class SoakPicture
{
    /// <summary>Does nothing; nobody asks for it.</summary>
    public static void Write(JsonObject report, string file) => _ = (report, file);
}
