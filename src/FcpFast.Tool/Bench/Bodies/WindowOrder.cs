namespace FcpFast.Tool.Bench.Bodies;

/// <summary>How numbers come to a replay window.</summary>
internal enum WindowOrder
{
    /// <summary>In order, each checked, then committed.</summary>
    InOrder = 0,

    /// <summary>In order, a batch committed at once.</summary>
    Run,

    /// <summary>Of every width of numbers the highest first: each of the others comes as late as the window can still judge.</summary>
    Reordered,
}
