using FcpFast.Tool.Bench;

namespace FcpFast.Bench.Micro.Crypto;

/// <summary>The AEAD alone, sealing.</summary>
public class SealBench : LadderBench
{
    /// <inheritdoc/>
    protected override string Step => Steps.Seal;
}
