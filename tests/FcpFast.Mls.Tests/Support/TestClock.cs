using System;

namespace FcpFast.Mls.Tests.Support;

/// <summary>A clock that stands until it is moved.</summary>
internal sealed class TestClock : TimeProvider
{
    public ulong UnixSeconds { get; set; } = 1_750_000_000;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeSeconds((long)UnixSeconds);
}
