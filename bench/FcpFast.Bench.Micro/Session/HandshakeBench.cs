using FcpFast.Tool.Bench;

namespace FcpFast.Bench.Micro.Session;

/// <summary>A whole handshake.</summary>
public class HandshakeBench : LadderBench
{
    /// <inheritdoc/>
    protected override string Step => Steps.Handshake;
}
