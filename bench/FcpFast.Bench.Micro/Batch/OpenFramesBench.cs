using FcpFast.Tool.Bench;

namespace FcpFast.Bench.Micro.Batch;

/// <summary>Copies and forgeries refused, where frames are opened.</summary>
public class OpenFramesBench : LadderBench
{
    /// <inheritdoc/>
    protected override string Step => Steps.OpenFrames;
}
