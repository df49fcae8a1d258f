using FcpFast.Tool.Bench;

namespace FcpFast.Bench.Micro.Crypto;

/// <summary>The AEAD alone, opening valid and forged messages.</summary>
public class OpenBench : LadderBench
{
    /// <inheritdoc/>
    protected override string Step => Steps.Open;
}
