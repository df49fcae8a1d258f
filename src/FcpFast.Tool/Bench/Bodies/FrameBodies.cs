namespace FcpFast.Tool.Bench.Bodies;

/// <summary>What the bodies over whole frames have in common.</summary>
internal static class FrameBodies
{
    /// <summary>Objects in a sender's ring: 512 KiB, which stay in the second-level cache.</summary>
    public const int Objects = 8;

    /// <summary>Bytes of sealed slabs that are made ready for one timed run.</summary>
    public const int ReadyBytes = 1024 * 1024;
}
