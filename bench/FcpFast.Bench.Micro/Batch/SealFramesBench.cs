using FcpFast.Tool.Bench;

namespace FcpFast.Bench.Micro.Batch;

/// <summary>Whole frames sealed into slabs.</summary>
public class SealFramesBench : LadderBench
{
    /// <inheritdoc/>
    protected override string Step => Steps.SealFrames;
}
