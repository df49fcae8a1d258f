using FcpFast.Tool.Bench;

namespace FcpFast.Bench.Micro.Replay;

/// <summary>The replay window alone.</summary>
public class WindowBench : LadderBench
{
    /// <inheritdoc/>
    protected override string Step => Steps.Window;
}
