using FcpFast.Tool.Bench;

namespace FcpFast.Bench.Micro.Cbor;

/// <summary>Canonical CBOR as a stranger sends it.</summary>
public class CborBench : LadderBench
{
    /// <inheritdoc/>
    protected override string Step => Steps.Cbor;
}
