namespace FcpFast.Tool.Bench;

/// <summary>What arrives.</summary>
internal enum Traffic
{
    /// <summary>Everything is accepted.</summary>
    Valid = 0,

    /// <summary>Everything was accepted before.</summary>
    Replayed,

    /// <summary>Everything fails its MAC or tag.</summary>
    Forged,
}
