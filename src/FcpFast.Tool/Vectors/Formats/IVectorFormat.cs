using System.Collections.Generic;
using System.Text.Json;

namespace FcpFast.Tool.Vectors.Formats;

/// <summary>Reads the files of one published form.</summary>
internal interface IVectorFormat
{
    /// <summary>True for a file of this form's folder that holds no cases, such as a table of constants.</summary>
    bool PassesOver(string fileName);

    /// <summary>The cases of one file, one after the other.</summary>
    /// <param name="stem">The file's name without <c>.json</c>.</param>
    /// <param name="root">Its content.</param>
    /// <remarks>Errors: may throw anything for a file of another form; the checker then names the file.</remarks>
    IEnumerable<VectorCase> Read(string stem, JsonElement root);
}
