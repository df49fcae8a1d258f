using FcpFast.Tool.Bench;

namespace FcpFast.Bench.Micro.Batch;

/// <summary>Copies and forgeries refused, as a relay does.</summary>
public class VerifyFramesBench : LadderBench
{
    /// <inheritdoc/>
    protected override string Step => Steps.VerifyFrames;
}
