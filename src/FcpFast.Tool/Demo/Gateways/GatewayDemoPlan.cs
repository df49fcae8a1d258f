namespace FcpFast.Tool.Demo.Gateways;

/// <summary>What one run of <c>fcpfast demo gateways</c> is to do.</summary>
/// <param name="Configurations">The folder of the example configurations.</param>
/// <param name="Edge">A native build of the tool, which the relay runs as; null for this program.</param>
/// <param name="Library">A C program over libfcpfast (<c>native/test/library_send.c</c>); null to leave that part out.</param>
/// <param name="FileBytes">Bytes of each file and object.</param>
/// <param name="Keep">Where to make everything and leave it; null for a temporary folder.</param>
internal sealed record GatewayDemoPlan(string Configurations, string? Edge, string? Library, long FileBytes, string? Keep);
