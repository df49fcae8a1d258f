using FcpFast.Tool.Bench;

namespace FcpFast.Bench.Micro.Crypto;

/// <summary>Session MACs.</summary>
public class MacBench : LadderBench
{
    /// <inheritdoc/>
    protected override string Step => Steps.Mac;
}
