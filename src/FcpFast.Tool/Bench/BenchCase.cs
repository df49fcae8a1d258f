using FcpFast.Protocol.Crypto;

namespace FcpFast.Tool.Bench;

/// <summary>What is measured.</summary>
/// <param name="Step">One of <see cref="Steps"/>.</param>
/// <param name="PayloadBytes">Data of a symbol; a frame has one.</param>
/// <param name="Batch">Frames of a pass.</param>
/// <param name="Suite">The session MAC; unset where there is none in the step.</param>
/// <param name="Traffic">What arrives.</param>
internal sealed record BenchCase(string Step, int PayloadBytes, int Batch, MacSuite Suite, Traffic Traffic)
{
    /// <summary>The work without the suite: cases of one rung are measured in turns and compared.</summary>
    public BenchCase Rung => this with { Suite = MacSuite.Unset };

    /// <summary>The case as the line protocol of peers spells it: <c>STEP PAYLOAD BATCH SUITE TRAFFIC</c>.</summary>
    public string Words => $"{Step} {PayloadBytes} {Batch} {(int)Suite} {TrafficName}";

    /// <summary>The traffic in lower case.</summary>
    public string TrafficName => Traffic switch
    {
        Traffic.Replayed => "replayed",
        Traffic.Forged => "forged",
        _ => "valid",
    };

    /// <inheritdoc/>
    public override string ToString() => Words;
}
