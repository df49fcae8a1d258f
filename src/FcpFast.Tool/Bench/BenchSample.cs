namespace FcpFast.Tool.Bench;

/// <summary>One measurement.</summary>
/// <param name="Nanoseconds">Time of all its passes together.</param>
/// <param name="AllocatedBytes">What they allocated; 0 for work outside of this process.</param>
internal readonly record struct BenchSample(double Nanoseconds, long AllocatedBytes);
