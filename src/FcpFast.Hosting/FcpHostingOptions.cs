using System;
using System.Collections.Generic;

namespace FcpFast.Hosting;

/// <summary>How a host runs an endpoint.</summary>
/// <remarks>
/// Shape:   read once, when the host starts; a changed configuration counts after the next start.
/// Errors:  every fault is listed at once, by <c>OptionsValidationException</c>, before the host starts anything.
/// </remarks>
public sealed class FcpHostingOptions
{
    /// <summary>The endpoint.</summary>
    public FcpEndpointOptions Endpoint { get; set; } = FcpEndpointOptions.Gateway("");

    /// <summary>How long files that are being sent may take to arrive when the host stops; the host's own shutdown timeout bounds it too.</summary>
    public TimeSpan DrainFor { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How often refusals are counted together and logged.</summary>
    public TimeSpan LogRefusalsEvery { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How many events of one kind and reason are logged in a minute; the others are counted and told of in one line.</summary>
    public int LoggedPerMinuteMax { get; set; } = 10;

    /// <summary>What could not be read from the configuration.</summary>
    internal List<string> Unread { get; } = [];

    /// <summary>Everything that is wrong; empty if nothing is.</summary>
    public IReadOnlyList<string> Faults()
    {
        List<string> faults = [.. Unread, .. Endpoint.Faults()];
        if (DrainFor < TimeSpan.Zero || DrainFor > TimeSpan.FromHours(1)) faults.Add("DrainFor (DrainSeconds): 0 to 1 hour");
        if (LogRefusalsEvery < TimeSpan.FromSeconds(1) || LogRefusalsEvery > TimeSpan.FromDays(1)) faults.Add("LogRefusalsEvery (LogRefusalsEverySeconds): 1 second to 1 day");
        if (LoggedPerMinuteMax is < 1 or > 10_000) faults.Add("LoggedPerMinuteMax: 1 to 10,000");
        return faults;
    }
}
