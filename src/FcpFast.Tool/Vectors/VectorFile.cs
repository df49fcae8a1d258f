using System.IO;
using System.Text.Json;

namespace FcpFast.Tool.Vectors;

/// <summary>Opens vector files.</summary>
internal static class VectorFile
{
    /// <summary>A longer file is not read.</summary>
    public const long FileBytesMax = 256 * 1024 * 1024;

    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false };

    /// <summary>Parses a file as JSON in which no key stands twice.</summary>
    /// <remarks>Errors: <see cref="JsonException"/>, <see cref="IOException"/>, <see cref="VectorFormatException"/> for too long a file.</remarks>
    public static JsonDocument Open(string path)
    {
        using FileStream stream = File.OpenRead(path);
        if (stream.Length > FileBytesMax) throw new VectorFormatException($"it is longer than {FileBytesMax} bytes");
        return JsonDocument.Parse(stream, Options);
    }
}
