using System;

namespace FcpFast.Tool.Vectors;

/// <summary>A vector file does not keep to its own format: the file cannot be judged.</summary>
internal sealed class VectorFormatException(string message) : Exception(message);
