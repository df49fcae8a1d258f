namespace FcpFast.Tool.Bench.Siege;

/// <summary>What a node must withstand, and what it may cost.</summary>
internal static class SiegeBounds
{
    /// <summary>Sessions held at once.</summary>
    public const int Sessions = 10_000;

    /// <summary>Lanes open on each of them.</summary>
    public const int LanesPerSession = 4;

    /// <summary>Memory of the process that holds them.</summary>
    public const double ResidentMebibytesMax = 100;

    /// <summary>Hellos or forged frames that come in.</summary>
    public const int HostilePerSecond = 200_000;

    /// <summary>How long a real peer may take to connect meanwhile.</summary>
    public const double ConnectSecondsMax = 2;

    /// <summary>What a real peer sends beside forged frames.</summary>
    public const double PacedGbps = 2;

    /// <summary>The share of its goodput that it may lose.</summary>
    public const double GoodputLossMax = 0.05;

    /// <summary>The cost of a forged frame as a multiple of its MAC's.</summary>
    public const double ForgedToMacMax = 1.2;

    /// <summary>What a Hello of a flood may allocate: nothing, but for what the clock of the runtime does now and then.</summary>
    public const double AllocatedPerHelloMax = 1;
}
