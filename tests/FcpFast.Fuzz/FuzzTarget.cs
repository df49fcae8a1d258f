using System;
using System.Collections.Generic;

namespace FcpFast.Fuzz;

/// <summary>Runs one input; throws if an oracle does not agree, and for nothing else.</summary>
internal delegate void FuzzBody(ReadOnlySpan<byte> input);

/// <summary>One parser or state machine with its oracle.</summary>
/// <param name="Name">The name of the target and of its folder in the corpus.</param>
/// <param name="Body">The run.</param>
/// <param name="Seeds">Inputs to begin with, made by our own code or taken from our own vectors.</param>
internal sealed record FuzzTarget(string Name, FuzzBody Body, Func<IEnumerable<byte[]>> Seeds)
{
    /// <summary>Longer inputs are cut: a fuzzer gains nothing by them, and one that does not end in time is no finding.</summary>
    public int InputBytesMax { get; init; } = 16 * 1024;

    /// <summary>What a run may allocate whatever the input is.</summary>
    public long AllocatedBytesMax { get; init; } = 64 * 1024;

    /// <summary>What a run may allocate more for each byte of the input: a decoder that takes more can be made to run out of memory.</summary>
    public int AllocatedPerInputByte { get; init; } = 64;
}
