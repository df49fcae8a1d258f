using FcpFast.Tool.Bench;

namespace FcpFast.Bench.Micro.Batch;

/// <summary>Frames sealed, verified and opened in memory.</summary>
public class MemoryBench : LadderBench
{
    /// <inheritdoc/>
    protected override string Step => Steps.Memory;
}
