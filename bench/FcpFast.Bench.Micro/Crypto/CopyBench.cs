using FcpFast.Tool.Bench;

namespace FcpFast.Bench.Micro.Crypto;

/// <summary>Symbols copied to their places: the floor of the ladder.</summary>
public class CopyBench : LadderBench
{
    /// <inheritdoc/>
    protected override string Step => Steps.Copy;
}
