namespace FcpFast.Tool.Bench.Load;

/// <summary>Where a load is; the receiver decides.</summary>
internal enum LoadPhase : byte
{
    /// <summary>Code is being compiled and caches fill.</summary>
    WarmUp = 0,

    /// <summary>What happens counts.</summary>
    Measured,

    /// <summary>Done.</summary>
    Over,
}
