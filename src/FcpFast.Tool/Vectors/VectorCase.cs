using System;

namespace FcpFast.Tool.Vectors;

/// <summary>One case of a vector file.</summary>
/// <param name="Family">The family that it is counted under.</param>
/// <param name="Op">What is computed.</param>
/// <param name="Name">Its name in failures.</param>
/// <param name="Standing">Whether this tool can judge it.</param>
/// <param name="Judge">Computes and compares: null if all is as expected, else what differs. Only for cases that can be judged.</param>
/// <remarks>Threads: judged while its file is open, by the reader's thread.</remarks>
internal sealed record VectorCase(string Family, string Op, string Name, VectorStanding Standing, Func<string?>? Judge = null);
