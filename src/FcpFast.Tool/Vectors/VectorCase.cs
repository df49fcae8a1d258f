using System.Text.Json;

namespace FcpFast.Tool.Vectors;

/// <summary>One case of a vector file: what to compute from what, and what must come out.</summary>
internal sealed record VectorCase(string Family, string Name, string Op, VectorInputs Inputs, JsonElement Expected);
