using Microsoft.Extensions.Logging;

namespace FcpFast.Tool.Verbs.Gateway;

/// <summary>The lines of a gateway process beside those of its endpoint; numbers never change their meaning.</summary>
internal static partial class GatewayLog
{
    [LoggerMessage(60, LogLevel.Information, "serving metrics, health and readiness at {Address}")]
    public static partial void Serving(this ILogger logger, string address);

    [LoggerMessage(61, LogLevel.Warning, "no local door, so no 'fcpfast status' of this gateway: {Reason}")]
    public static partial void NoDoor(this ILogger logger, string reason);

    [LoggerMessage(62, LogLevel.Error, "the configuration was not reloaded, nothing has changed: {Fault}")]
    public static partial void ReloadRefused(this ILogger logger, string fault);

    [LoggerMessage(63, LogLevel.Warning, "{Fault}")]
    public static partial void StartFault(this ILogger logger, string fault);

    [LoggerMessage(64, LogLevel.Warning, "{Setting} changed and counts only after a restart")]
    public static partial void NeedsRestart(this ILogger logger, string setting);
}
