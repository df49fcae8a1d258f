using System;

namespace FcpFast.Tool.Bench.Soak;

/// <summary>The resident memory of both processes at one moment.</summary>
/// <param name="At">Since the pace began.</param>
/// <param name="GatewayMebibytes">The gateway's.</param>
/// <param name="RelayMebibytes">The relay's.</param>
/// <param name="RelayLife">Which life of the relay it is.</param>
internal sealed record SoakSample(TimeSpan At, double GatewayMebibytes, double RelayMebibytes, int RelayLife);
