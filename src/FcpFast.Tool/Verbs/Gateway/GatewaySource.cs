using System.Collections.Generic;
using FcpFast.Hosting.Gateways;

namespace FcpFast.Tool.Verbs.Gateway;

/// <summary>Where a gateway's configuration comes from, at the start and at each reload.</summary>
/// <param name="File">The file.</param>
/// <param name="Settings">What the command line sets over it.</param>
internal sealed record GatewaySource(string File, IReadOnlyList<string> Settings)
{
    public FcpGatewayOptions Load(out IReadOnlyList<string> faults) => FcpGatewayConfiguration.Load(File, Settings, out faults);
}
