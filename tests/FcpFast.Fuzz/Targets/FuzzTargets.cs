using System.Collections.Generic;
using System.Linq;

namespace FcpFast.Fuzz.Targets;

/// <summary>Every target.</summary>
internal static class FuzzTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
        [.. WireTargets.All, .. MessageTargets.All, .. RecordTargets.All, .. MlsTargets.All, .. HandshakeTarget.All, .. ModelTargets.All, .. TransferTarget.All, .. NodeTarget.All];

    public static FuzzTarget? Named(string name) => All.FirstOrDefault(target => target.Name == name);
}
